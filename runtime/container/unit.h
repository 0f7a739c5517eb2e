/* unit.h - the container's unit, where systemd makes its cgroup */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/cgroup/placeholder.h"
#include "runtime/cgroup/systemd.h"
#include "runtime/cgroup/systemd_properties.h"
#include "runtime/container/container.h"

/*
 * A scope has to have a process from its start, and the container's process is born into its
 * cgroup. So a placeholder is there first, and goes when the container's process has come: that one
 * is not moved, which would take a global lock and leave memory that it has used already with the
 * cgroup that it came from. Only where it may not be born there (a user's gocker that runs outside
 * of the cgroups of the user's systemd) systemd has to move it.
 */
struct unit {
	struct systemd_bus *bus;   /* from unit_plan to unit_start */
	struct systemd_unit names; /* NULL: systemd has nothing to do with the container's cgroup */
	struct systemd_host host;
	const char *subgroup; /* of its cgroup, in which the container is; "" for none */
	struct placeholder placeholder;
	struct spec_resources resources; /* with the changes that unit_start made */
	bool is_crowded; /* the limit of processes has been raised for the placeholder */
};

#define UNIT_NONE { .placeholder = PLACEHOLDER_NONE }

/* Whose systemd it is. */
enum unit_bus {
	UNIT_BUS_AUTO, /* the user's where this process is not root of the host */
	UNIT_BUS_SYSTEM,
	UNIT_BUS_USER,
};

/*
 * Finds out what the unit will be: sets the container's cgroup and its state's systemd; starts
 * nothing. The config is read.
 * Return: 0; -EEXIST where a unit of this name runs; -EINVAL where systemd takes no such names; or
 * -errno of asking systemd.
 */
int unit_plan(struct unit *unit, const char *id, enum unit_bus bus, struct container *container,
	      struct error *err);

/*
 * Starts the unit with the limits and devices of the config, and what annotations ask for, and a
 * placeholder in its cgroup.
 * Return: 0; -errno, and nothing is left; *stuck, where systemd does not stop what it may have
 * started: the state is still needed then.
 */
int unit_start(struct unit *unit, struct container *container, bool *stuck, struct error *err);

/*
 * Return: the limits for the cgroup's own files: resources where systemd has nothing to do with
 * them.
 */
const struct spec_resources *unit_resources(const struct unit *unit,
					    const struct spec_resources *resources);

/* The container's process is in the cgroup: the placeholder goes. Return: 0 or -errno. */
int unit_release(struct unit *unit, struct container *container, struct error *err);

/*
 * For an update of limits, before they are written: rounds the quota in wanted as systemd does, if
 * the container has a unit. old: the limits so far.
 */
void unit_round(const struct spec_resources *old, struct container *container,
		struct spec_resources *wanted);

/*
 * Sets the properties of the container's unit, if it has one, that belong to what of an update's
 * limits is there. The values are those of the config, which has been changed already.
 * Return: 0; -errno, and then no property has changed.
 */
int unit_update(struct container *container, const struct spec_resources *wanted, bool devices,
		struct error *err);

/*
 * Has systemd move a process into the container's cgroup, which is that of its unit or below it:
 * for a user who may not do that, as the process comes from a cgroup that is not the user's. The
 * process has the user's ids still.
 * Return: 0; -errno of asking systemd.
 */
int unit_attach(const struct container *container, pid_t pid, struct error *err);

/* Stops the container's unit, if it has one: its processes are dead. Return: 0 or -errno. */
int unit_stop(const struct container *container, struct error *err);

/* Ends what is left of the placeholder, closes the connection. */
void unit_close(struct unit *unit);
