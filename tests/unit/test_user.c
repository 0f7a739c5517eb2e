/* test_user.c - users as exec --user names them */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/linux/user.h"

static void numbers_are_taken(void **state)
{
	uint32_t uid = 7, gid = 8;

	(void)state;
	assert_int_equal(user_parse("0", &uid, &gid, NULL), 0);
	assert_int_equal(uid, 0);
	assert_int_equal(gid, 8);
	assert_int_equal(user_parse("1000:1001", &uid, &gid, NULL), 0);
	assert_int_equal(uid, 1000);
	assert_int_equal(gid, 1001);
	assert_int_equal(user_parse("4294967294:4294967294", &uid, &gid, NULL), 0);
	assert_int_equal(uid, 4294967294U);
	assert_int_equal(gid, 4294967294U);
}

static void all_else_is_refused(void **state)
{
	static const char *const bad[] = {
		"", ":", "1:", ":1", "abc", "-1", " 1", "1 ", "0x0", "+1", "1:2:3", "4294967295",
		"4294967296", "1:-1", "1:4294967295", "1:a", "root", "1.0", "1\n",
		"99999999999999999999",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct error err = { 0 };
		uint32_t uid = 7, gid = 8;

		assert_int_equal(user_parse(bad[i], &uid, &gid, &err), -EINVAL);
		assert_non_null(strstr(err.text, bad[i]));
		assert_int_equal(uid, 7);
		assert_int_equal(gid, 8);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_taken),
		cmocka_unit_test(all_else_is_refused),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
