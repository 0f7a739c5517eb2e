/* test_store.c - the state directories: ids, owners, what is planted in them */
#include "runtime/container/store.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "base/strv.h"
#include "tests/unit/unit.h"

/* Opens the store "store" in the test's directory. */
static int open_store(void **state, bool make, struct error *err)
{
	char path[128];

	snprintf(path, sizeof(path), "%s/store", (char *)*state);
	return store_open(path, make, err);
}

static void test_ids(void **state)
{
	static const char *const good[] = { "a", "A-b_c+d.e", "0", "_", "+", "a..b", "a-", "x." };
	static const char *const bad[] = {
		"",
		"../x",
		".",
		"..",
		"a/b",
		"/a",
		"a/",
		"-a",
		"--all",
		"-",
		".hidden",
		"a b",
		"a\nb",
		"a\n",
		"\na",
		"a\\b",
		"a%s",
		"a:b",
		"a\xc3\xbc",
		"a\x7f",
		"a*",
		"$(true)",
		"a\tb",
		"~",
		"a,b",
		"\xff",
	};
	char large[4097];
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(good); i++)
		assert_int_equal(store_check_id(good[i], &err), 0);
	for (size_t i = 0; i < LEN(bad); i++) {
		err.text[0] = 0;
		assert_int_equal(store_check_id(bad[i], &err), -EINVAL);
		assert_true(!*bad[i] || strstr(err.text, "invalid container ID format"));
	}
	memset(large, 'a', sizeof(large) - 1);
	large[sizeof(large) - 1] = 0;
	assert_int_equal(store_check_id(large, &err), -EINVAL);
	large[240] = 0;
	assert_int_equal(store_check_id(large, &err), 0);
	large[240] = 'a';
	large[241] = 0;
	assert_int_equal(store_check_id(large, &err), -EINVAL);
}

static void test_open(void **state)
{
	struct error err = { 0 };
	auto_close int none = open_store(state, false, &err);
	auto_close int store = -1;
	struct stat st;

	assert_int_equal(none, -ENOENT);
	store = open_store(state, true, &err);
	assert_true(store >= 0);
	assert_int_equal(fstat(store, &st), 0);
	assert_int_equal(st.st_mode & 0022, 0);
	assert_int_equal(st.st_uid, geteuid());
}

static void test_open_refused(void **state)
{
	auto_close int dir = scratch_open(state);
	struct error err = { 0 };

	assert_int_equal(mkdirat(dir, "elsewhere", 0700), 0);
	assert_int_equal(symlinkat("elsewhere", dir, "store"), 0);
	assert_true(open_store(state, true, &err) < 0);
	assert_int_equal(unlinkat(dir, "store", 0), 0);
	assert_int_equal(mkfifoat(dir, "store", 0600), 0);
	assert_true(open_store(state, true, &err) < 0);
	assert_int_equal(unlinkat(dir, "store", 0), 0);
	assert_int_equal(mkdirat(dir, "store", 0700), 0);
	for (mode_t mode = 0777; mode > 0711; mode--) {
		assert_int_equal(fchmodat(dir, "store", mode, 0), 0);
		if (mode & 0022) {
			assert_int_equal(open_store(state, true, &err), -EPERM);
			assert_non_null(strstr(err.text, "can be written by other users"));
		}
	}
	if (geteuid() != 0) {
		print_message("# SKIP only root can give a directory away\n");
		skip();
	}
	assert_int_equal(fchmodat(dir, "store", 0711, 0), 0);
	assert_int_equal(fchownat(dir, "store", 12345, 0, 0), 0);
	assert_int_equal(open_store(state, true, &err), -EPERM);
	assert_non_null(strstr(err.text, "belongs to user 12345"));
}

