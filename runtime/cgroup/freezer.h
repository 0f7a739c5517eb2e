/* freezer.h - the freezer of v1 as killing sees it: what it holds does not die */
#pragma once
#include "base/error.h"
#include "runtime/cgroup/cgroup.h"

/* Stops what is in the cgroup and does not wait for it; nothing where v1 has no freezer here. */
void freezer_hold_v1(const struct cgroup *cgroup);

/*
 * Lets the processes of the cgroup go on, also those in cgroups below it that somebody in the
 * container has frozen.
 */
void freezer_release_v1(const struct cgroup *cgroup);

/*
 * Moves a process of the cgroup that is elsewhere in the freezer's hierarchy, where it may be
 * frozen, back into the cgroup; best effort.
 */
void freezer_take_back_v1(const struct cgroup *cgroup, pid_t pid);

/* Return: 0 (also without a freezer of v1); -EBUSY where one above it is frozen. */
int freezer_check_above_v1(const struct cgroup *cgroup, struct error *err);
