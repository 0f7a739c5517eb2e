/* test_number.c - numbers as text: every edge, and nothing that wraps */
#include "base/number.h"

#include <errno.h>

#include "tests/unit/unit.h"

enum { UNTOUCHED = 77 };

static void test_u64(void **state)
{
	static const struct {
		const char *text;
		uint64_t max;
		int result;
		uint64_t value;
	} rows[] = {
		{ "0", 0, 0, 0 },
		{ "00", 0, 0, 0 },
		{ "007", 7, 0, 7 },
		{ "1", 0, -ERANGE, 0 },
		{ "9", 8, -ERANGE, 0 },
		{ "9", 9, 0, 9 },
		{ "10", 9, -ERANGE, 0 },
		{ "10", 10, 0, 10 },
		{ "18446744073709551615", UINT64_MAX, 0, UINT64_MAX },
		{ "18446744073709551616", UINT64_MAX, -ERANGE, 0 },
		{ "18446744073709551615", UINT64_MAX - 1, -ERANGE, 0 },
		{ "18446744073709551620", UINT64_MAX, -ERANGE, 0 },
		{ "99999999999999999999999999999999999999999", UINT64_MAX, -ERANGE, 0 },
		{ "000000000000000000000000000000000000000001", UINT64_MAX, 0, 1 },
		{ "", UINT64_MAX, -EINVAL, 0 },
		{ " 1", UINT64_MAX, -EINVAL, 0 },
		{ "1 ", UINT64_MAX, -EINVAL, 0 },
		{ "+1", UINT64_MAX, -EINVAL, 0 },
		{ "-1", UINT64_MAX, -EINVAL, 0 },
		{ "0x10", UINT64_MAX, -EINVAL, 0 },
		{ "1e3", UINT64_MAX, -EINVAL, 0 },
		{ "1.0", UINT64_MAX, -EINVAL, 0 },
		{ "1\n", UINT64_MAX, -EINVAL, 0 },
		{ "99999999999999999999999x", UINT64_MAX, -EINVAL, 0 },
		{ "\xd9\xa1", UINT64_MAX, -EINVAL, 0 }, /* a digit, but not an ASCII one */
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		uint64_t value = UNTOUCHED;
		int r = number_parse_u64(rows[i].text, rows[i].max, &value);

		assert_int_equal(r, rows[i].result);
		assert_true(value == (rows[i].result ? UNTOUCHED : rows[i].value));
	}
}

static void test_between(void **state)
{
	static const struct {
		const char *text;
		int result;
	} rows[] = {
		{ "1", 0 },
		{ "65535", 0 },
		{ "0", -ERANGE },
		{ "65536", -ERANGE },
		{ "01", -EINVAL },
		{ "00", -EINVAL },
		{ "", -EINVAL },
		{ "-1", -EINVAL },
		{ "1 ", -EINVAL },
	};
	uint64_t value;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		value = UNTOUCHED;
		assert_int_equal(number_parse_between(rows[i].text, 1, 65535, &value),
				 rows[i].result);
		assert_int_equal(value == UNTOUCHED, rows[i].result < 0);
	}
	assert_int_equal(number_parse_between("0", 0, 0, &value), 0);
	assert_int_equal(value, 0);
}