static void test_entry(void **state)
{
	struct error err = { 0 };
	auto_close int store = open_store(state, true, &err);
	auto_close int entry = store_make_entry(store, "a", &err);
	auto_close int again = -1;
	struct stat st;

	assert_true(entry >= 0);
	assert_int_equal(fstat(entry, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	assert_int_equal(store_make_entry(store, "a", &err), -EEXIST);
	assert_string_equal(err.text, "container with given ID already exists");
	again = store_open_entry(store, "a", false, &err);
	assert_true(again >= 0);
	assert_int_equal(store_open_entry(store, "b", false, &err), -ENOENT);
	assert_string_equal(err.text, "container does not exist");
	assert_int_equal(store_remove_entry(store, "a", &err), 0);
	assert_int_equal(store_open_entry(store, "a", true, &err), -ENOENT);
}

static void test_entry_refused(void **state)
{
	struct error err = { 0 };
	auto_close int store = open_store(state, true, &err);

	assert_int_equal(mkdirat(store, "real", 0700), 0);
	assert_int_equal(symlinkat("real", store, "link"), 0);
	assert_true(store_open_entry(store, "link", true, &err) < 0);
	assert_int_equal(store_make_entry(store, "link", &err), -EEXIST);
	assert_int_equal(mkfifoat(store, "fifo", 0600), 0);
	assert_true(store_open_entry(store, "fifo", true, &err) < 0);
	assert_int_equal(fchmodat(store, "real", 0777, 0), 0);
	assert_int_equal(store_open_entry(store, "real", true, &err), -EPERM);
	/* Removing the link leaves what it points to. */
	assert_int_equal(store_remove_entry(store, "link", &err), 0);
	assert_int_equal(faccessat(store, "real", F_OK, 0), 0);
}

static void test_list(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct error err = { 0 };
	auto_close int store = open_store(state, true, &err);
	char **ids = NULL, name[16];

	assert_int_equal(store_list(store, &arena, &ids, &err), 0);
	assert_int_equal(strv_len(ids), 0);
	/* More than fit at first, made backwards. */
	for (int i = 299; i >= 0; i--) {
		snprintf(name, sizeof(name), "c%03d", i);
		assert_int_equal(mkdirat(store, name, 0700), 0);
	}
	assert_int_equal(mkdirat(store, ".hidden", 0700), 0);
	assert_int_equal(mkdirat(store, "a\nb", 0700), 0);
	assert_int_equal(mkfifoat(store, "fifo", 0700), 0);
	assert_int_equal(symlinkat("c000", store, "link"), 0);
	for (int twice = 0; twice < 2; twice++) {
		assert_int_equal(store_list(store, &arena, &ids, &err), 0);
		assert_int_equal(strv_len(ids), 300);
		assert_string_equal(ids[0], "c000");
		assert_string_equal(ids[299], "c299");
	}
}

static void test_state(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct error err = { 0 };
	auto_close int store = open_store(state, true, &err);
	auto_close int entry = store_make_entry(store, "a", &err);
	struct spec_state written = {
		.ociVersion = "1.3.0",
		.id = "a",
		.pid = 42,
		.status = SPEC_STATUS_CREATED,
		.bundle = "/b \"x\"",
		.rootfs = "/b/rootfs",
		.created = "2026-01-01T00:00:00Z",
		.owner = "",
		.startTime = UINT64_MAX,
	};
	struct spec_state read = { 0 };

	assert_int_equal(store_read_state(entry, &arena, &read, &err), -ENOENT);
	assert_int_equal(store_write_state(entry, &written, &err), 0);
	assert_int_equal(store_read_state(entry, &arena, &read, &err), 0);
	assert_string_equal(read.id, "a");
	assert_string_equal(read.bundle, "/b \"x\"");
	assert_int_equal(read.pid, 42);
	assert_int_equal(read.status, SPEC_STATUS_CREATED);
	assert_true(read.startTime == UINT64_MAX);
	assert_int_equal(count_entries(entry), 1);
}

/* What somebody left in place of state.json is never followed, waited for or believed. */
static void test_state_refused(void **state)
{
	static const char *const texts[] = { "", "{", "{}", "[]", "null", "{\"id\":1}", "\xff" };
	auto_arena struct arena arena = { 0 };
	struct error err = { 0 };
	auto_close int store = open_store(state, true, &err);
	auto_close int entry = store_make_entry(store, "a", &err);
	struct spec_state read = { 0 };

	for (size_t i = 0; i < LEN(texts); i++) {
		assert_int_equal(
			file_replace_at(entry, "state.json", texts[i], strlen(texts[i]), 0600), 0);
		assert_int_equal(store_read_state(entry, &arena, &read, &err), -EINVAL);
	}
	assert_int_equal(unlinkat(entry, "state.json", 0), 0);
	assert_int_equal(symlinkat("/etc/passwd", entry, "state.json"), 0);
	assert_true(store_read_state(entry, &arena, &read, &err) < 0);
	assert_int_equal(unlinkat(entry, "state.json", 0), 0);
	assert_int_equal(mkfifoat(entry, "state.json", 0600), 0);
	assert_int_equal(store_read_state(entry, &arena, &read, &err), -EINVAL);
	assert_int_equal(unlinkat(entry, "state.json", 0), 0);
	assert_int_equal(mkdirat(entry, "state.json", 0700), 0);
	assert_true(store_read_state(entry, &arena, &read, &err) < 0);
}

/* It tells of no entry that the two other functions would refuse. */
static void test_glance(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct error err = { 0 };
	auto_close int store = open_store(state, true, &err);
	auto_close int entry = store_make_entry(store, "a", &err);
	struct spec_state written = {
		.ociVersion = "1.3.0",
		.id = "a",
		.bundle = "/b",
		.owner = "",
	};
	struct spec_state read = { 0 };
	char bundle[10000];
	bool starting;

	assert_int_equal(store_glance(store, "a", &arena, &read, &starting), -ENOENT);
	assert_int_equal(store_glance(store, "b", &arena, &read, &starting), -ENOENT);
	assert_int_equal(store_write_state(entry, &written, &err), 0);
	assert_int_equal(store_glance(store, "a", &arena, &read, &starting), 0);
	assert_string_equal(read.bundle, "/b");
	assert_false(starting);
	assert_int_equal(symlinkat("a", store, "link"), 0);
	assert_int_equal(store_glance(store, "link", &arena, &read, &starting), -EPERM);
	assert_int_equal(fchmod(entry, 0770), 0);
	assert_int_equal(store_glance(store, "a", &arena, &read, &starting), -EPERM);
	assert_int_equal(fchmod(entry, 0700), 0);
	if (geteuid() == 0) {
		assert_int_equal(fchown(entry, 12345, 0), 0);
		assert_int_equal(store_glance(store, "a", &arena, &read, &starting), -EPERM);
		assert_int_equal(fchown(entry, 0, 0), 0);
	}
	/* Longer than it takes at once: store_read_state() can. */
	memset(bundle, 'x', sizeof(bundle));
	bundle[sizeof(bundle) - 1] = 0;
	written.bundle = bundle;
	assert_int_equal(store_write_state(entry, &written, &err), 0);
	assert_int_equal(store_glance(store, "a", &arena, &read, &starting), -EFBIG);
	assert_int_equal(store_read_state(entry, &arena, &read, &err), 0);
	assert_int_equal(renameat(entry, "state.json", entry, "other"), 0);
	assert_int_equal(symlinkat("other", entry, "state.json"), 0);
	assert_int_equal(store_glance(store, "a", &arena, &read, &starting), -ELOOP);
	assert_int_equal(unlinkat(entry, "state.json", 0), 0);
	assert_int_equal(mkfifoat(entry, "state.json", 0600), 0);
	assert_true(store_glance(store, "a", &arena, &read, &starting) < 0);
	assert_int_equal(unlinkat(entry, "state.json", 0), 0);
	assert_int_equal(file_replace_at(entry, "state.json", "{", 1, 0600), 0);
	assert_int_equal(store_glance(store, "a", &arena, &read, &starting), -EINVAL);
}

static void test_starting(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct error err = { 0 };
	auto_close int store = open_store(state, true, &err);
	auto_close int entry = store_make_entry(store, "a", &err);
	struct spec_state written = { .ociVersion = "1.3.0", .id = "a", .bundle = "/b" };
	struct spec_state read = { 0 };
	struct stat st;
	bool starting;

	assert_int_equal(store_write_state(entry, &written, &err), 0);
	/* Whom else somebody lets read it stays. */
	assert_int_equal(fchmod(entry, 0750), 0);
	for (int marked = 0; marked < 4; marked++) {
		assert_int_equal(store_is_starting(entry), marked % 2);
		assert_int_equal(store_glance(store, "a", &arena, &read, &starting), 0);
		assert_int_equal(starting, marked % 2);
		assert_int_equal(fstat(entry, &st), 0);
		assert_int_equal(st.st_mode & 0777, 0750);
		if (marked % 2)
			store_unmark_starting(entry);
		else
			assert_int_equal(store_mark_starting(entry, &err), 0);
	}
	assert_int_equal(count_entries(entry), 1);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_make, scratch_remove)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_ids),
		TEST(test_open),
		TEST(test_open_refused),
		TEST(test_entry),
		TEST(test_entry_refused),
		TEST(test_list),
		TEST(test_state),
		TEST(test_state_refused),
		TEST(test_glance),
		TEST(test_starting),
	};

	return cmocka_run_group_tests_name("store", tests, NULL, NULL);
}
