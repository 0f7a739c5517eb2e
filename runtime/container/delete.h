/* delete.h - removes a container: processes, cgroup, state directory */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/container/container.h"

/*
 * Without force the container must be stopped or only created. force kills what lives, removes what
 * a killed command left half-made, and is content where there is nothing; a command that holds the
 * container's lock because it waits for a process of it is no obstacle.
 * Return: 0; -EINVAL "cannot delete container ID that is not stopped: STATUS"; -ENOENT; -errno.
 */
int delete_run(int store, const char *id, bool force, struct error *err);

/*
 * Kills and removes this very container, locked or not, never another that has got its id.
 * Return: 0, also where somebody else has deleted it; -errno.
 */
int delete_container(struct container *container, struct error *err);
