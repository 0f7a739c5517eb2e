/* test_stats.c - what is counted of a container: from the kernel's files to the line of `events` */
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/stats.h"
#include "runtime/linux/rdt_stats.h"
#include "runtime/net/counters.h"
#include "tests/unit/unit_cgroup.h"

static struct arena arena;

static int tear_down(void **state)
{
	arena_free(&arena);
	return scratch_remove(state);
}

static void write_file(void **state, const char *name, const char *text)
{
	auto_close int dir = scratch_open(state);

	assert_int_equal(file_replace_at(dir, name, text, strlen(text), 0644), 0);
}

static void write_folder_file(void **state, const char *folder, const char *name, const char *text)
{
	auto_buf struct buf path = { 0 };

	buf_printf(&path, "%s/%s", (char *)*state, folder);
	assert_int_equal(file_make_directories(path.data, 0755), 0);
	buf_printf(&path, "/%s", name);
	assert_int_equal(file_replace_at(AT_FDCWD, path.data, text, strlen(text), 0644), 0);
}

static void assert_entry(const struct spec_memory_entry *entry, uint64_t limit, uint64_t usage,
			 uint64_t max, uint64_t failcnt)
{
	assert_true(entry->limit == limit);
	assert_true(entry->usage == usage);
	assert_true(entry->max == max);
	assert_true(entry->failcnt == failcnt);
}

static void nothing(void **state)
{
	auto_cgroup struct cgroup v1 = make_cgroup(state, &cgroup_v1);
	const struct cgroup none = { .len = 0 };
	struct spec_stats stats = { 0 };

	stats_read(&none, &arena, &stats);
	stats_read(&v1, &arena, &stats);
	assert_true(stats.memory.usage.limit == 0 && stats.cpu.usage.total == 0);
	assert_null(stats.cpu.psi);
	assert_int_equal(stats.hugetlb_len, 0);
}

static void cpu_v1(void **state)
{
	auto_cgroup struct cgroup cgroup = make_cgroup(state, &cgroup_v1);
	struct spec_stats stats = { 0 };

	write_file(state, "cpuacct.usage", "123456789012\n");
	write_file(state, "cpuacct.stat", "user 7\nsystem 3\n");
	write_file(state, "cpuacct.usage_percpu", "11 22 \n");
	write_file(state, "cpuacct.usage_all", "cpu user system\n0 1 2\n1 3 4\n");
	write_file(state, "cpu.stat", "nr_periods 5\nnr_throttled 4\nthrottled_time 900\n");
	stats_read_cpu(&cgroup, &arena, &stats);
	assert_true(stats.cpu.usage.total == UINT64_C(123456789012));
	assert_int_equal(stats.cpu.usage.user, 70000000);
	assert_int_equal(stats.cpu.usage.kernel, 30000000);
	assert_int_equal(stats.cpu.usage.percpu_len, 2);
	assert_int_equal(stats.cpu.usage.percpu[1], 22);
	assert_int_equal(stats.cpu.usage.percpu_user_len, 2);
	assert_int_equal(stats.cpu.usage.percpu_user[1], 3);
	assert_int_equal(stats.cpu.usage.percpu_kernel[1], 4);
	assert_int_equal(stats.cpu.throttling.periods, 5);
	assert_int_equal(stats.cpu.throttling.throttledPeriods, 4);
	assert_int_equal(stats.cpu.throttling.throttledTime, 900);
}

static void cpu_v2(void **state)
{
	auto_cgroup struct cgroup cgroup = make_cgroup(state, &cgroup_v2);
	struct spec_stats stats = { 0 };

	write_file(state, "cpu.stat",
		   "usage_usec 12\nuser_usec 8\nsystem_usec 4\nnr_periods 3\nnr_throttled 2\n"
		   "throttled_usec 1\n");
	write_file(state, "cpu.pressure",
		   "some avg10=1.50 avg60=0.25 avg300=0.00 total=77\n"
		   "full avg10=0.00 avg60=0.00 avg300=100.00 total=5\n");
	stats_read_cpu(&cgroup, &arena, &stats);
	assert_int_equal(stats.cpu.usage.total, 12000);
	assert_int_equal(stats.cpu.usage.user, 8000);
	assert_int_equal(stats.cpu.usage.kernel, 4000);
	assert_int_equal(stats.cpu.throttling.periods, 3);
	assert_int_equal(stats.cpu.throttling.throttledTime, 1000);
	assert_true(stats.cpu.psi->some.avg10 == 1.5 && stats.cpu.psi->some.avg60 == 0.25);
	assert_int_equal(stats.cpu.psi->some.total, 77);
	assert_true(stats.cpu.psi->full.avg300 == 100);
}

