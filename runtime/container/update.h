/* update.h - changes the limits of a container that exists */
#pragma once
#include <stddef.h>

#include "base/error.h"

struct update_request {
	const char *name, *text; /* a document of resources, and what messages call it */
	size_t len;
	const char *l3_cache_schema, *memory_bandwidth_schema; /* of resctrl; NULL: unchanged */
};

/*
 * Writes what the document has; what it does not have is unchanged, and so is what it has as 0
 * where no limit can be 0 (docker's "not given"). Device rules replace the container's. All or
 * nothing: where something is refused, what was written before is set back. config.json in the
 * state directory has the new limits then.
 * Return: 0; -ESRCH "container not running"; -EINVAL for a bad document; as cgroup_set_limits,
 * cgroup_set_devices.
 */
int update_run(int store, const char *id, const struct update_request *request, struct error *err);
