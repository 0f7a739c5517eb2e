/* bridge_root.h - the folder of all that is known of bridges, and its lock */
#pragma once
#include <stdbool.h>

#include "base/error.h"

/* "/run/gocker/.net". No id of a container begins so. */
extern const char bridge_root[];

/*
 * Opens it, and with make makes it where it is missing.
 * Return: a descriptor, which is the caller's; -ENOENT; -EPERM where another user owns or could
 * write it; -errno of open(2), mkdir(2).
 */
int bridge_root_open(bool make, struct error *err);

/*
 * Opens it and waits for its lock, flock(2), which goes with the descriptor. Who has the lock of a
 * bridge may wait for this one, never the other way around. Return: as bridge_root_open.
 */
int bridge_root_lock(struct error *err);
