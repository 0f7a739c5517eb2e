/* stats.h - what the container's cgroup has counted */
#pragma once
#include "base/buf.h"
#include "runtime/cgroup/cgroup.h"

/*
 * Adds the members of "data" that `events` prints, in runc's names (types/events.go), with commas
 * and without the braces: cpu, cpuset, memory, pids, blkio, hugetlb. Times are nanoseconds, sizes
 * bytes, "no limit" is the largest number; what the host does not count is left out or 0.
 */
void stats_add(const struct cgroup *cgroup, struct buf *out);
