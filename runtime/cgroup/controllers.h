/* controllers.h - which controllers the cgroups of v2 give to those below them */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/cgroup/cgroup.h"

/* See struct cgroup_driver, "prepare" and "enable". */
int controllers_prepare(const struct cgroup_hierarchy *hierarchy, const char *path, bool leaf,
			struct error *err);
int controllers_enable(const struct cgroup_hierarchy *hierarchy, const char *controller,
		       struct error *err);
