/* oom_watch.h - tells when the kernel kills for want of memory */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "runtime/cgroup/cgroup.h"

/* To be polled: fd, which is -1 where nothing counts memory, for events. */
struct oom_watch {
	int fd;
	short events;
	int cgroup_fd;  /* v1: of the directory, not owned; -1: v2 */
	uint64_t kills; /* v2: how many there were */
};

#define OOM_WATCH_NONE { .fd = -1, .cgroup_fd = -1 }

/*
 * Watches a cgroup, which stays open as long: on v2 memory.events tells of all below it too, on v1
 * an eventfd of itself (cgroup-v1/memory.rst, "OOM Control").
 * Return: 0 (also without a memory controller), or -errno with err.
 */
int oom_watch_open(const struct cgroup *cgroup, struct oom_watch *watch, struct error *err);

/*
 * Whether there was a kill since the last call; of several at once it is told once. May be called
 * at any time.
 */
bool oom_watch_read(struct oom_watch *watch);

/* Safe on OOM_WATCH_NONE and twice. */
void oom_watch_close(struct oom_watch *watch);

#define auto_oom_watch __attribute__((cleanup(oom_watch_close)))
