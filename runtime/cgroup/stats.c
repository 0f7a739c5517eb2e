/* stats.c - what the container's cgroup has counted */
#include "runtime/cgroup/stats.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/number.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/stats_json.h"

/* Where a number is: alone in a file, or behind a word in one of its lines. */
struct source {
	const char *controller, *file, *field;
	uint64_t factor; /* to runc's unit */
};

/* v1 or v2 holds, whatever kind of hierarchy the controller is in. */
struct stat_row {
	const char *key;
	struct source v1, v2;
};

enum { NANOSECONDS_PER_TICK = 10000000 }; /* USER_HZ is 100 on every Linux of today, time(7) */

static const struct stat_row cpu_usage[] = {
	{ "total",
	  { "cpuacct", "cpuacct.usage", NULL, 1 },
	  { "cpu", "cpu.stat", "usage_usec", 1000 } },
	{ "kernel",
	  { "cpuacct", "cpuacct.stat", "system", NANOSECONDS_PER_TICK },
	  { "cpu", "cpu.stat", "system_usec", 1000 } },
	{ "user",
	  { "cpuacct", "cpuacct.stat", "user", NANOSECONDS_PER_TICK },
	  { "cpu", "cpu.stat", "user_usec", 1000 } },
	{ 0 },
};

static const struct stat_row cpu_throttling[] = {
	{ "periods",
	  { "cpu", "cpu.stat", "nr_periods", 1 },
	  { "cpu", "cpu.stat", "nr_periods", 1 } },
	{ "throttledPeriods",
	  { "cpu", "cpu.stat", "nr_throttled", 1 },
	  { "cpu", "cpu.stat", "nr_throttled", 1 } },
	{ "throttledTime",
	  { "cpu", "cpu.stat", "throttled_time", 1 },
	  { "cpu", "cpu.stat", "throttled_usec", 1000 } },
	{ 0 },
};

#define CPUSET(key) { #key, { "cpuset", "cpuset." #key, NULL, 1 }, { 0 } }

static const struct stat_row cpuset_flags[] = {
	CPUSET(cpu_exclusive),	    CPUSET(mem_hardwall),	     CPUSET(mem_exclusive),
	CPUSET(memory_migrate),	    CPUSET(memory_spread_page),	     CPUSET(memory_spread_slab),
	CPUSET(memory_pressure),    CPUSET(sched_load_balance),	     { 0 },
};

#define MEMORY_V1(prefix, suffix) { "memory", "memory." prefix suffix, NULL, 1 }
#define MEMORY_V2(file, field) { "memory", "memory." file, field, 1 }

static const struct stat_row memory_usage[] = {
	{ "limit", MEMORY_V1("", "limit_in_bytes"), MEMORY_V2("max", NULL) },
	{ "usage", MEMORY_V1("", "usage_in_bytes"), MEMORY_V2("current", NULL) },
	{ "max", MEMORY_V1("", "max_usage_in_bytes"), MEMORY_V2("peak", NULL) },
	{ "failcnt", MEMORY_V1("", "failcnt"), MEMORY_V2("events", "max") },
	{ 0 },
};

static const struct stat_row memory_swap_v1[] = {
	{ "limit", MEMORY_V1("memsw.", "limit_in_bytes"), { 0 } },
	{ "usage", MEMORY_V1("memsw.", "usage_in_bytes"), { 0 } },
	{ "max", MEMORY_V1("memsw.", "max_usage_in_bytes"), { 0 } },
	{ "failcnt", MEMORY_V1("memsw.", "failcnt"), { 0 } },
	{ 0 },
};

static const struct stat_row memory_kernel[] = {
	{ "limit", MEMORY_V1("kmem.", "limit_in_bytes"), { 0 } },
	{ "usage", MEMORY_V1("kmem.", "usage_in_bytes"), MEMORY_V2("stat", "kernel") },
	{ "max", MEMORY_V1("kmem.", "max_usage_in_bytes"), { 0 } },
	{ "failcnt", MEMORY_V1("kmem.", "failcnt"), { 0 } },
	{ 0 },
};

static const struct stat_row memory_kernel_tcp[] = {
	{ "limit", MEMORY_V1("kmem.tcp.", "limit_in_bytes"), { 0 } },
	{ "usage", MEMORY_V1("kmem.tcp.", "usage_in_bytes"), MEMORY_V2("stat", "sock") },
	{ "max", MEMORY_V1("kmem.tcp.", "max_usage_in_bytes"), { 0 } },
	{ "failcnt", MEMORY_V1("kmem.tcp.", "failcnt"), { 0 } },
	{ 0 },
};

