/* mounts.h - adds mounts to a container that exists, and takes them away */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

struct mounts_request {
	const char *id;
	bool removes; /* the destinations are unmounted, the last one first */
	const char *name, *text; /* of the document: a list as /mounts of config.json */
	size_t len;
};

/*
 * Mounts all or nothing: after a failure, what was mounted before it is taken away again; mount
 * points that were made stay. Nothing is noted of it in the container's state or config.
 * Return: 0; -EINVAL for a bad document, a container without a mount namespace of its own, a mount
 * on "/", of type "cgroup", or none to be removed; -ESRCH "container not running"; -errno of
 * setns(2), and as mount_add(), mount_remove().
 */
int mounts_change(int store, const struct mounts_request *request, struct error *err);
