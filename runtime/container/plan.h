/* plan.h - what a config asks for, worked out before anything is made */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/cgroup/cgroup.h"
#include "runtime/linux/idmap_option.h"
#include "runtime/linux/mount_cgroup.h"
#include "runtime/linux/mountopt.h"
#include "runtime/linux/ns.h"
#include "spec/config.h"

struct plan_mount {
	const struct spec_mount *spec;
	struct mount_options options;
	struct idmap_option maps; /* of "idmap=MAPS"; else empty */
	bool is_cgroup;    /* type "cgroup" or "cgroup2" */
	const char *source; /* of a bind: its absolute path on the host; else NULL */
	unsigned int how;   /* it is opened: mount_open_source */
	const char *link;   /* with "copy-symlink": what the symlink says that is made; else NULL */
	int source_fd;      /* of a bind: its source as a detached mount; else -1 */
	const char *notify; /* of a place of the notify socket: its path there; else NULL */
};

struct plan {
	const char *document; /* what messages call that which has the mounts */
	uint64_t namespaces; /* CLONE_NEW* that are to be made */
	uint64_t own;        /* and those that are joined: what the container has for itself */
	uint64_t late;       /* of those to be made: not by the birth of its process */
	struct ns *joined;
	size_t joined_len;
	bool opens_late;     /* what comes from the host is opened by the process: plan_open_late */
	const char *rootfs;  /* the path of the root filesystem, with a slash behind it */
	int rootfs_fd;       /* it as a detached mount */
	struct plan_mount *mounts;
	size_t mounts_len;
	struct spec_device *devices; /* the default ones and those of config.json */
	size_t devices_len;
	size_t listed; /* from this one on they are config.json's */
	size_t made;   /* by plan_device_make, and still with their first names */
	int *device_fds; /* in a user namespace: the nodes as detached mounts; else NULL */
	struct mount_cgroup_hierarchy *hierarchies; /* for mounts of type "cgroup" */
	const char **hierarchy_sources; /* what each shows without a new mount, or NULL */
	size_t hierarchies_len;
	const char *context; /* for new file systems, from mountLabel; or NULL: mount_label.h */
};

#define PLAN_NONE { .document = "config.json", .rootfs_fd = -1 }

/*
 * Reads the options of all mounts, opens what comes from the host; that is left to the process,
 * plan_open_late, where the caller may not clone mounts (a plain user). rootfs is absolute;
 * relative sources of binds are relative to the bundle. config and arena must outlive the plan.
 * Return: 0; -EINVAL with the JSON place of what is wrong; -ENOENT for a missing source; -EPERM
 * where it takes privileges, or namespaces that the container does not have; -errno.
 */
int plan_make(const struct spec_config *config, const char *bundle, const char *rootfs,
	      struct arena *arena, struct plan *plan, struct error *err);

/*
 * Return: the namespaces that the container's process is born in: those which it need not make
 * itself.
 */
uint64_t plan_birth_types(const struct plan *plan);

/*
 * Whether the process has to join namespaces before others can be made: a user namespace owns those
 * that are made in it, and keeps out of those that it does not own. A pid namespace is joined by
 * birth, too.
 */
bool plan_joins_first(const struct plan *plan);

/* A namespace that config.json wants made is there already: it is joined, and fd is the plan's. */
void plan_add_made(struct plan *plan, int type, int fd);

/* Return: whether it joins namespaces that others may be in. */
bool plan_joins_others(const struct plan *plan);

/*
 * Adds a bind of what the runtime has made on the host behind the other mounts. source, destination
 * and options must outlive the plan.
 * Return: 0; -EINVAL; -errno of open_tree(2).
 */
int plan_add_bind(struct plan *plan, const char *source, const char *destination,
		       char **options, struct arena *arena, struct error *err);

/*
 * Opens the sources of binds anew, in a mount namespace that belongs to a new user namespace: only
 * there the kernel locks the flags that the host has given the mounts, mount_namespaces(7). Sources
 * that this process may not reach stay as plan_make opened them.
 * Return: 0 or -errno of open_tree(2).
 */
int plan_lock_sources(struct plan *plan, struct error *err);

/*
 * Opens what comes from the host, in the container's new mount namespace, before anything is
 * mounted there: with opens_late, in the place of plan_lock_sources.
 * Return: 0 or -errno of open_tree(2), with the JSON place.
 */
int plan_open_late(struct plan *plan, struct error *err);

/* Closes the descriptors. */
void plan_close(struct plan *plan);
