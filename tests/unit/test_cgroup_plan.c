/* test_cgroup_plan.c - where a container's cgroup is; runs on any kind of host, makes nothing */
#include <errno.h>

#include "base/path.h"
#include "runtime/cgroup/driver.h"
#include "tests/unit/unit.h"

static void test_has_controller(void **state)
{
	(void)state;
	assert_true(cgroup_has_controller("memory", "memory"));
	assert_true(cgroup_has_controller("cpu,cpuacct", "cpu"));
	assert_true(cgroup_has_controller("cpu,cpuacct", "cpuacct"));
	assert_false(cgroup_has_controller("cpuset", "cpu"));
	assert_false(cgroup_has_controller("cpuacct,cpuset", "cpu"));
	assert_false(cgroup_has_controller("", "cpu"));
	assert_false(cgroup_has_controller("memory", ""));
}

static void test_absolute(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct cgroup cgroup = { 0 };

	(void)state;
	assert_int_equal(cgroup_plan("/a//b/./c/", "id", &arena, &cgroup, NULL), 0);
	assert_false(cgroup.implicit);
	for (size_t i = 0; i < cgroup.len; i++) {
		const struct cgroup_hierarchy *hierarchy = &cgroup.hierarchies[i];
		char *expected = arena_printf(&arena, "%s/a/b/c", hierarchy->mount);

		assert_string_equal(hierarchy->path, expected);
		assert_int_equal(hierarchy->fd, -1);
		assert_int_equal(cgroup_is_v2(hierarchy), !*hierarchy->controllers);
	}
}

static void test_implicit(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct cgroup cgroup = { 0 }, same = { 0 };

	(void)state;
	assert_int_equal(cgroup_plan(NULL, "x1", &arena, &cgroup, NULL), 0);
	assert_int_equal(cgroup_plan("", "x1", &arena, &same, NULL), 0);
	assert_true(cgroup.implicit && same.implicit);
	assert_int_equal(cgroup.len, same.len);
	for (size_t i = 0; i < cgroup.len; i++) {
		assert_string_equal(cgroup.hierarchies[i].path, same.hierarchies[i].path);
		assert_string_equal(path_basename(cgroup.hierarchies[i].path), "gocker-x1");
		assert_true(path_is_below(cgroup.hierarchies[i].path, cgroup.hierarchies[i].mount));
	}
}

static void test_relative(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct cgroup cgroup = { 0 };

	(void)state;
	assert_int_equal(cgroup_plan("a/b", "id", &arena, &cgroup, NULL), 0);
	for (size_t i = 0; i < cgroup.len; i++) {
		const char *path = cgroup.hierarchies[i].path;

		assert_true(path_is_below(path, cgroup.hierarchies[i].mount));
		assert_string_equal(path + strlen(path) - 4, "/a/b");
	}
}

static void test_refused(void **state)
{
	static const char *const paths[] = {
		"..", "../x", "/..", "/a/../b", "a/..", "/", "//", ".", "/.", "./",
		"system.slice:gocker:x", "::x",
	};
	auto_arena struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(paths); i++) {
		struct cgroup cgroup = { 0 };
		struct error err = { 0 };

		assert_int_equal(cgroup_plan(paths[i], "id", &arena, &cgroup, &err), -EINVAL);
		assert_non_null(strstr(err.text, paths[i]));
		assert_non_null(strstr(err.text, "/linux/cgroupsPath"));
		assert_int_equal(cgroup.len, 0);
	}
}

/* Names that only look like something else. */
static void test_accepted(void **state)
{
	static const char *const paths[] = { "...", "/..a", "a..b", "/a:b:c", "a:b", "a:b:c/d" };
	auto_arena struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(paths); i++) {
		struct cgroup cgroup = { 0 };

		assert_int_equal(cgroup_plan(paths[i], "id", &arena, &cgroup, NULL), 0);
	}
}

static void test_from_paths(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct cgroup cgroup = { 0 }, copy = { 0 };

	(void)state;
	assert_int_equal(cgroup_plan("/gocker-unit-test/none", "id", &arena, &cgroup, NULL), 0);
	assert_int_equal(cgroup_from_paths(cgroup_paths(&cgroup, &arena), &arena, &copy, NULL), 0);
	assert_int_equal(copy.len, cgroup.len);
	for (size_t i = 0; i < copy.len; i++) {
		assert_string_equal(copy.hierarchies[i].path, cgroup.hierarchies[i].path);
		assert_string_equal(copy.hierarchies[i].mount, cgroup.hierarchies[i].mount);
		assert_ptr_equal(copy.hierarchies[i].driver, cgroup.hierarchies[i].driver);
		assert_int_equal(copy.hierarchies[i].fd, -1);
	}
	assert_int_equal(cgroup_clone_fd(&copy), -1);
}

/* A state file that is not ours must not make us kill or remove what is not a container's. */
static void test_from_paths_refused(void **state)
{
	char *paths[] = { "/", "/etc/x", "/sys/fs/cgroup", "/sys/fs/cgroup/", "/sys/fs/cgroupx/a/b",
			  "/sys/fs/cgroup/a/../../b", "relative/a/b", "" };
	auto_arena struct arena arena = { 0 };
	struct cgroup cgroup = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(paths); i++) {
		char *one[] = { paths[i], NULL };

		assert_int_equal(cgroup_from_paths(one, &arena, &cgroup, NULL), -EINVAL);
	}
	assert_int_equal(cgroup_plan("/x", "id", &arena, &cgroup, NULL), 0);
	for (size_t i = 0; i < cgroup.len; i++) {
		char *one[] = { cgroup.hierarchies[i].mount, NULL };
		struct cgroup copy = { 0 };

		assert_int_equal(cgroup_from_paths(one, &arena, &copy, NULL), -EINVAL);
	}
}

static void test_of_process(void **state)
{
	auto_arena struct arena arena = { 0 };
	auto_cgroup struct cgroup cgroup = { 0 };

	(void)state;
	assert_int_equal(cgroup_of_process(getpid(), &arena, &cgroup, NULL), 0);
	for (size_t i = 0; i < cgroup.len; i++)
		assert_true(cgroup.hierarchies[i].fd >= 0);
	assert_int_equal(cgroup_of_process(999999999, &arena, &cgroup, NULL), -ESRCH);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_has_controller), cmocka_unit_test(test_absolute),
		cmocka_unit_test(test_implicit),       cmocka_unit_test(test_relative),
		cmocka_unit_test(test_refused),	       cmocka_unit_test(test_accepted),
		cmocka_unit_test(test_from_paths),     cmocka_unit_test(test_from_paths_refused),
		cmocka_unit_test(test_of_process),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
