/* test_filter_cache.c - kept filters are found whole or not at all, and do not pile up */
#include "runtime/container/filter_cache.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>

#include "tests/unit/unit.h"

static void keep(int store, const char *key_text, const char *program_text)
{
	auto_buf struct buf key = { 0 }, program = { 0 };

	buf_puts(&key, key_text);
	buf_puts(&program, program_text);
	filter_cache_keep(store, &key, &program);
}

static void assert_found(int store, const char *key_text, const char *program_text)
{
	auto_buf struct buf key = { 0 }, program = { 0 };

	buf_puts(&key, key_text);
	assert_int_equal(filter_cache_find(store, &key, &program), program_text != NULL);
	if (program_text)
		assert_string_equal(program.data, program_text);
	else
		assert_int_equal(program.len, 0);
}

static void test_keep_and_find(void **state)
{
	auto_close int store = scratch_open(state);
	int before = count_fds();

	assert_found(store, "key", NULL);
	keep(store, "key", "program");
	assert_found(store, "key", "program");
	assert_found(store, "ke", NULL);
	assert_found(store, "key2", NULL);
	keep(store, "key", "another");
	assert_found(store, "key", "another");
	assert_int_equal(count_fds(), before);
}

/* Every single bit counts. */
static void test_changed_bits(void **state)
{
	auto_close int store = scratch_open(state);
	auto_close int dir = -1;
	auto_buf struct buf text = { 0 };
	struct dirent *entry;
	DIR *list;

	keep(store, "key", "program");
	dir = openat(store, ".seccomp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	list = fdopendir(dup(dir));
	do
		entry = readdir(list);
	while (entry && *entry->d_name == '.');
	assert_non_null(entry);
	assert_int_equal(file_read_at(dir, entry->d_name, 1 << 20, &text), 0);
	for (size_t i = 0; i < text.len * 8; i++) {
		text.data[i / 8] ^= (char)(1 << i % 8);
		assert_int_equal(file_replace_at(dir, entry->d_name, text.data, text.len, 0600), 0);
		assert_found(store, "key", NULL);
		text.data[i / 8] ^= (char)(1 << i % 8);
	}
	for (size_t len = 0; len < text.len; len++) {
		assert_int_equal(file_replace_at(dir, entry->d_name, text.data, len, 0600), 0);
		assert_found(store, "key", NULL);
	}
	assert_int_equal(file_replace_at(dir, entry->d_name, text.data, text.len, 0600), 0);
	assert_found(store, "key", "program");
	closedir(list);
}

static void test_number_is_bounded(void **state)
{
	auto_close int store = scratch_open(state);
	auto_close int dir = -1;

	for (int i = 0; i < 200; i++) {
		char key[16];

		snprintf(key, sizeof(key), "key %d", i);
		keep(store, key, "program");
	}
	assert_found(store, "key 199", "program");
	assert_found(store, "key 0", NULL);
	dir = openat(store, ".seccomp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	assert_in_range(count_entries(dir), 32, 64);
}

static void test_no_place(void **state)
{
	auto_close int store = scratch_open(state);

	assert_int_equal(file_replace_at(store, ".seccomp", "mine", 4, 0600), 0);
	keep(store, "key", "program");
	assert_found(store, "key", NULL);
	assert_file_is(store, ".seccomp", "mine");
	assert_int_equal(unlinkat(store, ".seccomp", 0), 0);
	assert_int_equal(mkdirat(store, ".seccomp", 0755), 0);
	keep(store, "key", "program");
	assert_found(store, "key", NULL);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_make, scratch_remove)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_keep_and_find),
		TEST(test_changed_bits),
		TEST(test_number_is_bounded),
		TEST(test_no_place),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
