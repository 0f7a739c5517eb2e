/* stats.c - what the container's cgroup has counted */
#include "runtime/cgroup/stats.h"

#include <stdlib.h>
#include <string.h>

#include "base/bitlist.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/stats_file.h"

enum {
	NANOSECONDS_PER_TICK = 10000000, /* USER_HZ is 100 on every Linux of today, time(7) */
	NANOSECONDS_PER_MICROSECOND = 1000,
};

#define AT(member) offsetof(struct spec_stats, member)
#define TICKS(member, field) \
	{ false, "cpuacct", "cpuacct.stat", field, NANOSECONDS_PER_TICK, AT(cpu.member) }
#define CPU_V1(member, field) { false, "cpu", "cpu.stat", field, 1, AT(cpu.member) }
#define CPU_V2(member, field, factor) { true, "cpu", "cpu.stat", field, factor, AT(cpu.member) }

static const struct stats_row cpu_rows[] = {
	{ false, "cpuacct", "cpuacct.usage", NULL, 1, AT(cpu.usage.total) },
	TICKS(usage.kernel, "system"),
	TICKS(usage.user, "user"),
	CPU_V1(throttling.periods, "nr_periods"),
	CPU_V1(throttling.throttledPeriods, "nr_throttled"),
	CPU_V1(throttling.throttledTime, "throttled_time"),
	CPU_V2(usage.total, "usage_usec", NANOSECONDS_PER_MICROSECOND),
	CPU_V2(usage.kernel, "system_usec", NANOSECONDS_PER_MICROSECOND),
	CPU_V2(usage.user, "user_usec", NANOSECONDS_PER_MICROSECOND),
	CPU_V2(throttling.periods, "nr_periods", 1),
	CPU_V2(throttling.throttledPeriods, "nr_throttled", 1),
	CPU_V2(throttling.throttledTime, "throttled_usec", NANOSECONDS_PER_MICROSECOND),
	{ 0 },
};

#define CPUSET(member) { false, "cpuset", "cpuset." #member, NULL, 1, AT(cpuset.member) }

static const struct stats_row cpuset_rows[] = {
	CPUSET(cpu_exclusive),
	CPUSET(mem_hardwall),
	CPUSET(mem_exclusive),
	CPUSET(memory_migrate),
	CPUSET(memory_spread_page),
	CPUSET(memory_spread_slab),
	CPUSET(memory_pressure),
	CPUSET(sched_load_balance),
	CPUSET(sched_relax_domain_level),
	{ 0 },
};

#define MEMORY_V1(member, file) { false, "memory", "memory." file, NULL, 1, AT(memory.member) }
#define MEMORY_V2(member, file, field) \
	{ true, "memory", "memory." file, field, 1, AT(memory.member) }
#define MEMORY_ENTRY_V1(member, prefix) \
	MEMORY_V1(member.limit, prefix "limit_in_bytes"), \
	MEMORY_V1(member.usage, prefix "usage_in_bytes"), \
	MEMORY_V1(member.max, prefix "max_usage_in_bytes"), \
	MEMORY_V1(member.failcnt, prefix "failcnt")

static const struct stats_row memory_rows[] = {
	MEMORY_ENTRY_V1(usage, ""),
	MEMORY_ENTRY_V1(swap, "memsw."),
	MEMORY_ENTRY_V1(kernel, "kmem."),
	MEMORY_ENTRY_V1(kernelTCP, "kmem.tcp."),
	MEMORY_V2(usage.limit, "max", NULL),
	MEMORY_V2(usage.usage, "current", NULL),
	MEMORY_V2(usage.max, "peak", NULL),
	MEMORY_V2(usage.failcnt, "events", "max"),
	MEMORY_V2(swap.limit, "swap.max", NULL),
	MEMORY_V2(swap.usage, "swap.current", NULL),
	{ 0 },
};

static const struct stats_row pids_rows[] = {
	{ false, "pids", "pids.current", NULL, 1, AT(pids.current) },
	{ false, "pids", "pids.max", NULL, 1, AT(pids.limit) },
	{ true, "pids", "pids.current", NULL, 1, AT(pids.current) },
	{ true, "pids", "pids.max", NULL, 1, AT(pids.limit) },
	{ 0 },
};

/* Numbers between blanks: one for each cpu. */
static void read_percpu(const struct cgroup *cgroup, struct arena *arena,
			struct spec_cpu_usage *usage)
{
	auto_buf struct buf text = { 0 };
	char *rest = NULL;

	if (!stats_file_read(cgroup, "cpuacct", "cpuacct.usage_percpu", &text))
		return;
	usage->percpu = arena_array(arena, text.len, sizeof(*usage->percpu));
	for (char *word = strtok_r(text.data, " \n", &rest); word;
	     word = strtok_r(NULL, " \n", &rest))
		usage->percpu[usage->percpu_len++] = strtoull(word, NULL, 10);
}

/* "cpu user system", then "0 1234 5678": a line for each cpu. */
static void read_percpu_modes(const struct cgroup *cgroup, struct arena *arena,
			      struct spec_cpu_usage *usage)
{
	auto_buf struct buf text = { 0 };
	char *rest, *line;

