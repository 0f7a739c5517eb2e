/* usage.c - all that is counted of a container */
#include "runtime/container/usage.h"

#include "runtime/cgroup/stats.h"
#include "runtime/linux/rdt_stats.h"
#include "runtime/net/counters.h"

void usage_read_network(const struct container *container, struct arena *arena,
			struct spec_stats *stats)
{
	int len = counters_read((pid_t)container->state.pid, arena, &stats->network_interfaces);

	if (len < 0)
		stats->network_interfaces = arena_alloc(arena, sizeof(*stats->network_interfaces));
	stats->network_interfaces_len = len < 0 ? 0 : (size_t)len;
}

void usage_read(const struct container *container, struct arena *arena, struct spec_stats *stats)
{
	*stats = (struct spec_stats){ 0 };
	stats_read(&container->cgroup, arena, stats);
	if (container->state.intelRdt)
		rdt_stats_read(container->state.intelRdt, arena, &stats->intel_rdt);
	usage_read_network(container, arena, stats);
}