static void memory_v1(void **state)
{
	auto_cgroup struct cgroup cgroup = make_cgroup(state, &cgroup_v1);
	struct spec_stats stats = { 0 };

	write_file(state, "memory.limit_in_bytes", "9223372036854771712\n");
	write_file(state, "memory.usage_in_bytes", "20\n");
	write_file(state, "memory.max_usage_in_bytes", "30\n");
	write_file(state, "memory.failcnt", "4\n");
	write_file(state, "memory.memsw.usage_in_bytes", "21\n");
	write_file(state, "memory.kmem.usage_in_bytes", "9\n");
	write_file(state, "memory.kmem.tcp.failcnt", "1\n");
	write_file(state, "memory.stat", "cache 5\nrss 6\ntotal_inactive_file 3\n");
	stats_read_memory(&cgroup, &arena, &stats);
	assert_entry(&stats.memory.usage, UINT64_C(9223372036854771712), 20, 30, 4);
	assert_entry(&stats.memory.swap, 0, 21, 0, 0);
	assert_entry(&stats.memory.kernel, 0, 9, 0, 0);
	assert_entry(&stats.memory.kernelTCP, 0, 0, 0, 1);
	assert_int_equal(stats.memory.cache, 5);
	assert_int_equal(stats.memory.raw_len, 3);
	assert_string_equal(stats.memory.raw[2].key, "total_inactive_file");
	assert_int_equal(stats_find_raw(&stats.memory, "rss"), 6);
	assert_int_equal(stats_find_raw(&stats.memory, "rs"), 0);
}

static void memory_v2(void **state)
{
	auto_cgroup struct cgroup cgroup = make_cgroup(state, &cgroup_v2);
	struct spec_stats stats = { 0 };

	write_file(state, "memory.max", "1000\n");
	write_file(state, "memory.current", "20\n");
	write_file(state, "memory.peak", "30\n");
	write_file(state, "memory.events", "low 0\nhigh 1\nmax 4\noom 2\noom_kill 1\n");
	write_file(state, "memory.swap.max", "500\n");
	write_file(state, "memory.swap.current", "7\n");
	write_file(state, "memory.stat", "anon 6\nfile 5\nkernel 9\nsock 2\n");
	stats_read_memory(&cgroup, &arena, &stats);
	assert_entry(&stats.memory.usage, 1000, 20, 30, 4);
	assert_entry(&stats.memory.swap, 1500, 27, 0, 0);
	assert_int_equal(stats.memory.kernel.usage, 9);
	assert_int_equal(stats.memory.kernelTCP.usage, 2);
	assert_int_equal(stats.memory.cache, 5);
	write_file(state, "memory.max", "max\n");
	stats = (struct spec_stats){ 0 };
	stats_read_memory(&cgroup, &arena, &stats);
	assert_true(stats.memory.usage.limit == UINT64_MAX);
	assert_true(stats.memory.swap.limit == UINT64_MAX);
}

static void pids(void **state)
{
	auto_cgroup struct cgroup cgroup = make_cgroup(state, &cgroup_v2);
	struct spec_stats stats = { 0 };

	write_file(state, "pids.current", "3\n");
	write_file(state, "pids.max", "40\n");
	stats_read_pids(&cgroup, &stats);
	assert_int_equal(stats.pids.current, 3);
	assert_int_equal(stats.pids.limit, 40);
	write_file(state, "pids.max", "max\n");
	stats_read_pids(&cgroup, &stats);
	assert_int_equal(stats.pids.limit, 0);
	/* Without the controller they are counted. */
	write_file(state, "pids.current", "0\n");
	write_file(state, "cgroup.procs", "10\n11\n");
	stats_read_pids(&cgroup, &stats);
	assert_int_equal(stats.pids.current, 2);
}

