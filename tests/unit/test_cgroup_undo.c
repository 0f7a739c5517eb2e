/* test_cgroup_undo.c - what is written to set a limit back */
#include "runtime/cgroup/limits_undo.h"
#include "tests/unit/unit.h"

static void test_texts(void **state)
{
	static const struct { const char *file, *content, *text, *expected; } cases[] = {
		{ "memory.max", "max\n", "1048576", "max" },
		{ "cpu.max", "max 100000\n", "5000 50000", "max 100000" },
		{ "cpuset.cpus", "\n", "0", "\n" },
		{ "io.max", "", "8:0 rbps=1", "8:0 rbps=max wbps=max riops=max wiops=max" },
		{ "io.max",
		  "8:1 rbps=2 wbps=max riops=max wiops=max\n"
		  "8:0 rbps=3 wbps=max riops=max wiops=max\n",
		  "8:0 wbps=1", "8:0 rbps=3 wbps=max riops=max wiops=max" },
		{ "io.max", "18:0 rbps=2 wbps=max riops=max wiops=max\n", "8:0 rbps=1",
		  "8:0 rbps=max wbps=max riops=max wiops=max" },
		{ "io.weight", "default 100\n8:0 50\n", "200", "default 100" },
		{ "io.weight", "default 100\n8:0 50\n", "8:0 70", "8:0 50" },
		{ "io.bfq.weight", "default 100\n", "8:0 70", "8:0 default" },
		{ "blkio.throttle.read_bps_device", "8:0 1024\n", "8:0 2048", "8:0 1024" },
		{ "blkio.throttle.read_bps_device", "", "8:0 2048", "8:0 0" },
		{ "net_prio.ifpriomap", "lo 0\neth0 5\n", "eth0 7", "eth0 5" },
		{ "rdma.max", "mlx hca_handle=2 hca_object=max\n", "mlx hca_handle=1",
		  "mlx hca_handle=2 hca_object=max" },
		{ "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 0\n", "1", "0" },
		{ "cpuset.cpus.partition", "root invalid (Parent is no partition)\n", "member",
		  "root" },
		{ "memory.events", "low 0\nhigh 0\n", "x", NULL },
	};
	auto_arena struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		const char *text = limits_undo_text(cases[i].file, cases[i].content, cases[i].text,
						    &arena);

		if (cases[i].expected)
			assert_string_equal(text, cases[i].expected);
		else
			assert_null(text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_texts),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
