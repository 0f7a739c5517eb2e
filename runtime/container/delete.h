/* delete.h - removes a container: processes, cgroup, state directory */
#pragma once
#include <stdbool.h>

#include "base/error.h"

/*
 * Without force the container must be stopped or only created. force kills what lives, removes what a
 * killed command left half-made, and is content where there is nothing.
 * Return: 0; -EINVAL "cannot delete container ID that is not stopped: STATUS"; -ENOENT; -errno.
 */
int delete_run(int store, const char *id, bool force, struct error *err);
