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