static void cpuset(void **state)
{
	auto_cgroup struct cgroup v1 = make_cgroup(state, &cgroup_v1);
	auto_cgroup struct cgroup v2 = make_cgroup(state, &cgroup_v2);
	struct spec_stats stats = { 0 };

	write_file(state, "cpuset.cpus", "0-2,7\n");
	write_file(state, "cpuset.mems", "\n");
	write_file(state, "cpuset.sched_load_balance", "1\n");
	write_file(state, "cpuset.sched_relax_domain_level", "-1\n");
	stats_read_cpuset(&v1, &arena, &stats);
	assert_int_equal(stats.cpuset.cpus_len, 4);
	assert_int_equal(stats.cpuset.cpus[3], 7);
	assert_int_equal(stats.cpuset.mems_len, 0);
	assert_int_equal(stats.cpuset.sched_load_balance, 1);
	assert_int_equal(stats.cpuset.sched_relax_domain_level, -1);
	stats = (struct spec_stats){ 0 };
	write_file(state, "cpuset.cpus.effective", "64\n");
	stats_read_cpuset(&v2, &arena, &stats);
	assert_int_equal(stats.cpuset.cpus_len, 1);
	assert_int_equal(stats.cpuset.cpus[0], 64);
}

static void assert_io(const struct spec_io_entry *entry, uint32_t major, uint32_t minor,
		      const char *op, uint64_t value)
{
	assert_int_equal(entry->major, major);
	assert_int_equal(entry->minor, minor);
	if (op)
		assert_string_equal(entry->op, op);
	else
		assert_null(entry->op);
	assert_true(entry->value == value);
}

static void io_v1(void **state)
{
	auto_cgroup struct cgroup cgroup = make_cgroup(state, &cgroup_v1);
	struct spec_stats stats = { 0 };

	write_file(state, "blkio.throttle.io_serviced_recursive",
		   "8:0 Read 2\n8:0 Total 2\nTotal 2\n");
	write_file(state, "blkio.throttle.io_service_bytes_recursive",
		   "8:0 Read 4096\nTotal 4096\n");
	write_file(state, "blkio.bfq.io_serviced_recursive", "Total 0\n");
	stats_read_io(&cgroup, &arena, &stats);
	assert_int_equal(stats.blkio.ioServicedRecursive_len, 2);
	assert_io(&stats.blkio.ioServicedRecursive[1], 8, 0, "Total", 2);
	assert_int_equal(stats.blkio.ioServiceBytesRecursive_len, 1);
	assert_io(&stats.blkio.ioServiceBytesRecursive[0], 8, 0, "Read", 4096);
	assert_null(stats.blkio.sectorsRecursive);
	/* Where a device has the scheduler bfq, its figures come first. */
	stats = (struct spec_stats){ 0 };
	write_file(state, "blkio.bfq.io_serviced_recursive", "8:16 Write 9\nTotal 9\n");
	write_file(state, "blkio.bfq.sectors_recursive", "8:16 6792\n");
	stats_read_io(&cgroup, &arena, &stats);
	assert_int_equal(stats.blkio.ioServicedRecursive_len, 1);
	assert_io(&stats.blkio.ioServicedRecursive[0], 8, 16, "Write", 9);
	assert_io(&stats.blkio.sectorsRecursive[0], 8, 16, NULL, 6792);
	assert_null(stats.blkio.ioServiceBytesRecursive);
}

