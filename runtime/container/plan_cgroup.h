/* plan_cgroup.h - what the container sees of its cgroup, and what of it is its own */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "runtime/container/plan.h"

/*
 * Adds what the mounts of type "cgroup" show: the hierarchies of the container's cgroup, which
 * is made already. Return: 0 or -errno of open_tree(2).
 */
int plan_cgroup_add(struct plan *plan, const struct cgroup *cgroup, struct arena *arena,
		    struct error *err);

/*
 * Refuses an annotation "run.oci.delegate-cgroup" that names no cgroup below the container's.
 * Return: 0 or -EINVAL.
 */
int plan_cgroup_check_delegate(const struct spec_config *config, struct error *err);

/*
 * Moves the container's process, which has made its cgroup namespace, into the cgroup below its own
 * that the annotation names, and hands that over to the container's root. Return: 0 or -errno.
 */
int plan_cgroup_enter_delegate(const struct plan *plan, const struct spec_config *config,
			       const struct cgroup *cgroup, pid_t pid, struct error *err);

/*
 * Return: whether the container's cgroup is to be handed over to its user: on a v2 host, with a
 * new cgroup namespace and a writable cgroup mount; *owner gets the uid on the host.
 */
bool plan_cgroup_owner(const struct plan *plan, const struct spec_config *config,
		       const struct cgroup *cgroup, uid_t *owner);
