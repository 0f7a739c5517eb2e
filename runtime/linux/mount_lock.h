/* mount_lock.h - mounts whose flags a user namespace cannot take off */
#pragma once
#include <stddef.h>

#include "base/error.h"

struct mount_lock {
	const char *path;
	unsigned int how; /* as for mount_open_source */
	int *fd; /* detached clone of what is mounted there, to be replaced by a locked one */
};

/*
 * Only a mount namespace that belongs to another user namespace has the flags of the host's mounts
 * locked, mount_namespaces(7): a process in one takes the clones anew. The container's own could
 * do that as well, but maps of ids (mount_set_idmap) need the runtime's rights. What this process
 * may not reach without root's capabilities stays as it is.
 * Return: 0; -errno of clone3(2), open_tree(2).
 */
int mount_lock_sources(const struct mount_lock *sources, size_t len, struct error *err);