static void io_v2(void **state)
{
	auto_cgroup struct cgroup cgroup = make_cgroup(state, &cgroup_v2);
	struct spec_stats stats = { 0 };

	write_file(state, "io.stat",
		   "253:0 \n8:0 rbytes=4096 wbytes=8192 rios=1 wios=2 dbytes=0 dios=0\n");
	stats_read_io(&cgroup, &arena, &stats);
	assert_int_equal(stats.blkio.ioServiceBytesRecursive_len, 2);
	assert_io(&stats.blkio.ioServiceBytesRecursive[0], 8, 0, "Read", 4096);
	assert_io(&stats.blkio.ioServiceBytesRecursive[1], 8, 0, "Write", 8192);
	assert_io(&stats.blkio.ioServicedRecursive[1], 8, 0, "Write", 2);
	stats = (struct spec_stats){ 0 };
	write_file(state, "io.stat", "253:0 \n");
	stats_read_io(&cgroup, &arena, &stats);
	assert_null(stats.blkio.ioServiceBytesRecursive);
}

static void hugetlb(void **state)
{
	auto_cgroup struct cgroup v1 = make_cgroup(state, &cgroup_v1);
	auto_cgroup struct cgroup v2 = make_cgroup(state, &cgroup_v2);
	struct spec_stats stats = { 0 };

	write_file(state, "hugetlb.2MB.limit_in_bytes", "0\n");
	write_file(state, "hugetlb.2MB.usage_in_bytes", "1\n");
	write_file(state, "hugetlb.2MB.max_usage_in_bytes", "2\n");
	write_file(state, "hugetlb.2MB.failcnt", "3\n");
	stats_read_hugetlb(&v1, &arena, &stats);
	assert_int_equal(stats.hugetlb_len, 1);
	assert_string_equal(stats.hugetlb[0].size, "2MB");
	assert_int_equal(stats.hugetlb[0].usage, 1);
	assert_int_equal(stats.hugetlb[0].max, 2);
	assert_int_equal(stats.hugetlb[0].failcnt, 3);
	/* What is reserved counts where the kernel knows it. */
	write_file(state, "hugetlb.2MB.rsvd.usage_in_bytes", "11\n");
	write_file(state, "hugetlb.2MB.rsvd.failcnt", "13\n");
	stats = (struct spec_stats){ 0 };
	stats_read_hugetlb(&v1, &arena, &stats);
	assert_int_equal(stats.hugetlb[0].usage, 11);
	assert_int_equal(stats.hugetlb[0].failcnt, 13);
	write_file(state, "hugetlb.2MB.current", "21\n");
	write_file(state, "hugetlb.2MB.events", "max 23\n");
	stats = (struct spec_stats){ 0 };
	stats_read_hugetlb(&v2, &arena, &stats);
	assert_int_equal(stats.hugetlb[0].usage, 21);
	assert_int_equal(stats.hugetlb[0].failcnt, 23);
}

static void network(void **state)
{
	struct spec_network_stats device, *devices = NULL;

	(void)state;
	assert_false(counters_parse("Inter-|   Receive |  Transmit", &arena, &device));
	assert_true(counters_parse("  eth0: 1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", &arena,
				   &device));
	assert_string_equal(device.Name, "eth0");
	assert_int_equal(device.RxBytes, 1);
	assert_int_equal(device.RxPackets, 2);
	assert_int_equal(device.RxErrors, 3);
	assert_int_equal(device.RxDropped, 4);
	assert_int_equal(device.TxBytes, 9);
	assert_int_equal(device.TxPackets, 10);
	assert_int_equal(device.TxErrors, 11);
	assert_int_equal(device.TxDropped, 12);
	assert_true(counters_read(getpid(), &arena, &devices) >= 1);
	assert_true(counters_read(0, &arena, &devices) < 0);
}

