/* strv.c - NULL-terminated arrays of strings, as execve(2) takes them */
#include "base/strv.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

size_t strv_len(char *const *strv)
{
	size_t len = 0;

	while (strv && strv[len])
		len++;
	return len;
}

bool strv_contains(char *const *strv, const char *text)
{
	for (; strv && *strv; strv++)
		if (!strcmp(*strv, text))
			return true;
	return false;
}

void strv_add(char ***strv, const char *text)
{
	size_t len = strv_len(*strv);
	char **grown = realloc(*strv, (len + 2) * sizeof(*grown));
	char *copy = strdup(text);

	if (!grown || !copy)
		out_of_memory();
	grown[len] = copy;
	grown[len + 1] = NULL;
	*strv = grown;
}

const char *strv_env_get(char *const *env, const char *name)
{
	size_t len = strlen(name);
	const char *value = NULL;

	for (; env && *env; env++)
		if (!strncmp(*env, name, len) && (*env)[len] == '=')
			value = *env + len + 1;
	return value;
}

struct variable {
	char *text;
	size_t name_len, place;
};

static int compare_variables(const void *a, const void *b)
{
	const struct variable *x = a, *y = b;
	size_t len = x->name_len < y->name_len ? x->name_len : y->name_len;
	int r = memcmp(x->text, y->text, len);

	if (r == 0)
		r = (x->name_len > y->name_len) - (x->name_len < y->name_len);
	return r ? r : (x->place > y->place) - (x->place < y->place);
}

static bool same_name(const struct variable *x, const struct variable *y)
{
	return x->name_len == y->name_len && !memcmp(x->text, y->text, x->name_len);
}

void strv_env_unique(char **env, struct arena *arena)
{
	size_t len = strv_len(env), kept = 0;
	struct variable *sorted = arena_array(arena, len, sizeof(*sorted));

	for (size_t i = 0; i < len; i++)
		sorted[i] = (struct variable){ env[i], strcspn(env[i], "="), i };
	qsort(sorted, len, sizeof(*sorted), compare_variables);
	for (size_t i = 0; i + 1 < len; i++)
		if (same_name(&sorted[i], &sorted[i + 1]))
			env[sorted[i].place] = NULL;
	for (size_t i = 0; i < len; i++)
		if (env[i])
			env[kept++] = env[i];
	if (env)
		env[kept] = NULL;
}

void strv_free(char ***strv)
{
	for (size_t i = 0; *strv && (*strv)[i]; i++)
		free((*strv)[i]);
	free(*strv);
	*strv = NULL;
}

void free_string(char **text)
{
	free(*text);
	*text = NULL;
}
