/* test_table.c - tables of names, and the time as text */
#include "base/table.h"

#include <string.h>
#include <time.h>

#include "base/timestamp.h"
#include "tests/unit/unit.h"

static const struct name_value table[] = {
	{ "one", 1 },
	{ "first", 1 },
	{ "minus", -1 },
	{ "large", INT64_MAX },
	{ "nothing", 0 },
	{ NULL, 0 },
};

static void test_table(void **state)
{
	(void)state;
	assert_ptr_equal(table_find_name(table, "one"), &table[0]);
	assert_ptr_equal(table_find_name(table, "first"), &table[1]);
	assert_null(table_find_name(table, "on"));
	assert_null(table_find_name(table, "ones"));
	assert_null(table_find_name(table, "One"));
	assert_null(table_find_name(table, ""));
	assert_string_equal(table_name_of(table, 1), "one");
	assert_string_equal(table_name_of(table, -1), "minus");
	assert_string_equal(table_name_of(table, INT64_MAX), "large");
	assert_string_equal(table_name_of(table, 0), "nothing");
	assert_null(table_name_of(table, 2));
	assert_null(table_name_of(&table[5], 0));
}

static void test_flags(void **state)
{
	static const struct name_value flags[] = { { "A", 1 }, { "B", 4 }, { NULL, 0 } };
	char *none[] = { NULL }, *both[] = { "B", "A", "B", NULL }, *other[] = { "C", "A", NULL };

	(void)state;
	assert_int_equal(table_flags_of(flags, NULL), 0);
	assert_int_equal(table_flags_of(flags, none), 0);
	assert_int_equal(table_flags_of(flags, both), 5);
	assert_int_equal(table_flags_of(flags, other), 1);
}

static void test_timestamp(void **state)
{
	char text[TIMESTAMP_SIZE];
	struct tm utc = { 0 };
	const char *rest;
	time_t before = time(NULL), stamp;

	(void)state;
	timestamp_now(text);
	assert_int_equal(strlen(text), TIMESTAMP_SIZE - 1);
	rest = strptime(text, "%Y-%m-%dT%H:%M:%S", &utc);
	assert_non_null(rest);
	stamp = timegm(&utc);
	assert_true(stamp >= before - 1 && stamp <= time(NULL));
	assert_int_equal(rest[0], '.');
	assert_int_equal(strspn(rest + 1, "0123456789"), 9);
	assert_string_equal(rest + 10, "Z");
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_table),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_timestamp),
	};

	return cmocka_run_group_tests_name("table", tests, NULL, NULL);
}
