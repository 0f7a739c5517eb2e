/* test_path.c - paths as text */
#include "base/path.h"

#include "tests/unit/unit.h"

static void test_clean(void **state)
{
	static const char *const rows[][2] = {
		{ "", "." },
		{ ".", "." },
		{ "./", "." },
		{ "././.", "." },
		{ "a", "a" },
		{ "a/", "a" },
		{ "./a", "a" },
		{ "a/.", "a" },
		{ "a//b", "a/b" },
		{ "a/..", "." },
		{ "a/../b", "b" },
		{ "a/b/..", "a" },
		{ "a/b/../..", "." },
		{ "a/b/../../..", ".." },
		{ "..", ".." },
		{ "../", ".." },
		{ "../..", "../.." },
		{ "../a", "../a" },
		{ "../a/..", ".." },
		{ "../a/../..", "../.." },
		{ "../a/b/../../../c", "../../c" },
		{ "a/../../b", "../b" },
		{ "./..", ".." },
		{ "/", "/" },
		{ "//", "/" },
		{ "///a", "/a" },
		{ "/.", "/" },
		{ "/./a/./b/.", "/a/b" },
		{ "/..", "/" },
		{ "/../..", "/" },
		{ "/../a", "/a" },
		{ "/a/..", "/" },
		{ "/a/../..", "/" },
		{ "/a/../../b", "/b" },
		{ "/a/b/c/../..", "/a" },
		{ "/a/b/", "/a/b" },
		{ "/...", "/..." },
		{ "/..a", "/..a" },
		{ "/a..", "/a.." },
		{ "/.a", "/.a" },
		{ "/a/.../..", "/a" },
		{ "/ab/cd/../ef", "/ab/ef" },
		{ "/a b/\n", "/a b/\n" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		auto_arena struct arena arena = { 0 };
		const char *clean = path_clean(&arena, rows[i][0]);

		assert_string_equal(clean, rows[i][1]);
		assert_string_equal(path_clean(&arena, clean), clean);
	}
}

static void test_join(void **state)
{
	static const char *const rows[][3] = {
		{ "/a", "b", "/a/b" },
		{ "/a", "/b", "/b" },
		{ "/a", "", "/a" },
		{ "/a", ".", "/a" },
		{ "/a", "..", "/" },
		{ "/a", "../../../b", "/b" },
		{ "/", "b", "/b" },
		{ "/", "//b/../c", "/c" },
		{ "/a/", "./b/", "/a/b" },
		{ "a", "../..", ".." },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		auto_arena struct arena arena = { 0 };

		assert_string_equal(path_join(&arena, rows[i][0], rows[i][1]), rows[i][2]);
	}
}

static void test_below(void **state)
{
	(void)state;
	assert_true(path_is_below("/a", "/a"));
	assert_true(path_is_below("/a/b", "/a"));
	assert_true(path_is_below("/a", "/"));
	assert_true(path_is_below("/", "/"));
	assert_false(path_is_below("/ab", "/a"));
	assert_false(path_is_below("/", "/a"));
	assert_false(path_is_below("/b/a", "/a"));
	assert_false(path_is_below("a", "/"));
}

static void test_basename(void **state)
{
	(void)state;
	assert_string_equal(path_basename("/a/b"), "b");
	assert_string_equal(path_basename("b"), "b");
	assert_string_equal(path_basename("/a/"), "");
	assert_string_equal(path_basename(""), "");
}

static void test_dotdot(void **state)
{
	static const char *const with[] = { "..", "/..", "../", "a/..", "a/../b", "a//..//b" };
	static const char *const without[] = { "", ".", "/", "...", "a..", "..a", "a/..b", "./a" };

	(void)state;
	for (size_t i = 0; i < LEN(with); i++)
		assert_true(path_has_dotdot(with[i]));
	for (size_t i = 0; i < LEN(without); i++)
		assert_false(path_has_dotdot(without[i]));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_join),
		cmocka_unit_test(test_below),
		cmocka_unit_test(test_basename),
		cmocka_unit_test(test_dotdot),
	};

	return cmocka_run_group_tests_name("path", tests, NULL, NULL);
}
