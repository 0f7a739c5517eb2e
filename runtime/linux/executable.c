/* executable.c - finds the container's program as execvp(3) would */
#include "runtime/linux/executable.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/strv.h"
#include "runtime/linux/exec_failure.h"

/* Return: 0; -EISDIR, -EACCES where it cannot be executed; or -errno of stat(2). */
static int check(const char *path)
{
	struct stat st;

	if (stat(path, &st) < 0)
		return -errno;
	if (S_ISDIR(st.st_mode))
		return -EISDIR;
	return access(path, X_OK) < 0 ? -errno : 0;
}

/*
 * Words that engines match ("permission denied") are Go's, which begin with a small letter, and so
 * is the form.
 */
static int failure(struct error *err, int num, const char *name, const char *path,
		   struct arena *arena)
{
	bool from_stat = num != -EISDIR && num != -EACCES;
	/* Older engines know a command that cannot be executed by these words only. */
	const char *reason = num == -EISDIR ? "permission denied" :
					      exec_failure_reason(path, num, arena);
	char text[ERROR_NAME_SIZE];

	return error_set(err, num, "exec: \"%s\": %s%s%s%s%s%s", name, from_stat ? "stat " : "",
			 from_stat ? name : "", from_stat ? ": " : "", error_name(num, text),
			 reason ? ": " : "", reason ? reason : "");
}

static const char *absolute(struct arena *arena, const char *cwd, const char *path)
{
	/* Not cleaned: ".." behind a symlink is the kernel's to resolve. */
	return *path == '/' ? arena_strdup(arena, path) : arena_printf(arena, "%s/%s", cwd, path);
}

/*
 * An empty entry of PATH is the working directory, environ(7); an empty PATH has no entry.
 * Return: NULL where it is not found; *reason says why, if there is something to say.
 */
static const char *path_search(const char *name, const char *path, const char *cwd,
			       struct arena *arena, const char **reason)
{
	*reason = path ? NULL : "the environment has no PATH";
	if (!*name || !path || !*path)
		return NULL;
	while (path) {
		size_t len = strcspn(path, ":");
		const char *directory = len ? arena_strndup(arena, path, len) : ".";
		const char *candidate = absolute(arena, cwd,
						 arena_printf(arena, "%s/%s", directory, name));
		int r = check(candidate);

		if (r == 0)
			return candidate;
		if (r != -ENOTDIR && !*reason)
			*reason = exec_failure_reason(candidate, r, arena);
		path = path[len] ? path + len + 1 : NULL;
	}
	return NULL;
}

int executable_find(const char *name, char *const *env, const char *cwd, struct arena *arena,
		    const char **path, struct error *err)
{
	const char *found, *reason;

	if (strchr(name, '/')) {
		int r;

		found = absolute(arena, cwd, name);
		r = check(found);
		if (r < 0)
			return failure(err, r, name, found, arena);
	} else {
		found = path_search(name, strv_env_get(env, "PATH"), cwd, arena, &reason);
		if (!found)
			return error_set(err, ENOENT,
					 "exec: \"%s\": executable file not found in $PATH%s%s",
					 name, reason ? ": " : "", reason ? reason : "");
	}
	*path = found;
	return 0;
}
