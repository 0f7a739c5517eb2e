/* test_rdt.c - groups in resctrl, on a directory that stands in for it */
#include "runtime/linux/rdt.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "runtime/linux/rdt_schemata.h"
#include "tests/unit/unit.h"

static struct arena arena;

static int tear_down(void **state)
{
	arena_free(&arena);
	return scratch_remove(state);
}

/* A group as the kernel makes it: these files come with the directory. */
static void fill_group(const char *path, const char *schemata)
{
	char *file = arena_printf(&arena, "%s/schemata", path);

	assert_int_equal(mkdir(path, 0755) == 0 || errno == EEXIST, 1);
	assert_int_equal(file_replace_at(AT_FDCWD, file, schemata, strlen(schemata), 0644), 0);
	file = arena_printf(&arena, "%s/tasks", path);
	assert_int_equal(file_replace_at(AT_FDCWD, file, "", 0, 0644), 0);
	assert_int_equal(file_make_directories(arena_printf(&arena, "%s/mon_groups", path), 0755),
			 0);
}

static char *below(void **state, const char *name)
{
	return arena_printf(&arena, "%s/%s", (char *)*state, name);
}

static int plan(void **state, const struct spec_intel_rdt *wanted, struct spec_rdt *rdt,
		struct error *err)
{
	memset(rdt, 0, sizeof(*rdt));
	return rdt_plan(*state, wanted, "box", &arena, rdt, err);
}

static void test_find_root(void **state)
{
	static const char none[] = "22 28 0:21 / /sys rw shared:7 - sysfs sysfs rw\n"
				   "23 22 0:22 / /sys/fs/resctrl rw - tmpfs resctrl rw\n";
	static const char one[] = "1 2 0:3 / / rw - ext4 /dev/a rw\n"
				  "36 35 98:0 / /mnt\\040a\\134b rw,noatime shared:1 "
				  "master:2 - resctrl resctrl rw\n";
	struct mountinfo mounts = mountinfo_parse(none, &arena);
	struct error err = { 0 };
	const char *root = NULL;

	assert_int_equal(rdt_find_root(&mounts, &root, &err), -ENOTSUP);
	assert_non_null(strstr(err.text, "intelRdt is specified in config, but Intel RDT is not "
					 "enabled"));
	mounts = mountinfo_parse(one, &arena);
	assert_int_equal(rdt_find_root(&mounts, &root, &err), 0);
	assert_string_equal(root, "/mnt a\\b");
	(void)state;
}