static void resctrl(void **state)
{
	const struct spec_rdt rdt = {
		.root = *state,
		.group = arena_printf(&arena, "%s/gold", (char *)*state),
	};
	struct spec_rdt_stats stats = { 0 };

	rdt_stats_read(&rdt, &arena, &stats);
	assert_null(stats.schemata);
	write_file(state, "schemata", "    L3:0=ff\n    MB:0=100\n");
	write_folder_file(state, "gold", "schemata", "    L3:0=f\n    MB:0=20\n");
	write_folder_file(state, "info/L3", "cbm_mask", "ff\n");
	write_folder_file(state, "info/L3", "min_cbm_bits", "2\n");
	write_folder_file(state, "info/L3", "num_closids", "16\n");
	write_folder_file(state, "info/L3_MON", "mon_features", "llc_occupancy\n");
	write_folder_file(state, "gold/mon_data/mon_L3_01", "llc_occupancy", "4096\n");
	write_folder_file(state, "gold/mon_data/mon_L3_00", "llc_occupancy", "8192\n");
	rdt_stats_read(&rdt, &arena, &stats);
	assert_string_equal(stats.l3_cache_info->cbm_mask, "ff");
	assert_int_equal(stats.l3_cache_info->min_cbm_bits, 2);
	assert_int_equal(stats.l3_cache_info->num_closids, 16);
	assert_string_equal(stats.l3_cache_schema_root, "L3:0=ff");
	assert_string_equal(stats.l3_cache_schema, "L3:0=f");
	assert_string_equal(stats.schemata[1], "MB:0=20");
	assert_null(stats.schemata[2]);
	assert_null(stats.mem_bw_info);
	assert_null(stats.mem_bw_schema);
	assert_int_equal(stats.cmt_stats_len, 2);
	assert_int_equal(stats.cmt_stats[0].llc_occupancy, 8192);
	assert_null(stats.mbm_stats);
	write_folder_file(state, "info/MB", "min_bandwidth", "10\n");
	rdt_stats_read(&rdt, &arena, &stats);
	assert_int_equal(stats.mem_bw_info->min_bandwidth, 10);
	assert_string_equal(stats.mem_bw_schema_root, "MB:0=100");
}

/* Numbers that are 0 are written; lists that are not there and a limit of pids are not. */
static void lines(void **state)
{
	uint64_t percpu[] = { UINT64_MAX, 0 };
	struct schema_count raw[] = { { "anon", 5 } };
	struct spec_pressures psi = { .some = { .avg10 = 0.126, .total = 9 } };
	struct spec_hugetlb_stats huge = { .size = "2MB", .usage = 1 };
	struct spec_network_stats device = { .Name = "a\"b\xff", .RxBytes = 7 };
	struct spec_stats stats = {
		.cpu = { .usage = { .percpu = percpu, .percpu_len = 2 }, .psi = &psi },
		.memory = { .raw = raw, .raw_len = 1 },
		.hugetlb = &huge,
		.hugetlb_len = 1,
		.network_interfaces = &device,
		.network_interfaces_len = 1,
	};
	static const char *const parts[] = {
		"{\"type\":\"stats\",\"id\":\"box\",\"data\":{\"cpu\":{\"usage\":{\"total\":0,",
		"\"percpu\":[18446744073709551615,0],\"kernel\":0,\"user\":0},",
		"\"psi\":{\"some\":{\"avg10\":0.13,\"avg60\":0.00,\"avg300\":0.00,\"total\":9},",
		"\"cpuset\":{\"cpu_exclusive\":0,",
		"\"raw\":{\"anon\":5}},\"pids\":{\"current\":0},\"blkio\":{},",
		"\"hugetlb\":{\"2MB\":{\"usage\":1,\"max\":0,\"failcnt\":0}},\"intel_rdt\":{},",
		"\"network_interfaces\":[{\"Name\":\"a\\\"b\xef\xbf\xbd\",\"RxBytes\":7,",
	};
	auto_buf struct buf out = { 0 }, oom = { 0 };

	(void)state;
	spec_stats_write("box", &stats, &out);
	for (size_t i = 0; i < LEN(parts); i++)
		if (!strstr(out.data, parts[i]))
			fail_msg("%s is not in %s", parts[i], out.data);
	assert_int_equal(strchr(out.data, '\n') - out.data, out.len - 1);
	spec_stats_write_oom("box", &oom);
	assert_string_equal(oom.data, "{\"type\":\"oom\",\"id\":\"box\"}\n");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_make, tear_down)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(nothing), TEST(cpu_v1),  TEST(cpu_v2),  TEST(memory_v1), TEST(memory_v2),
		TEST(pids),    TEST(cpuset),  TEST(io_v1),   TEST(io_v2),     TEST(hugetlb),
		TEST(network), TEST(resctrl), TEST(lines),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
