/* usage.h - all that is counted of a container */
#pragma once
#include "runtime/container/container.h"
#include "spec/stats.h"

/*
 * Reads what the container's cgroup, which is open, its network devices and its groups in resctrl
 * have counted. What the host does not count is 0. Lists and strings are in the arena.
 */
void usage_read(const struct container *container, struct arena *arena, struct spec_stats *stats);

/* Of it only the network devices; an empty list without a process. */
void usage_read_network(const struct container *container, struct arena *arena,
			struct spec_stats *stats);
