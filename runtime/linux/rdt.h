/* rdt.h - the container's groups in resctrl: its share of caches and memory bandwidth */
#pragma once
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/linux/mountinfo.h"
#include "spec/config.h"
#include "spec/state.h"

/*
 * Where resctrl is mounted.
 * Return: 0 with *root, a text of mounts; -ENOTSUP in runc's words where it is not mounted.
 */
int rdt_find_root(const struct mountinfo *mounts, const char **root, struct error *err);

/*
 * Works out which groups a container is in, before anything is made, as the specification says
 * ("IntelRdt"): the class of service closID, else one of its own that has the container's id, and a
 * monitoring group with enableMonitoring. root is where resctrl is mounted.
 * Return: 0; -ENOENT where closID must be there and is not; -EINVAL where it is there with another
 * schema than the config's; or another -errno of open(2), read(2).
 */
int rdt_plan(const char *root, const struct spec_intel_rdt *wanted, const char *id,
	     struct arena *arena, struct spec_rdt *rdt, struct error *err);

/*
 * Makes the groups that are not there and writes the schemata.
 * Return: 0, or -errno of mkdir(2), write(2) with what resctrl says about it; rdt_remove() removes
 * what there is then.
 */
int rdt_make(const struct spec_rdt *rdt, const struct spec_intel_rdt *wanted, struct error *err);

/* Moves a process into the groups. Return: 0 or -errno of write(2). */
int rdt_add(const struct spec_rdt *rdt, pid_t pid, struct error *err);

/*
 * Removes the monitoring group and a class of service that belongs to the container alone.
 * Return: 0 (also where they are not there) or -errno of rmdir(2).
 */
int rdt_remove(const struct spec_rdt *rdt, struct error *err);
