/* stats.h - what a container uses: the lines that `events` prints, in runc's names */
#pragma once
#include "base/arena.h"
#include "base/buf.h"
#include "spec/schema.h"

/*
 * Members are named as runc's types/events.go and its keys are: times are nanoseconds, sizes bytes,
 * "no limit" is the largest number that the kernel gives (of pids: 0, which is not written).
 */

struct spec_pressure { /* shares of the time in percent, and microseconds */
	double avg10, avg60, avg300;
	uint64_t total;
};

struct spec_pressures { struct spec_pressure some, full; };

struct spec_cpu_usage {
	uint64_t total;
	uint64_t *percpu, *percpu_kernel, *percpu_user; /* v1 */
	size_t percpu_len, percpu_kernel_len, percpu_user_len;
	uint64_t kernel, user;
};

struct spec_cpu_throttling { uint64_t periods, throttledPeriods, throttledTime; };

struct spec_cpu_stats {
	struct spec_cpu_usage usage;
	struct spec_cpu_throttling throttling;
	struct spec_pressures *psi; /* of v2, here and below; NULL: the kernel does not count it */
};

struct spec_cpuset_stats { /* of v2 only the lists, as they are in effect */
	uint32_t *cpus, *mems;
	size_t cpus_len, mems_len;
	uint64_t cpu_exclusive, mem_hardwall, mem_exclusive, memory_migrate, memory_spread_page;
	uint64_t memory_spread_slab, memory_pressure, sched_load_balance;
	int64_t sched_relax_domain_level;
};

struct spec_memory_entry { uint64_t limit, usage, max, failcnt; };

struct spec_memory_stats {
	uint64_t cache;
	struct spec_memory_entry usage;
	struct spec_memory_entry swap; /* memory and swap together */
	struct spec_memory_entry kernel, kernelTCP;
	struct schema_count *raw; /* memory.stat */
	size_t raw_len;
	struct spec_pressures *psi;
};

struct spec_pids_stats { uint64_t current, limit; };

struct spec_io_entry {
	uint32_t major, minor;
	char *op; /* "Read", "Write"; v1 also "Sync", "Async", "Discard", "Total", or NULL */
	uint64_t value;
};

struct spec_io_stats { /* v1 with the scheduler bfq has all of it, others the first two */
	struct spec_io_entry *ioServiceBytesRecursive, *ioServicedRecursive, *ioQueueRecursive;
	struct spec_io_entry *ioServiceTimeRecursive, *ioWaitTimeRecursive, *ioMergedRecursive;
	struct spec_io_entry *ioTimeRecursive, *sectorsRecursive;
	size_t ioServiceBytesRecursive_len, ioServicedRecursive_len, ioQueueRecursive_len;
	size_t ioServiceTimeRecursive_len, ioWaitTimeRecursive_len, ioMergedRecursive_len;
	size_t ioTimeRecursive_len, sectorsRecursive_len;
	struct spec_pressures *psi;
};

struct spec_hugetlb_stats {
	char *size; /* "2MB" */
	uint64_t usage, max, failcnt;
};

struct spec_l3_info {
	char *cbm_mask;
	uint64_t min_cbm_bits, num_closids;
};

struct spec_mb_info { uint64_t bandwidth_gran, delay_linear, min_bandwidth, num_closids; };

struct spec_mbm_stats { uint64_t mbm_total_bytes, mbm_local_bytes; };

struct spec_cmt_stats { uint64_t llc_occupancy; };

struct spec_rdt_stats { /* empty where config.json asks for none */
	struct spec_l3_info *l3_cache_info;
	char *l3_cache_schema_root, *l3_cache_schema;
	struct spec_mb_info *mem_bw_info;
	char *mem_bw_schema_root, *mem_bw_schema;
	char **schemata;
	struct spec_mbm_stats *mbm_stats; /* an entry for each cache */
	struct spec_cmt_stats *cmt_stats;
	size_t mbm_stats_len, cmt_stats_len;
};

struct spec_network_stats { /* as the container counts: what it receives and sends */
	char *Name;
	uint64_t RxBytes, RxPackets, RxErrors, RxDropped;
	uint64_t TxBytes, TxPackets, TxErrors, TxDropped;
};

struct spec_stats {
	struct spec_cpu_stats cpu;
	struct spec_cpuset_stats cpuset;
	struct spec_memory_stats memory;
	struct spec_pids_stats pids;
	struct spec_io_stats blkio;
	struct spec_hugetlb_stats *hugetlb;
	size_t hugetlb_len;
	struct spec_rdt_stats intel_rdt;
	struct spec_network_stats *network_interfaces;
	size_t network_interfaces_len;
};

/* Adds {"type":"stats","id":ID,"data":{...}} and a newline. Numbers that are 0 are written, too. */
void spec_stats_write(const char *id, const struct spec_stats *stats, struct buf *out);

/* Adds {"type":"oom","id":ID} and a newline. */
void spec_stats_write_oom(const char *id, struct buf *out);
