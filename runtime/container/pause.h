/* pause.h - stops the processes of a container for a while, and lets them go on */
#pragma once
#include "base/error.h"

/*
 * Freezes the container's cgroup. Return: 0; -EINVAL "container not running"; -EOPNOTSUPP where
 * there is no freezer; -ENOENT; -errno of write(2).
 */
int pause_run(int store, const char *id, struct error *err);

/* Thaws it. Return: 0; -EINVAL "container not paused"; -ENOENT; -errno of write(2). */
int pause_end(int store, const char *id, struct error *err);