static const struct stat_row memory_cache[] = {
	{ "cache", MEMORY_V2("stat", "cache"), MEMORY_V2("stat", "file") },
	{ 0 },
};

static const struct stat_row pids_current[] = {
	{ "current", { "pids", "pids.current", NULL, 1 }, { "pids", "pids.current", NULL, 1 } },
	{ 0 },
};

/* Return: whether it is there; "max" is the largest number. */
static bool read_source(const struct cgroup *cgroup, const struct source *source, uint64_t *value)
{
	auto_buf struct buf text = { 0 };
	const char *number = NULL;

	if (!source->file || !stats_read(cgroup, source->controller, source->file, &text))
		return false;
	number = source->field ? stats_find_field(text.data, source->field) : text.data;
	if (!number)
		return false;
	*value = strncmp(number, "max", 3) ? strtoull(number, NULL, 10) * source->factor :
					     UINT64_MAX;
	return true;
}

static bool read_row(const struct cgroup *cgroup, const struct stat_row *row, uint64_t *value)
{
	const struct cgroup_hierarchy *hierarchy =
		cgroup_find_controller(cgroup, row->v1.controller);

	if (hierarchy && !cgroup_is_v2(hierarchy))
		return read_source(cgroup, &row->v1, value);
	return read_source(cgroup, &row->v2, value);
}

static void add_rows(const struct cgroup *cgroup, const struct stat_row *rows,
		     struct stats_json *json)
{
	uint64_t value;

	for (; rows->key; rows++)
		if (read_row(cgroup, rows, &value))
			stats_json_number(json, rows->key, value);
}

static void add_group(const struct cgroup *cgroup, const char *key, const struct stat_row *rows,
		      struct stats_json *json)
{
	stats_json_begin(json, key);
	add_rows(cgroup, rows, json);
	stats_json_end(json);
}

/* Numbers of a file as a list: all, or of each line but the first the column (from 1). */
static void add_numbers(const struct cgroup *cgroup, const char *key, const char *file, int column,
			struct stats_json *json)
{
	auto_buf struct buf text = { 0 };
	char *rest = NULL;

	if (!stats_read(cgroup, "cpuacct", file, &text))
		return;
	stats_json_begin_list(json, key);
	if (!column)
		for (char *word = strtok_r(text.data, " \n", &rest); word;
		     word = strtok_r(NULL, " \n", &rest))
			stats_json_entry(json, strtoull(word, NULL, 10));
	for (char *line = column ? strchr(text.data, '\n') : NULL; line && line[1];
	     line = strchr(line + 1, '\n')) {
		const char *number = line + 1;

		for (int i = 0; i < column && number; i++)
			number = strchr(number, ' ') ? strchr(number, ' ') + 1 : NULL;
		if (number)
			stats_json_entry(json, strtoull(number, NULL, 10));
	}
	stats_json_end_list(json);
}