static void test_schemata(void **state)
{
	static const char file[] = "    MB:0= 100;1=100\n    L3:0=7ff;1=00f\nL2:0=ff\n";
	static const struct {
		const char *line;
		bool has;
	} rows[] = {
		{ "L3:0=7ff;1=f", true },
		{ "L3:1=F", true },
		{ "L3:00=07FF", true },
		{ "MB:0=100", true },
		{ "MB:1=100;0=100;", true },
		{ "  L2 : 0 = ff ", true },
		{ "L3:0=7fe", false },
		{ "L3:2=7ff", false },
		{ "MB:0=10", false },
		{ "L3CODE:0=7ff", false },
		{ "L:0=7ff", false },
		{ "", false },
		{ "L3", false },
		{ "L3:", false },
		{ "L3:0=7ff;1=100", false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		assert_int_equal(rdt_schemata_has(file, rows[i].line), rows[i].has);
	assert_false(rdt_schemata_has("", "L3:0=1"));
}

/* Without closID: a class of its own, which goes with the container. */
static void test_own_class(void **state)
{
	const struct spec_intel_rdt wanted = { .enableMonitoring = true };
	auto_close int dir = scratch_open(state);
	struct error err = { 0 };
	struct spec_rdt rdt;

	assert_int_equal(plan(state, &wanted, &rdt, &err), 0);
	assert_true(rdt.owned);
	assert_string_equal(rdt.group, below(state, "box"));
	assert_string_equal(rdt.monitor, below(state, "box/mon_groups/box"));
	assert_int_equal(count_entries(dir), 0);

	fill_group(rdt.group, "");
	assert_int_equal(rdt_make(&rdt, &wanted, &err), 0);
	fill_group(rdt.monitor, "");
	assert_int_equal(rdt_add(&rdt, 42, &err), 0);
	assert_file_is(dir, "box/tasks", "42");
	assert_file_is(dir, "box/mon_groups/box/tasks", "42");

	/* The kernel's rmdir(2) takes the files along, a plain directory's does not. */
	assert_int_equal(rdt_remove(&rdt, &err), -ENOTEMPTY);
	assert_non_null(strstr(err.text, rdt.monitor));
	assert_int_equal(file_remove_tree_at(dir, "box"), 0);
	assert_int_equal(rdt_remove(&rdt, &err), 0);
}

static void test_own_class_is_undone(void **state)
{
	const struct spec_intel_rdt wanted = { .memBwSchema = "MB:0=7" };
	auto_close int dir = scratch_open(state);
	struct error err = { 0 };
	struct spec_rdt rdt;

	assert_int_equal(plan(state, &wanted, &rdt, &err), 0);
	assert_int_equal(mkdirat(dir, "info", 0755), 0);
	assert_int_equal(file_replace_at(dir, "info/last_cmd_status", "MB value 7 too small\n", 21,
					 0644),
			 0);
	/* Nobody makes the files here: writing fails when the directory is made. */
	assert_int_equal(rdt_make(&rdt, &wanted, &err), -ENOENT);
	assert_non_null(strstr(err.text, "last_cmd_status: MB value 7 too small: "));
	assert_int_equal(count_entries(dir), 2);
	assert_int_equal(rdt_remove(&rdt, &err), 0);
	assert_int_equal(count_entries(dir), 1);
}

/* A class that has the container's id and is not ours is used and stays. */
static void test_class_is_there(void **state)
{
	const struct spec_intel_rdt wanted = { .l3CacheSchema = "L3:0=f" };
	auto_close int dir = scratch_open(state);
	struct error err = { 0 };
	struct spec_rdt rdt;

	fill_group(below(state, "box"), "");
	assert_int_equal(plan(state, &wanted, &rdt, &err), 0);
	assert_false(rdt.owned);
	assert_null(rdt.monitor);
	assert_int_equal(rdt_make(&rdt, &wanted, &err), 0);
	assert_file_is(dir, "box/schemata", "L3:0=f\n");
	assert_int_equal(rdt_remove(&rdt, &err), 0);
	assert_int_equal(count_entries(dir), 1);
}

static void test_named_class(void **state)
{
	char *list[] = { "L2:0=1", "MB:0=20", NULL };
	struct spec_intel_rdt wanted = { .closID = "gold" };
	auto_close int dir = scratch_open(state);
	struct error err = { 0 };
	struct spec_rdt rdt;

	/* Without schemas somebody else must have made it. */
	assert_int_equal(plan(state, &wanted, &rdt, &err), -ENOENT);
	assert_non_null(strstr(err.text, "/linux/intelRdt/closID"));
	wanted.schemata = list;
	assert_int_equal(plan(state, &wanted, &rdt, &err), 0);
	assert_false(rdt.owned);

	fill_group(below(state, "gold"), "L3:0=ff;1=ff\nMB:0=30;1=100\n");
	wanted.l3CacheSchema = "L3:0=0ff";
	wanted.memBwSchema = "MB:0=20";
	assert_int_equal(plan(state, &wanted, &rdt, &err), -EINVAL);
	assert_non_null(strstr(err.text, "does not say \"MB:0=20\""));
	wanted.memBwSchema = "MB:0=30";
	assert_int_equal(plan(state, &wanted, &rdt, &err), 0);
	fill_group(below(state, "gold"), "");
	assert_int_equal(rdt_make(&rdt, &wanted, &err), 0);
	assert_file_is(dir, "gold/schemata", "L3:0=0ff\nMB:0=30\nL2:0=1\nMB:0=20\n");
	assert_int_equal(rdt_remove(&rdt, &err), 0);
	assert_int_equal(count_entries(dir), 1);
}

/* "/" is the root of resctrl; a monitoring group goes with the container even there. */
static void test_default_class(void **state)
{
	const struct spec_intel_rdt wanted = { .closID = "/", .enableMonitoring = true };
	auto_close int dir = scratch_open(state);
	struct error err = { 0 };
	struct spec_rdt rdt;

	fill_group(*state, "L3:0=ff\n");
	assert_int_equal(plan(state, &wanted, &rdt, &err), 0);
	assert_string_equal(rdt.group, *state);
	assert_int_equal(rdt_make(&rdt, &wanted, &err), 0);
	assert_file_is(dir, "schemata", "L3:0=ff\n");
	assert_int_equal(faccessat(dir, "mon_groups/box", F_OK, 0), 0);
	assert_int_equal(rdt_remove(&rdt, &err), 0);
	assert_int_equal(faccessat(dir, "mon_groups/box", F_OK, 0), -1);
	assert_int_equal(rdt_remove(&rdt, &err), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_find_root, scratch_make, tear_down),
		cmocka_unit_test(test_schemata),
		cmocka_unit_test_setup_teardown(test_own_class, scratch_make, tear_down),
		cmocka_unit_test_setup_teardown(test_own_class_is_undone, scratch_make, tear_down),
		cmocka_unit_test_setup_teardown(test_class_is_there, scratch_make, tear_down),
		cmocka_unit_test_setup_teardown(test_named_class, scratch_make, tear_down),
		cmocka_unit_test_setup_teardown(test_default_class, scratch_make, tear_down),
	};

	return cmocka_run_group_tests_name("rdt", tests, NULL, NULL);
}
