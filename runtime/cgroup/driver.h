/* driver.h - what differs between the two kinds of hierarchies */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/cgroup/cgroup.h"
#include "runtime/cgroup/device_rules.h"

struct limit_row;

struct cgroup_driver {
	bool is_v2;

	/*
	 * The attribute that marks parents made by cgroup_create: v1 allows no other kind than
	 * this.
	 */
	const char *mark;

	/*
	 * Makes a directory on the way to the container's cgroup fit for what will be below or in
	 * it. leaf: it is the container's own. Return: 0 or -errno.
	 */
	int (*prepare)(const struct cgroup_hierarchy *hierarchy, const char *path, bool leaf,
		       struct error *err);

	/* Return: whether processes are in the directory or below it, or -errno. */
	int (*is_populated)(int fd);

	/* Replaces the device rules; some may be written on failure. Return: 0 or -errno. */
	int (*set_devices)(const struct cgroup *cgroup, const struct cgroup_hierarchy *hierarchy,
			   const struct device_rules *rules, struct error *err);

	/*
	 * Gives the directory a controller whose file is not there. Return: 0 (it has it now, or
	 * had it and lacks only the file); -EOPNOTSUPP or another -errno with the reason.
	 */
	int (*enable)(const struct cgroup_hierarchy *hierarchy, const char *controller,
		      struct error *err);

	const struct limit_row *limits;
};

extern const struct cgroup_driver cgroup_v1, cgroup_v2;

/* set_devices of v1. */
int device_rules_v1_set(const struct cgroup *cgroup, const struct cgroup_hierarchy *hierarchy,
			const struct device_rules *rules, struct error *err);

/*
 * Return: the hierarchy that has the controller: v1 if one does, else v2; NULL where neither is
 * there.
 */
const struct cgroup_hierarchy *cgroup_find_controller(const struct cgroup *cgroup,
						      const char *controller);

/*
 * The claim of a cgroup: written for its owner (best effort) when it is made, dropped when that
 * fails. cgroup_try_lock does not wait.
 */
void cgroup_write_claim(const struct cgroup *cgroup);
void cgroup_drop_claim(const struct cgroup *cgroup);
bool cgroup_try_lock(const struct cgroup *cgroup);

/* What is on each of its directories: owner, CGROUP_MARK_HOME, home. */
enum { CGROUP_MARK_SIZE = 512, CGROUP_MARK_HOME = '@' };

/* Return: whether the directory, which may be -1, has a mark. */
int cgroup_read_mark(int fd, char mark[CGROUP_MARK_SIZE]);

/* Opens the directories; those that are gone keep -1. Return: 0 or -errno of open(2). */
int cgroup_open_paths(struct cgroup *cgroup, struct error *err);

/* Return: 0 or -errno of write(2). */
int cgroup_move_process(const struct cgroup_hierarchy *hierarchy, pid_t pid, struct error *err);

/* Return: the v2 hierarchy with its directory open, or NULL. */
const struct cgroup_hierarchy *cgroup_find_v2(const struct cgroup *cgroup);

/* Return: whether the comma-separated list has the name. */
bool cgroup_has_controller(const char *controllers, const char *name);
