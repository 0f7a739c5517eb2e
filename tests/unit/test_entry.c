/* test_entry.c - names in archives: what is cleaned, and what is refused */
#include "bundles/entry.h"

#include <errno.h>
#include <string.h>

#include "tests/unit/unit.h"

static void test_clean(void **state)
{
	static const struct {
		const char *name, *clean;
	} rows[] = {
		{ "a", "a" },
		{ "./", "." },
		{ ".", "." },
		{ "././.", "." },
		{ "./a/b", "a/b" },
		{ "a//b///", "a/b" },
		{ "a/./b/.", "a/b" },
		{ "...", "..." },
		{ "a/..b/c..", "a/..b/c.." },
		{ " ", " " },
		{ "a\nb", "a\nb" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		char clean[ENTRY_NAME_SIZE] = "";
		struct error err = { 0 };

		assert_int_equal(entry_clean_name("name", rows[i].name, clean, &err), 0);
		assert_string_equal(clean, rows[i].clean);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *name, *message;
	} rows[] = {
		{ "", "name \"\" is empty" },
		{ "/", "name \"/\" is absolute" },
		{ "/etc/passwd", "name \"/etc/passwd\" is absolute" },
		{ "//x", "is absolute" },
		{ "..", "name \"..\" has \"..\"" },
		{ "../x", "has \"..\"" },
		{ "a/../b", "has \"..\"" },
		{ "a/b/..", "has \"..\"" },
		{ "./../a", "has \"..\"" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		char clean[ENTRY_NAME_SIZE] = "untouched";
		struct error err = { 0 };

		assert_int_equal(entry_clean_name("name", rows[i].name, clean, &err), -EINVAL);
		assert_non_null(strstr(err.text, rows[i].message));
		assert_string_equal(clean, "untouched");
	}
}

/* Fills name with count times the part. */
static const char *repeat(char *name, const char *part, int count)
{
	char *end = name;

	while (count-- > 0)
		end = stpcpy(end, part);
	return name;
}

static void test_limits(void **state)
{
	static char name[70000];
	char clean[ENTRY_NAME_SIZE];
	struct error err = { 0 };

	(void)state;
	assert_int_equal(entry_clean_name("name", repeat(name, "x", 255), clean, &err), 0);
	assert_int_equal(entry_clean_name("name", repeat(name, "x", 256), clean, &err),
			 -ENAMETOOLONG);
	assert_int_equal(entry_clean_name("name", repeat(name, "x", 65536), clean, &err),
			 -ENAMETOOLONG);
	assert_int_equal(entry_clean_name("name", repeat(name, "d/", 128), clean, &err), 0);
	assert_int_equal(entry_clean_name("name", repeat(name, "d/", 129), clean, &err),
			 -ENAMETOOLONG);
	/* Long as text, short as a path. */
	assert_int_equal(entry_clean_name("name", repeat(name, "./", 30000), clean, &err), 0);
	assert_string_equal(clean, ".");
	/* 40 components of 101 bytes are 4080 bytes, 41 are too many for PATH_MAX. */
	repeat(name, "a", 101);
	strcat(name, "/");
	memcpy(name + 102, name, 102);
	for (int i = 2; i < 41; i++)
		memcpy(name + i * 102, name, 102);
	name[40 * 102] = 0;
	assert_int_equal(entry_clean_name("name", name, clean, &err), 0);
	assert_int_equal(strlen(clean), 40 * 102 - 1);
	name[40 * 102] = 'a';
	name[41 * 102] = 0;
	assert_int_equal(entry_clean_name("name", name, clean, &err), -ENAMETOOLONG);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_clean),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_limits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
