/* kill.h - sends a signal to a container */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/container/container.h"

/*
 * Sends the signal to the container's process; with all to every process of its cgroup, and be it
 * none. SIGKILL reaches every process, with all or without, and ends a pause.
 * Return: 0; -ESRCH "container not running"; -errno of pidfd_send_signal(2).
 */
int kill_container(struct container *container, int signal, bool all, struct error *err);

/*
 * Kills all processes of the container and waits until its first process is gone.
 * Return: 0 (also where nothing lives); -ETIMEDOUT; -errno.
 */
int kill_whole(struct container *container, struct error *err);

/* The same for what is in the cgroup, and a process (-1: none). Return: as kill_whole. */
int kill_known(int pidfd, const struct cgroup *cgroup, struct error *err);
