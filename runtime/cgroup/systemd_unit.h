/* systemd_unit.h - the names of the container's unit and of the slice that it is in */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"

struct systemd_unit {
	char *name;    /* "gocker-demo.scope", or a slice */
	char *slice;   /* its parent: "system.slice", "-.slice" for the root */
	bool is_slice; /* that is no place of its own in slice: systemd goes by the name alone */
	char *path;    /* of its cgroup below that of systemd: "/system.slice/gocker-demo.scope" */
};

/*
 * The names that cgroupsPath, "slice:prefix:name", stands for; NULL or "" is ":gocker:<id>". An
 * empty slice is system.slice, for the manager of a user user.slice.
 * Return: 0; -EINVAL where cgroupsPath has another form or systemd takes no such name.
 */
int systemd_unit_find(const char *cgroupsPath, const char *id, bool user, struct arena *arena,
		      struct systemd_unit *unit, struct error *err);

/*
 * Where a slice is: "a-b.slice" is "/a.slice/a-b.slice", "-.slice" is "".
 * Return: 0 or -EINVAL for no name of a slice.
 */
int systemd_unit_expand_slice(const char *slice, struct arena *arena, char **path,
			      struct error *err);
