/* stats.c - what a container uses: the lines that `events` prints, in runc's names */
#include "spec/stats.h"

#define NUMBER(type, member) ALWAYS(type, member, uint64)

static const struct schema_row pressure_rows[] = {
	ALWAYS(spec_pressure, avg10, fraction),
	ALWAYS(spec_pressure, avg60, fraction),
	ALWAYS(spec_pressure, avg300, fraction),
	NUMBER(spec_pressure, total),
};
static const struct schema spec_pressure_schema = SCHEMA(spec_pressure, pressure_rows);

static const struct schema_row pressures_rows[] = {
	EMBEDDED(spec_pressures, some, spec_pressure),
	EMBEDDED(spec_pressures, full, spec_pressure),
};
static const struct schema spec_pressures_schema = SCHEMA(spec_pressures, pressures_rows);

static const struct schema_row usage_rows[] = {
	NUMBER(spec_cpu_usage, total),
	COUNTERS(spec_cpu_usage, percpu),
	COUNTERS(spec_cpu_usage, percpu_kernel),
	COUNTERS(spec_cpu_usage, percpu_user),
	NUMBER(spec_cpu_usage, kernel),
	NUMBER(spec_cpu_usage, user),
};
static const struct schema spec_cpu_usage_schema = SCHEMA(spec_cpu_usage, usage_rows);

static const struct schema_row throttling_rows[] = {
	NUMBER(spec_cpu_throttling, periods),
	NUMBER(spec_cpu_throttling, throttledPeriods),
	NUMBER(spec_cpu_throttling, throttledTime),
};
static const struct schema spec_cpu_throttling_schema =
	SCHEMA(spec_cpu_throttling, throttling_rows);

static const struct schema_row cpu_rows[] = {
	EMBEDDED(spec_cpu_stats, usage, spec_cpu_usage),
	EMBEDDED(spec_cpu_stats, throttling, spec_cpu_throttling),
	OBJECT(spec_cpu_stats, psi, spec_pressures),
};
static const struct schema spec_cpu_stats_schema = SCHEMA(spec_cpu_stats, cpu_rows);

static const struct schema_row cpuset_rows[] = {
	NUMBERS(spec_cpuset_stats, cpus),
	NUMBER(spec_cpuset_stats, cpu_exclusive),
	NUMBERS(spec_cpuset_stats, mems),
	NUMBER(spec_cpuset_stats, mem_hardwall),
	NUMBER(spec_cpuset_stats, mem_exclusive),
	NUMBER(spec_cpuset_stats, memory_migrate),
	NUMBER(spec_cpuset_stats, memory_spread_page),
	NUMBER(spec_cpuset_stats, memory_spread_slab),
	NUMBER(spec_cpuset_stats, memory_pressure),
	NUMBER(spec_cpuset_stats, sched_load_balance),
	ALWAYS(spec_cpuset_stats, sched_relax_domain_level, int64),
};
static const struct schema spec_cpuset_stats_schema = SCHEMA(spec_cpuset_stats, cpuset_rows);

static const struct schema_row entry_rows[] = {
	NUMBER(spec_memory_entry, limit),
	NUMBER(spec_memory_entry, usage),
	NUMBER(spec_memory_entry, max),
	NUMBER(spec_memory_entry, failcnt),
};
static const struct schema spec_memory_entry_schema = SCHEMA(spec_memory_entry, entry_rows);

static const struct schema_row memory_rows[] = {
	NUMBER(spec_memory_stats, cache),
	EMBEDDED(spec_memory_stats, usage, spec_memory_entry),
	EMBEDDED(spec_memory_stats, swap, spec_memory_entry),
	EMBEDDED(spec_memory_stats, kernel, spec_memory_entry),
	EMBEDDED(spec_memory_stats, kernelTCP, spec_memory_entry),
	COUNTS(spec_memory_stats, raw),
	OBJECT(spec_memory_stats, psi, spec_pressures),
};
static const struct schema spec_memory_stats_schema = SCHEMA(spec_memory_stats, memory_rows);

static const struct schema_row pids_rows[] = {
	NUMBER(spec_pids_stats, current),
	OPTIONAL(spec_pids_stats, limit, uint64),
};
static const struct schema spec_pids_stats_schema = SCHEMA(spec_pids_stats, pids_rows);

static const struct schema_row io_entry_rows[] = {
	ALWAYS(spec_io_entry, major, uint32),
	ALWAYS(spec_io_entry, minor, uint32),
	OPTIONAL(spec_io_entry, op, string),
	NUMBER(spec_io_entry, value),
};
static const struct schema spec_io_entry_schema = SCHEMA(spec_io_entry, io_entry_rows);

static const struct schema_row io_rows[] = {
	OBJECTS(spec_io_stats, ioServiceBytesRecursive, spec_io_entry),
	OBJECTS(spec_io_stats, ioServicedRecursive, spec_io_entry),
	OBJECTS(spec_io_stats, ioQueueRecursive, spec_io_entry),
	OBJECTS(spec_io_stats, ioServiceTimeRecursive, spec_io_entry),
	OBJECTS(spec_io_stats, ioWaitTimeRecursive, spec_io_entry),
	OBJECTS(spec_io_stats, ioMergedRecursive, spec_io_entry),
	OBJECTS(spec_io_stats, ioTimeRecursive, spec_io_entry),
	OBJECTS(spec_io_stats, sectorsRecursive, spec_io_entry),
	OBJECT(spec_io_stats, psi, spec_pressures),
};
static const struct schema spec_io_stats_schema = SCHEMA(spec_io_stats, io_rows);

