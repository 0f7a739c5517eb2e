/* mount_cgroup.h - mounts of type "cgroup": the container's view of its own cgroups */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "runtime/linux/mountopt.h"
#include "spec/config.h"

/* One hierarchy of the host. A pure v2 host has one, whose name is NULL. */
struct mount_cgroup_hierarchy {
	const char *name;        /* directory below the destination: "cpu,cpuacct", "unified" */
	const char *controllers; /* v1: "cpu,cpuacct", "name=systemd"; NULL or "": v2 */
	int source_fd;           /* detached clone of what it shows without a new mount; -1: none */
};

/*
 * Mounts the hierarchies at mount->destination: v2 alone right there; otherwise a tmpfs with a
 * directory for each, and symlinks for controllers that share one (cpu -> cpu,cpuacct). With the
 * option "ro" all of it is read-only.
 * namespaced: the container has its own cgroup namespace, in which a new mount shows its own cgroup
 * as the root. Without one, or where the kernel refuses it (EPERM, EBUSY), source_fd is used.
 * Return: 0; -ENOENT where a source_fd is needed and not there; -errno as mount_add.
 */
int mount_cgroup(int root, const struct spec_mount *mount, const struct mount_options *options,
		 const struct mount_cgroup_hierarchy *hierarchies, size_t len, bool namespaced,
		 struct error *err);
