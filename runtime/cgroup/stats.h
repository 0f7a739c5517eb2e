/* stats.h - what the container's cgroup has counted */
#pragma once
#include "runtime/cgroup/cgroup.h"
#include "spec/stats.h"

/*
 * Each fills in its member of stats: stats_read_io of blkio, stats_read_hugetlb the list. What the
 * host does not count stays as it is. Lists and strings are in the arena.
 */
void stats_read_cpu(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats);
void stats_read_cpuset(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats);
void stats_read_memory(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats);
void stats_read_pids(const struct cgroup *cgroup, struct spec_stats *stats);
void stats_read_io(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats);
void stats_read_hugetlb(const struct cgroup *cgroup, struct arena *arena,
			struct spec_stats *stats);

/* All of them. */
void stats_read(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats);

/* Return: the counter of memory.stat, or 0. */
uint64_t stats_find_raw(const struct spec_memory_stats *memory, const char *key);