static const struct schema_row hugetlb_rows[] = {
	NUMBER(spec_hugetlb_stats, usage),
	NUMBER(spec_hugetlb_stats, max),
	NUMBER(spec_hugetlb_stats, failcnt),
};
static const struct schema spec_hugetlb_stats_schema = SCHEMA(spec_hugetlb_stats, hugetlb_rows);

static const struct schema_row l3_info_rows[] = {
	OPTIONAL(spec_l3_info, cbm_mask, string),
	NUMBER(spec_l3_info, min_cbm_bits),
	NUMBER(spec_l3_info, num_closids),
};
static const struct schema spec_l3_info_schema = SCHEMA(spec_l3_info, l3_info_rows);

static const struct schema_row mb_info_rows[] = {
	NUMBER(spec_mb_info, bandwidth_gran),
	NUMBER(spec_mb_info, delay_linear),
	NUMBER(spec_mb_info, min_bandwidth),
	NUMBER(spec_mb_info, num_closids),
};
static const struct schema spec_mb_info_schema = SCHEMA(spec_mb_info, mb_info_rows);

static const struct schema_row mbm_rows[] = {
	NUMBER(spec_mbm_stats, mbm_total_bytes),
	NUMBER(spec_mbm_stats, mbm_local_bytes),
};
static const struct schema spec_mbm_stats_schema = SCHEMA(spec_mbm_stats, mbm_rows);

static const struct schema_row cmt_rows[] = {
	NUMBER(spec_cmt_stats, llc_occupancy),
};
static const struct schema spec_cmt_stats_schema = SCHEMA(spec_cmt_stats, cmt_rows);

static const struct schema_row rdt_rows[] = {
	OBJECT(spec_rdt_stats, l3_cache_info, spec_l3_info),
	OPTIONAL(spec_rdt_stats, l3_cache_schema_root, string),
	OPTIONAL(spec_rdt_stats, l3_cache_schema, string),
	OBJECT(spec_rdt_stats, mem_bw_info, spec_mb_info),
	OPTIONAL(spec_rdt_stats, mem_bw_schema_root, string),
	OPTIONAL(spec_rdt_stats, mem_bw_schema, string),
	OPTIONAL(spec_rdt_stats, schemata, strings),
	OBJECTS(spec_rdt_stats, mbm_stats, spec_mbm_stats),
	OBJECTS(spec_rdt_stats, cmt_stats, spec_cmt_stats),
};
static const struct schema spec_rdt_stats_schema = SCHEMA(spec_rdt_stats, rdt_rows);

static const struct schema_row network_rows[] = {
	ALWAYS(spec_network_stats, Name, string),
	NUMBER(spec_network_stats, RxBytes),
	NUMBER(spec_network_stats, RxPackets),
	NUMBER(spec_network_stats, RxErrors),
	NUMBER(spec_network_stats, RxDropped),
	NUMBER(spec_network_stats, TxBytes),
	NUMBER(spec_network_stats, TxPackets),
	NUMBER(spec_network_stats, TxErrors),
	NUMBER(spec_network_stats, TxDropped),
};
static const struct schema spec_network_stats_schema = SCHEMA(spec_network_stats, network_rows);

static const struct schema_row stats_rows[] = {
	EMBEDDED(spec_stats, cpu, spec_cpu_stats),
	EMBEDDED(spec_stats, cpuset, spec_cpuset_stats),
	EMBEDDED(spec_stats, memory, spec_memory_stats),
	EMBEDDED(spec_stats, pids, spec_pids_stats),
	EMBEDDED(spec_stats, blkio, spec_io_stats),
	KEYED(spec_stats, hugetlb, spec_hugetlb_stats),
	EMBEDDED(spec_stats, intel_rdt, spec_rdt_stats),
	OBJECTS(spec_stats, network_interfaces, spec_network_stats),
};
static const struct schema spec_stats_schema = SCHEMA(spec_stats, stats_rows);

/* A line, before it is known whether it has data. */
struct event {
	char *type, *id;
	struct spec_stats *data;
};

static const struct schema_row event_rows[] = {
	ALWAYS(event, type, string),
	ALWAYS(event, id, string),
	OBJECT(event, data, spec_stats),
};
static const struct schema event_schema = SCHEMA(event, event_rows);

void spec_stats_write(const char *id, const struct spec_stats *stats, struct buf *out)
{
	const struct event event = { "stats", (char *)id, (struct spec_stats *)stats };

	schema_write(&event_schema, &event, SCHEMA_COMPACT, out);
	buf_puts(out, "\n");
}

void spec_stats_write_oom(const char *id, struct buf *out)
{
	const struct event event = { "oom", (char *)id, NULL };

	schema_write(&event_schema, &event, SCHEMA_COMPACT, out);
	buf_puts(out, "\n");
}