static void test_i64(void **state)
{
	static const struct {
		const char *text;
		int result;
		int64_t value;
	} rows[] = {
		{ "0", 0, 0 },
		{ "-0", 0, 0 },
		{ "-1", 0, -1 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "9223372036854775808", -ERANGE, 0 },
		{ "-9223372036854775808", 0, INT64_MIN },
		{ "-9223372036854775809", -ERANGE, 0 },
		{ "18446744073709551615", -ERANGE, 0 },
		{ "-18446744073709551615", -ERANGE, 0 },
		{ "", -EINVAL, 0 },
		{ "-", -EINVAL, 0 },
		{ "--1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "- 1", -EINVAL, 0 },
		{ "1-", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		int64_t value = UNTOUCHED;

		assert_int_equal(number_parse_i64(rows[i].text, &value), rows[i].result);
		assert_true(value == (rows[i].result ? UNTOUCHED : rows[i].value));
	}
}

/* What made other runtimes run a process as root: see the words that must be refused. */
static void test_id(void **state)
{
	static const char *const refused[] = {
		"",
		"-1",
		"4294967295",
		"4294967296",
		"4294967297",
		"8589934592",
		"18446744073709551616",
		" 1",
		"1 ",
		"+1",
		"0x0",
		"abc",
		"1:",
		"0b",
	};
	uint32_t id = UNTOUCHED;

	(void)state;
	for (size_t i = 0; i < LEN(refused); i++)
		assert_true(number_parse_id(refused[i], &id) < 0);
	assert_int_equal(id, UNTOUCHED);
	assert_int_equal(number_parse_id("0", &id), 0);
	assert_int_equal(id, 0);
	assert_int_equal(number_parse_id("2147483648", &id), 0);
	assert_true(id == 2147483648u);
	assert_int_equal(number_parse_id("4294967294", &id), 0);
	assert_true(id == 4294967294u);
	assert_int_equal(number_parse_id("4294967295", &id), -ERANGE);
	assert_int_equal(number_parse_id("-1", &id), -EINVAL);
}

static void test_size(void **state)
{
	static const struct {
		const char *text;
		int result;
		int64_t value;
	} rows[] = {
		{ "0", 0, 0 },
		{ "-1", 0, -1 },
		{ "1", 0, 1 },
		{ "1b", 0, 1 },
		{ "1B", 0, 1 },
		{ "1k", 0, 1024 },
		{ "1K", 0, 1024 },
		{ "1kb", 0, 1024 },
		{ "1KiB", 0, 1024 },
		{ "1kIb", 0, 1024 },
		{ "512M", 0, INT64_C(512) << 20 },
		{ "2g", 0, INT64_C(2) << 30 },
		{ "3T", 0, INT64_C(3) << 40 },
		{ "1p", 0, INT64_C(1) << 50 },
		{ "8191p", 0, INT64_C(8191) << 50 },
		{ "8192p", -ERANGE, 0 },
		{ "9007199254740991k", 0, INT64_C(9007199254740991) << 10 },
		{ "9007199254740992k", -ERANGE, 0 },
		{ "9223372036854775807", 0, INT64_MAX },
		{ "9223372036854775808", -ERANGE, 0 },
		{ "9223372036854775807b", 0, INT64_MAX },
		{ "9223372036854775807k", -ERANGE, 0 },
		{ "18446744073709551616", -ERANGE, 0 },
		{ "0p", 0, 0 },
		{ "", -EINVAL, 0 },
		{ "k", -EINVAL, 0 },
		{ "-", -EINVAL, 0 },
		{ "-2", -EINVAL, 0 },
		{ "-1k", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "1.5g", -EINVAL, 0 },
		{ "1 g", -EINVAL, 0 },
		{ "1g ", -EINVAL, 0 },
		{ "1kk", -EINVAL, 0 },
		{ "1ki", -EINVAL, 0 },
		{ "1ib", -EINVAL, 0 },
		{ "1bib", -EINVAL, 0 },
		{ "1kbx", -EINVAL, 0 },
		{ "1e", -EINVAL, 0 },
		{ "0x10", -EINVAL, 0 },
		{ "1\n", -EINVAL, 0 },
		{ "1\xc2", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		int64_t value = UNTOUCHED;

		assert_int_equal(number_parse_size(rows[i].text, &value), rows[i].result);
		assert_true(value == (rows[i].result ? UNTOUCHED : rows[i].value));
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_u64),
		cmocka_unit_test(test_between),
		cmocka_unit_test(test_i64),
		cmocka_unit_test(test_id),
		cmocka_unit_test(test_size),
	};

	return cmocka_run_group_tests_name("number", tests, NULL, NULL);
}
