/* executable.c - finds the container's program as execvp(3) would */
#include "runtime/linux/executable.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strv.h"

/* Return: 0; -EISDIR, -EACCES where it cannot be executed; or -errno of stat(2). */
static int check(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return faccessat(AT_FDCWD, path, X_OK, AT_EACCESS) < 0 ? -errno : 0;
}

/* Words that engines match ("permission denied") are Go's, which begin with a small letter. */
static int failure(struct error *err, int num, const char *name)
{
	const char *rest = strerror(-num);
	bool from_stat = num != -EISDIR && num != -EACCES;

	return error_set(err, num, "exec: \"%s\": %s%s%s%c%s", name, from_stat ? "stat " : "",
			 from_stat ? name : "", from_stat ? ": " : "",
			 tolower((unsigned char)*rest), rest + 1);
}

static const char *absolute(struct arena *arena, const char *cwd, const char *path)
{
	/* Not cleaned: ".." behind a symlink is the kernel's to resolve. */
	return *path == '/' ? arena_strdup(arena, path) : arena_printf(arena, "%s/%s", cwd, path);
}

/* An empty entry of PATH is the working directory, environ(7); an empty PATH has no entry. */
static const char *path_search(const char *name, const char *path, const char *cwd,
			       struct arena *arena)
{
	if (!*name || !path || !*path)
		return NULL;
	while (path) {
		size_t len = strcspn(path, ":");
		const char *directory = len ? arena_strndup(arena, path, len) : ".";
		const char *candidate = absolute(arena, cwd,
						 arena_printf(arena, "%s/%s", directory, name));

		if (!check(candidate))
			return candidate;
		path = path[len] ? path + len + 1 : NULL;
	}
	return NULL;
}

int executable_find(const char *name, char *const *env, const char *cwd, struct arena *arena,
		    const char **path, struct error *err)
{
	const char *found;

	if (strchr(name, '/')) {
		int r;

		found = absolute(arena, cwd, name);
		r = check(found);
		if (r < 0)
			return failure(err, r, name);
	} else {
		found = path_search(name, strv_env_get(env, "PATH"), cwd, arena);
		if (!found)
			return error_set(err, ENOENT,
					 "exec: \"%s\": executable file not found in $PATH", name);
	}
	*path = found;
	return 0;
}
