/* test_timestamp.c - points in time as text */
#include "base/timestamp.h"

#include <string.h>

#include "tests/unit/unit.h"

static void test_known(void **state)
{
	static const struct {
		time_t seconds;
		long nanoseconds;
		const char *text;
	} rows[] = {
		{ 0, 0, "1970-01-01T00:00:00.000000000Z" },
		{ 951782399, 999999999, "2000-02-28T23:59:59.999999999Z" },
		{ 951782400, 1, "2000-02-29T00:00:00.000000001Z" },
		{ 951868800, 0, "2000-03-01T00:00:00.000000000Z" },
		{ 4107542399, 0, "2100-02-28T23:59:59.000000000Z" },
		{ 4107542400, 0, "2100-03-01T00:00:00.000000000Z" },
		{ 253402300799, 5, "9999-12-31T23:59:59.000000005Z" },
	};
	char text[TIMESTAMP_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		const struct timespec time = { rows[i].seconds, rows[i].nanoseconds };

		timestamp_write(&time, text);
		assert_string_equal(text, rows[i].text);
	}
}

/* The calendar repeats after 400 years. */
static void test_as_gmtime(void **state)
{
	enum { DAYS = 146097, SECONDS_OF_DAY = 86400, ODD_TIME = 45296 };

	(void)state;
	for (time_t day = 0; day < DAYS; day++) {
		const struct timespec time = { day * SECONDS_OF_DAY + ODD_TIME, 0 };
		char text[TIMESTAMP_SIZE], wanted[TIMESTAMP_SIZE];
		struct tm utc;

		gmtime_r(&time.tv_sec, &utc);
		strftime(wanted, sizeof(wanted), "%Y-%m-%dT%H:%M:%S.000000000Z", &utc);
		timestamp_write(&time, text);
		assert_string_equal(text, wanted);
	}
}

static void test_now(void **state)
{
	char first[TIMESTAMP_SIZE], second[TIMESTAMP_SIZE];

	(void)state;
	timestamp_now(first);
	timestamp_now(second);
	assert_int_equal(strlen(first), TIMESTAMP_SIZE - 1);
	assert_true(strcmp(first, second) <= 0);
	assert_true(strcmp(first, "2024") > 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_known),
		cmocka_unit_test(test_as_gmtime),
		cmocka_unit_test(test_now),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
