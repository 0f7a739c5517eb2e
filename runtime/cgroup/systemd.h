/* systemd.h - the container's unit of systemd: started, changed, stopped */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/cgroup/systemd_bus.h"
#include "runtime/cgroup/systemd_unit.h"
#include "runtime/cgroup/systemd_value.h"

/* What a systemd says of itself. Strings are in the arena. */
struct systemd_manager {
	char *cgroup;         /* below which its slices are, "" where that is the root */
	unsigned int version; /* 252 */
};

/* Return: 0 or -errno of asking. */
int systemd_ask_manager(struct systemd_bus *bus, struct arena *arena,
			struct systemd_manager *manager, struct error *err);

/* Return: what systemctl shows of the unit of the container with this id, in the arena. */
char *systemd_description(const char *id, struct arena *arena);

/*
 * Adds what a unit has from its start, whatever its limits: where it is, its process pid (a scope
 * has none without), Delegate for a scope, accounting. is_v2: of the host.
 */
void systemd_add_basics(const struct systemd_unit *unit, const char *id, pid_t pid, bool is_v2,
			struct systemd_properties *properties);

/*
 * Starts a transient unit and waits until that is done. What a failed one has left under its name
 * is taken away first.
 * Return: 0; -EEXIST where there is a unit of this name; -EIO where its job fails, with the result;
 * -ETIMEDOUT; another -errno of asking. After all but 0 and -EEXIST systemd_stop may find something
 * to stop.
 */
int systemd_start(struct systemd_bus *bus, const struct systemd_unit *unit,
		  const struct systemd_properties *properties, struct error *err);

/*
 * Sets properties of a unit that runs, until it ends. Return: 0; -ENOENT where there is none; or
 * another -errno, and then none is set.
 */
int systemd_set(struct systemd_bus *bus, const char *unit,
		const struct systemd_properties *properties, struct error *err);

/*
 * Moves a process into the cgroup of a unit that runs, subgroup ("" or "/name") below it. A user's
 * manager has the system's do what it may not itself: that is for a process of the user, on v2.
 * Return: 0; -ENOENT where there is no such unit; or another -errno of asking.
 */
int systemd_attach(struct systemd_bus *bus, const char *unit, const char *subgroup, pid_t pid,
		   struct error *err);

/*
 * Stops a unit and takes away what systemd keeps of one that has failed.
 * Return: 0 (also where there is none); -ETIMEDOUT; another -errno of asking.
 */
int systemd_stop(struct systemd_bus *bus, const char *unit, struct error *err);
