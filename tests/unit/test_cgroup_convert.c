/* test_cgroup_convert.c - limits of the specification as cgroup v2 takes them */
#include <errno.h>

#include "runtime/cgroup/convert.h"
#include "tests/unit/unit.h"

static void assert_text(bool (*convert)(int64_t, struct buf *), int64_t value, const char *expected)
{
	auto_buf struct buf text = { 0 };

	assert_int_equal(convert(value, &text), expected != NULL);
	if (expected)
		assert_string_equal(text.data, expected);
	else
		assert_int_equal(text.len, 0);
}

static void test_numbers(void **state)
{
	(void)state;
	assert_text(convert_plain, 0, "0");
	assert_text(convert_plain, INT64_MIN, "-9223372036854775808");
	assert_text(convert_nonzero, 0, NULL);
	assert_text(convert_nonzero, -1, "-1");
	assert_text(convert_max, 0, NULL);
	assert_text(convert_max, -1, "max");
	assert_text(convert_max, INT64_MAX, "9223372036854775807");
}

static void test_pids(void **state)
{
	(void)state;
	assert_text(convert_pids, -1, "max");
	assert_text(convert_pids, 0, "1");
	assert_text(convert_pids, 1, "1");
	assert_text(convert_pids, 100, "100");
}

static void test_nice(void **state)
{
	(void)state;
	assert_int_equal(convert_nice_to_weight(0), 100);
	assert_int_equal(convert_nice_to_weight(-20), 8668);
	assert_int_equal(convert_nice_to_weight(19), 1);
	assert_int_equal(convert_nice_to_weight(-3), 194);
	assert_int_equal(convert_nice_to_weight(-21), 0);
	assert_int_equal(convert_nice_to_weight(20), 0);
}

/* The expected values are ceil(10 ** ((l * l + 125 * l) / 612 - 7 / 34)), l = log2(shares). */
static void test_shares(void **state)
{
	static const struct { uint64_t shares, weight; } cases[] = {
		{ 0, 1 }, { 1, 1 }, { 2, 1 }, { 3, 2 }, { 10, 4 }, { 100, 17 }, { 102, 17 },
		{ 512, 59 }, { 1000, 99 }, { 1023, 100 }, { 1024, 100 }, { 1025, 101 },
		{ 2048, 174 }, { 4096, 303 }, { 65536, 3023 }, { 262143, 10000 },
		{ 262144, 10000 }, { 262145, 10000 }, { UINT64_MAX, 10000 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++)
		assert_int_equal(convert_shares_to_weight(cases[i].shares), cases[i].weight);
	assert_text(convert_shares, 0, NULL);
	assert_text(convert_shares, 1024, "100");
}

static void test_shares_never_fall(void **state)
{
	uint64_t last = 1;

	(void)state;
	for (uint64_t shares = 2; shares <= 262144; shares++) {
		uint64_t weight = convert_shares_to_weight(shares);

		assert_true(weight >= last && weight <= 10000);
		last = weight;
	}
}

static void test_blkio_weight(void **state)
{
	(void)state;
	assert_int_equal(convert_blkio_weight(0), 1);
	assert_int_equal(convert_blkio_weight(10), 1);
	assert_int_equal(convert_blkio_weight(500), 4950);
	assert_int_equal(convert_blkio_weight(1000), 10000);
}

enum { ABSENT = 77 };

static void assert_swap(int64_t swap, int64_t limit, int64_t known_limit, const char *expected)
{
	struct spec_memory memory = {
		.swap = swap == ABSENT ? NULL : &swap,
		.limit = limit == ABSENT ? NULL : &limit,
	};
	auto_buf struct buf text = { 0 };

	assert_int_equal(convert_swap(&memory, known_limit, &text, NULL), expected != NULL);
	if (expected)
		assert_string_equal(text.data, expected);
}

static void test_swap(void **state)
{
	(void)state;
	assert_swap(ABSENT, ABSENT, 0, NULL);
	assert_swap(0, 100, 100, NULL);
	assert_swap(ABSENT, 100, 100, NULL);
	assert_swap(300, 100, 100, "200");
	assert_swap(100, 100, 100, "0");
	assert_swap(-1, 100, 100, "max");
	assert_swap(-1, ABSENT, 0, "max");
	assert_swap(ABSENT, -1, -1, "max");
	assert_swap(0, -1, -1, "max");
	assert_swap(500, -1, -1, "500");
	/* The limit that holds already. */
	assert_swap(300, ABSENT, 100, "200");
}

static void test_swap_refused(void **state)
{
	int64_t swap = 50, limit = 100;
	struct spec_memory memory = { .swap = &swap, .limit = &limit };
	auto_buf struct buf text = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(convert_swap(&memory, 100, &text, &err), -EINVAL);
	assert_non_null(strstr(err.text, "50"));
	memory.limit = NULL;
	assert_int_equal(convert_swap(&memory, 0, &text, &err), -EINVAL);
	assert_int_equal(text.len, 0);
}

static void assert_cpu_max(int64_t quota, uint64_t period, const char *current,
			   const char *expected)
{
	struct spec_cpu cpu = {
		.quota = quota == ABSENT ? NULL : &quota,
		.period = period == ABSENT ? NULL : &period,
	};
	auto_buf struct buf text = { 0 };

	assert_int_equal(convert_cpu_max(&cpu, current, &text), expected != NULL);
	if (expected)
		assert_string_equal(text.data, expected);
}

static void test_cpu_max(void **state)
{
	(void)state;
	assert_cpu_max(ABSENT, ABSENT, "max 100000\n", NULL);
	assert_cpu_max(0, 0, "max 100000\n", NULL);
	assert_cpu_max(5000, ABSENT, "max 100000\n", "5000");
	assert_cpu_max(5000, 20000, "max 100000\n", "5000 20000");
	assert_cpu_max(-1, 20000, "5000 100000\n", "max 20000");
	assert_cpu_max(ABSENT, 20000, "5000 100000\n", "5000 20000");
	assert_cpu_max(ABSENT, 20000, "max", "max 20000");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_numbers),		  cmocka_unit_test(test_pids),
		cmocka_unit_test(test_shares),		  cmocka_unit_test(test_shares_never_fall),
		cmocka_unit_test(test_blkio_weight),	  cmocka_unit_test(test_swap),
		cmocka_unit_test(test_swap_refused),	  cmocka_unit_test(test_cpu_max),
		cmocka_unit_test(test_nice),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
