/* test_deadline.c - bounded times */
#include "base/deadline.h"

#include "tests/unit/unit.h"

static void test_rest(void **state)
{
	struct deadline deadline = deadline_start(5);
	struct timespec rest;

	(void)state;
	assert_true(deadline_rest(&deadline, &rest));
	assert_in_range(rest.tv_sec, 1, 4);
	assert_in_range(rest.tv_nsec, 0, 999999999);
	deadline = deadline_start(0);
	assert_false(deadline_rest(&deadline, &rest));
	deadline = deadline_start(INT64_MAX);
	assert_true(deadline_rest(&deadline, &rest));
	assert_in_range(rest.tv_sec, INT32_MAX - 5, INT32_MAX);
}

/* 50 us are doubled to 12.8 ms in eight steps; a second has room for about ninety more. */
static void test_steps(void **state)
{
	struct deadline deadline = deadline_start(1);
	int steps = 0;

	(void)state;
	while (deadline_wait(&deadline))
		steps++;
	assert_in_range(steps, 9, 8 + 100);
	assert_false(deadline_wait(&deadline));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_rest),
		cmocka_unit_test(test_steps),
	};

	return cmocka_run_group_tests_name("deadline", tests, NULL, NULL);
}
