/* test_cgroup_exhausted.c - what a cgroup's files say about limits that have been reached */
#include <errno.h>

#include "runtime/cgroup/driver.h"
#include "tests/unit/unit_cgroup.h"

static void write_file(const struct cgroup *cgroup, const char *name, const char *text)
{
	assert_int_equal(file_replace_at(cgroup->hierarchies[0].fd, name, text, strlen(text), 0644),
			 0);
}

static void oom_kills(void **state)
{
	auto_cgroup struct cgroup v1 = make_cgroup(state, &cgroup_v1);
	auto_cgroup struct cgroup v2 = make_cgroup(state, &cgroup_v2);
	struct cgroup none = { .len = 0 };
	uint64_t count = 77;

	assert_int_equal(cgroup_count_oom_kills(&none, &count), -EOPNOTSUPP);
	assert_int_equal(cgroup_count_oom_kills(&v2, &count), -ENOENT);
	assert_int_equal(count, 77);
	write_file(&v1, "memory.oom_control", "oom_kill_disable 0\nunder_oom 0\noom_kill 3\n");
	assert_int_equal(cgroup_count_oom_kills(&v1, &count), 0);
	assert_int_equal(count, 3);
	write_file(&v2, "memory.events", "low 0\nhigh 0\nmax 9\noom 8\noom_kill 4\n");
	assert_int_equal(cgroup_count_oom_kills(&v2, &count), 0);
	assert_int_equal(count, 4);
	write_file(&v2, "memory.events", "oom_killer 4\n");
	assert_int_equal(cgroup_count_oom_kills(&v2, &count), -EOPNOTSUPP);
	write_file(&v2, "memory.events", "");
	assert_int_equal(cgroup_count_oom_kills(&v2, &count), -EOPNOTSUPP);
}

static void memory_limit(void **state)
{
	auto_cgroup struct cgroup v1 = make_cgroup(state, &cgroup_v1);
	auto_cgroup struct cgroup v2 = make_cgroup(state, &cgroup_v2);
	uint64_t limit;

	write_file(&v1, "memory.limit_in_bytes", "65536\n");
	assert_int_equal(cgroup_memory_limit(&v1, &limit), 0);
	assert_int_equal(limit, 65536);
	write_file(&v1, "memory.limit_in_bytes", "9223372036854771712\n");
	assert_int_equal(cgroup_memory_limit(&v1, &limit), -ERANGE);
	write_file(&v2, "memory.max", "max\n");
	assert_int_equal(cgroup_memory_limit(&v2, &limit), -ERANGE);
	write_file(&v2, "memory.max", "4096\n");
	assert_int_equal(cgroup_memory_limit(&v2, &limit), 0);
	assert_int_equal(limit, 4096);
}

/* current: of pids.current. Return: the message. */
static const char *explain(const struct cgroup *cgroup, const char *current, int num,
			   struct error *err)
{
	write_file(cgroup, "pids.current", current);
	*err = (struct error){ 0 };
	error_errno(err, num, "fork");
	assert_int_equal(cgroup_explain_fork(cgroup, num, err), num);
	return err->text;
}

static void full(void **state)
{
	static const char plain[] = "fork: resource temporarily unavailable";
	auto_cgroup struct cgroup cgroup = make_cgroup(state, &cgroup_v2);
	struct error err;

	assert_string_equal(explain(&cgroup, "5\n", -EAGAIN, &err), plain);
	write_file(&cgroup, "pids.max", "max\n");
	assert_string_equal(explain(&cgroup, "5\n", -EAGAIN, &err), plain);
	write_file(&cgroup, "pids.max", "5\n");
	assert_string_equal(explain(&cgroup, "4\n", -EAGAIN, &err), plain);
	assert_string_equal(explain(&cgroup, "5\n", -ENOMEM, &err), "fork: cannot allocate memory");
	assert_string_equal(explain(&cgroup, "6\n", -EAGAIN, &err),
			    "fork: resource temporarily unavailable: the container has reached its "
			    "limit of 5 (/linux/resources/pids/limit)");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_make, scratch_remove)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(oom_kills),
		TEST(memory_limit),
		TEST(full),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