/* {"some":{"avg10":0,...,"total":0},"full":{...}} of a file of v2, where the kernel counts it. */
static void add_pressure(const struct cgroup *cgroup, const char *file, struct stats_json *json)
{
	const struct cgroup_hierarchy *v2 = cgroup_find_v2(cgroup);
	auto_buf struct buf text = { 0 };
	char *rest = NULL;

	if (!v2 || file_read_at(v2->fd, file, STATS_FILE_MAX, &text) < 0 || !text.data)
		return;
	stats_json_begin(json, "psi");
	for (char *line = strtok_r(text.data, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		double avg10, avg60, avg300;
		char kind[8];
		uint64_t total;

		if (sscanf(line, "%7s avg10=%lf avg60=%lf avg300=%lf total=%" SCNu64, kind, &avg10,
			   &avg60, &avg300, &total) != 5)
			continue;
		stats_json_begin(json, kind);
		stats_json_fraction(json, "avg10", avg10);
		stats_json_fraction(json, "avg60", avg60);
		stats_json_fraction(json, "avg300", avg300);
		stats_json_number(json, "total", total);
		stats_json_end(json);
	}
	stats_json_end(json);
}

static void add_cpu(const struct cgroup *cgroup, struct stats_json *json)
{
	stats_json_begin(json, "cpu");
	stats_json_begin(json, "usage");
	add_rows(cgroup, cpu_usage, json);
	add_numbers(cgroup, "percpu", "cpuacct.usage_percpu", 0, json);
	add_numbers(cgroup, "percpu_kernel", "cpuacct.usage_all", 2, json);
	add_numbers(cgroup, "percpu_user", "cpuacct.usage_all", 1, json);
	stats_json_end(json);
	add_group(cgroup, "throttling", cpu_throttling, json);
	add_pressure(cgroup, "cpu.pressure", json);
	stats_json_end(json);
}

/* "0-3,7" as a list of numbers. */
static void add_set(const struct cgroup *cgroup, const char *key, const char *v1_file,
		    const char *v2_file, struct stats_json *json)
{
	auto_buf struct buf text = { 0 };
	char *at;

	if (!stats_read(cgroup, "cpuset", v2_file, &text) &&
	    !stats_read(cgroup, "cpuset", v1_file, &text))
		return;
	stats_json_begin_list(json, key);
	for (at = text.data; *at >= '0' && *at <= '9'; at += *at == ',') {
		uint64_t first = strtoull(at, &at, 10);
		uint64_t last = *at == '-' ? strtoull(at + 1, &at, 10) : first;

		for (uint64_t number = first; number <= last && number <= UINT16_MAX; number++)
			stats_json_entry(json, number);
	}
	stats_json_end_list(json);
}

static void add_cpuset(const struct cgroup *cgroup, struct stats_json *json)
{
	stats_json_begin(json, "cpuset");
	add_set(cgroup, "cpus", "cpuset.cpus", "cpuset.cpus.effective", json);
	add_set(cgroup, "mems", "cpuset.mems", "cpuset.mems.effective", json);
	add_rows(cgroup, cpuset_flags, json);
	stats_json_end(json);
}

/* v1 counts memory and swap together; of v2's two numbers the sum is given. */
static void add_swap(const struct cgroup *cgroup, struct stats_json *json)
{
	static const struct source swap_limit = MEMORY_V2("swap.max", NULL);
	static const struct source swap_usage = MEMORY_V2("swap.current", NULL);
	uint64_t memory, swap;

	stats_json_begin(json, "swap");
	add_rows(cgroup, memory_swap_v1, json);
	if (read_source(cgroup, &swap_limit, &swap) &&
	    read_source(cgroup, &memory_usage[0].v2, &memory))
		stats_json_number(json, "limit",
				  swap > UINT64_MAX - memory ? UINT64_MAX : swap + memory);
	if (read_source(cgroup, &swap_usage, &swap) &&
	    read_source(cgroup, &memory_usage[1].v2, &memory))
		stats_json_number(json, "usage", swap + memory);
	stats_json_end(json);
}

/* All of memory.stat. */
static void add_raw(const struct cgroup *cgroup, struct stats_json *json)
{
	auto_buf struct buf text = { 0 };
	char *rest = NULL;

	if (!stats_read(cgroup, "memory", "memory.stat", &text))
		return;
	stats_json_begin(json, "raw");
	for (char *line = strtok_r(text.data, "\n", &rest); line;
	     line = strtok_r(NULL, "\n", &rest)) {
		char *blank = strchr(line, ' ');

		if (!blank)
			continue;
		*blank = 0;
		stats_json_number(json, line, strtoull(blank + 1, NULL, 10));
	}
	stats_json_end(json);
}

static void add_memory(const struct cgroup *cgroup, struct stats_json *json)
{
	stats_json_begin(json, "memory");
	add_rows(cgroup, memory_cache, json);
	add_group(cgroup, "usage", memory_usage, json);
	add_swap(cgroup, json);
	add_group(cgroup, "kernel", memory_kernel, json);
	add_group(cgroup, "kernelTCP", memory_kernel_tcp, json);
	add_raw(cgroup, json);
	add_pressure(cgroup, "memory.pressure", json);
	stats_json_end(json);
}

static void add_pids(const struct cgroup *cgroup, struct stats_json *json)
{
	static const struct source limit = { "pids", "pids.max", NULL, 1 };
	uint64_t value;

	stats_json_begin(json, "pids");
	add_rows(cgroup, pids_current, json);
	if (read_source(cgroup, &limit, &value) && value != UINT64_MAX)
		stats_json_number(json, "limit", value);
	stats_json_end(json);
}

void stats_add(const struct cgroup *cgroup, struct buf *out)
{
	struct stats_json json = { .out = out };

	add_cpu(cgroup, &json);
	add_cpuset(cgroup, &json);
	add_memory(cgroup, &json);
	add_pids(cgroup, &json);
	stats_json_begin(&json, "blkio");
	stats_add_io(cgroup, &json);
	add_pressure(cgroup, "io.pressure", &json);
	stats_json_end(&json);
	stats_add_hugetlb(cgroup, &json);
}
