/* executable.h - finds the container's program as execvp(3) would */
#pragma once
#include "base/arena.h"
#include "base/error.h"

/*
 * Looks up args[0] in the present root directory: as it stands where it has a slash (relative to
 * cwd), else in the PATH of env, the container's environment. The messages are those that
 * docker, podman and containerd match. What the caller may not execute is not found in PATH.
 * Return: 0 with an absolute path in the arena; -ENOENT, -EACCES, -EISDIR, or another -errno of
 * stat(2).
 */
int executable_find(const char *name, char *const *env, const char *cwd, struct arena *arena,
		    const char **path, struct error *err);