	if (!stats_file_read(cgroup, "cpuacct", "cpuacct.usage_all", &text))
		return;
	usage->percpu_user = arena_array(arena, text.len, sizeof(*usage->percpu_user));
	usage->percpu_kernel = arena_array(arena, text.len, sizeof(*usage->percpu_kernel));
	rest = text.data;
	strsep(&rest, "\n");
	while ((line = strsep(&rest, "\n")) && *line) {
		strtoull(line, &line, 10);
		usage->percpu_user[usage->percpu_user_len++] = strtoull(line, &line, 10);
		usage->percpu_kernel[usage->percpu_kernel_len++] = strtoull(line, &line, 10);
	}
}

void stats_read_cpu(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats)
{
	stats_file_fill(cgroup, cpu_rows, stats);
	read_percpu(cgroup, arena, &stats->cpu.usage);
	read_percpu_modes(cgroup, arena, &stats->cpu.usage);
	stats->cpu.psi = stats_file_pressure(cgroup, "cpu.pressure", arena);
}

/* "0-3,7" as a list; the file of v1, or that of v2. */
static void read_set(const struct cgroup *cgroup, const char *v1_file, const char *v2_file,
		     struct arena *arena, uint32_t **numbers, size_t *len)
{
	enum { WORD_BITS = 8 * sizeof(unsigned long) };
	auto_buf struct buf text = { 0 };
	struct bitlist list;

	if (!stats_file_read(cgroup, "cpuset", v2_file, &text) &&
	    !stats_file_read(cgroup, "cpuset", v1_file, &text))
		return;
	text.data[strcspn(text.data, "\n")] = 0;
	if (bitlist_parse(text.data, &list, NULL) < 0)
		return;
	*numbers = arena_array(arena, list.count, sizeof(**numbers));
	for (unsigned int n = 0; n < list.len; n++)
		if (list.words[n / WORD_BITS] >> n % WORD_BITS & 1)
			(*numbers)[(*len)++] = n;
}

void stats_read_cpuset(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats)
{
	struct spec_cpuset_stats *cpuset = &stats->cpuset;

	stats_file_fill(cgroup, cpuset_rows, stats);
	read_set(cgroup, "cpuset.cpus", "cpuset.cpus.effective", arena, &cpuset->cpus,
		 &cpuset->cpus_len);
	read_set(cgroup, "cpuset.mems", "cpuset.mems.effective", arena, &cpuset->mems,
		 &cpuset->mems_len);
}

/* All of memory.stat: lines of "key value". */
static void read_raw(const struct cgroup *cgroup, struct arena *arena,
		     struct spec_memory_stats *memory)
{
	auto_buf struct buf text = { 0 };
	char *rest, *line;
	size_t lines = 0;

	if (!stats_file_read(cgroup, "memory", "memory.stat", &text))
		return;
	for (size_t i = 0; i < text.len; i++)
		lines += text.data[i] == '\n';
	memory->raw = arena_array(arena, lines, sizeof(*memory->raw));
	rest = text.data;
	while (memory->raw_len < lines && (line = strsep(&rest, "\n"))) {
		size_t len = strcspn(line, " ");

		memory->raw[memory->raw_len++] = (struct schema_count){
			.key = arena_strndup(arena, line, len),
			.value = strtoull(line + len, NULL, 10),
		};
	}
}

uint64_t stats_find_raw(const struct spec_memory_stats *memory, const char *key)
{
	for (size_t i = 0; i < memory->raw_len; i++)
		if (!strcmp(memory->raw[i].key, key))
			return memory->raw[i].value;
	return 0;
}

static uint64_t add(uint64_t a, uint64_t b)
{
	return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

/* v2 has fewer files: some numbers are in memory.stat, and swap is counted alone. */
static void convert_v2(struct spec_memory_stats *memory)
{
	memory->cache = stats_find_raw(memory, "file");
	memory->kernel.usage = stats_find_raw(memory, "kernel");
	memory->kernelTCP.usage = stats_find_raw(memory, "sock");
	memory->swap.limit = add(memory->swap.limit, memory->usage.limit);
	memory->swap.usage = add(memory->swap.usage, memory->usage.usage);
}

void stats_read_memory(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "memory");
	struct spec_memory_stats *memory = &stats->memory;

	stats_file_fill(cgroup, memory_rows, stats);
	read_raw(cgroup, arena, memory);
	if (hierarchy && cgroup_is_v2(hierarchy))
		convert_v2(memory);
	else
		memory->cache = stats_find_raw(memory, "cache");
	memory->psi = stats_file_pressure(cgroup, "memory.pressure", arena);
}

/* Where nothing counts processes, they are counted here. */
static void count_processes(const struct cgroup *cgroup, struct spec_pids_stats *pids)
{
	pid_t *list = NULL;
	size_t len;

	if (cgroup_pids(cgroup, true, &list, &len, NULL) == 0)
		pids->current = len;
	free(list);
}

void stats_read_pids(const struct cgroup *cgroup, struct spec_stats *stats)
{
	struct spec_pids_stats *pids = &stats->pids;

	stats_file_fill(cgroup, pids_rows, stats);
	if (pids->limit == UINT64_MAX)
		pids->limit = 0;
	if (!pids->current)
		count_processes(cgroup, pids);
}

void stats_read(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats)
{
	stats_read_cpu(cgroup, arena, stats);
	stats_read_cpuset(cgroup, arena, stats);
	stats_read_memory(cgroup, arena, stats);
	stats_read_pids(cgroup, stats);
	stats_read_io(cgroup, arena, stats);
	stats_read_hugetlb(cgroup, arena, stats);
}
