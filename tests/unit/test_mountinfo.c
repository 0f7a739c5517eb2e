/* test_mountinfo.c - the table of mounts, as the kernel writes it */
#include "runtime/linux/mountinfo.h"

#include "base/buf.h"
#include "tests/unit/unit.h"

static void test_fields(void **state)
{
	static const char text[] =
		"22 1 254:0 / / rw,relatime shared:1 - ext4 /dev/vda rw\n"
		"36 22 98:0 /a\\040b/mnt1 /mnt\\0112\\012\\134 rw,noatime master:1 unbindable - "
		"fuse.x\\040y /dev/root rw,errors=continue\n"
		"4294967296 22 0:5 /\\043 /x rw - tmpfs - - rw\n";
	static const struct mountinfo_row rows[] = {
		{ 22, "/", "/", "ext4" },
		{ 36, "/a b/mnt1", "/mnt\t2\n\\", "fuse.x\\040y" },
		{ 4294967296, "/#", "/x", "tmpfs" },
	};
	auto_arena struct arena arena = { 0 };
	struct mountinfo info = mountinfo_parse(text, &arena);

	(void)state;
	assert_int_equal(info.len, LEN(rows));
	for (size_t i = 0; i < LEN(rows); i++) {
		assert_int_equal(info.rows[i].id, rows[i].id);
		assert_string_equal(info.rows[i].root, rows[i].root);
		assert_string_equal(info.rows[i].point, rows[i].point);
		assert_string_equal(info.rows[i].type, rows[i].type);
	}
}

static void test_backslash_that_escapes_nothing(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct mountinfo info = mountinfo_parse("1 2 0:3 /\\ /\\9\\04\\x41\\1 rw - t s rw", &arena);

	(void)state;
	assert_int_equal(info.len, 1);
	assert_string_equal(info.rows[0].root, "/\\");
	assert_string_equal(info.rows[0].point, "/\\9\\04\\x41\\1");
}

static void test_lines_that_lack_a_field(void **state)
{
	static const char *const texts[] = {
		"", "\n\n", " - ", "1 2 0:3 /", "1 2 0:3 / - tmpfs tmpfs rw", "1 2 0:3 / /mnt rw",
		"1 2 0:3 / /mnt rw -",
	};
	auto_arena struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(texts); i++)
		assert_int_equal(mountinfo_parse(texts[i], &arena).len, 0);
	assert_int_equal(mountinfo_parse("1\n1 2 0:3 / / rw - t s rw\n2\n", &arena).len, 1);
}

static void test_many(void **state)
{
	enum { COUNT = 100000 };
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf text = { 0 };
	struct mountinfo info;
	char last[64];

	(void)state;
	for (int i = 1; i <= COUNT; i++)
		buf_printf(&text, "%d 1 0:3 / /mnt/%d rw - tmpfs tmpfs rw\n", i, i);
	info = mountinfo_parse(text.data, &arena);
	assert_int_equal(info.len, COUNT);
	snprintf(last, sizeof(last), "/mnt/%d", COUNT);
	assert_string_equal(info.rows[COUNT - 1].point, last);
}

static void test_own(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct mountinfo info = { 0 };
	struct error err = { 0 };
	bool has_proc = false;

	(void)state;
	assert_int_equal(mountinfo_read(&arena, &info, &err), 0);
	for (size_t i = 0; i < info.len; i++)
		has_proc |= !strcmp(info.rows[i].point, "/proc") &&
			    !strcmp(info.rows[i].type, "proc");
	assert_true(has_proc);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_fields),
		cmocka_unit_test(test_backslash_that_escapes_nothing),
		cmocka_unit_test(test_lines_that_lack_a_field),
		cmocka_unit_test(test_many),
		cmocka_unit_test(test_own),
	};

	return cmocka_run_group_tests_name("mountinfo", tests, NULL, NULL);
}
