/* test_sysctl.c - names and values of kernel parameters */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/linux/sysctl.h"

/* Without a procfs to write to: a name that is let through ends with -EBADF. */
static int set(const char *key, const char *value, struct error *err)
{
	const struct spec_pair setting = { (char *)key, (char *)value };

	return sysctl_set(-1, &setting, 1, err);
}

static void names(void **state)
{
	static const char *const keys[] = {
		"net.ipv4.ip_forward", "net/ipv4/ip_forward", "net.ipv4.conf.eth0/100.forwarding",
		"net/ipv4/conf/eth0.100/forwarding", "kernel.msgmax",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		assert_int_equal(set(keys[i], "1", NULL), -EBADF);
}

static void keys_that_are_no_names(void **state)
{
	static const char *const keys[] = {
		"", "net", ".", "/", "..", "net.", "net/", ".net.x", "/net/x", "net..x", "net//x",
		"net/../kernel/core_pattern", "net/./x", "net/..", "../net/x", "net.../x",
		"net.x\n.y", "net.x y", "net.\x01", "net/x/../../../self/oom_score_adj",
	};
	char longest[400] = "net.";

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		assert_int_equal(set(keys[i], "1", NULL), -EINVAL);
	memset(longest + 4, 'x', sizeof(longest) - 5);
	assert_int_equal(set(longest, "1", NULL), -EINVAL);
}

static void values(void **state)
{
	(void)state;
	assert_int_equal(set("net.ipv4.ping_group_range", "0\t2147483647", NULL), -EBADF);
	assert_int_equal(set("net.ipv4.ip_forward", "", NULL), -EBADF);
	assert_int_equal(set("net.ipv4.ip_forward", "1\n", NULL), -EINVAL);
	assert_int_equal(set("net.ipv4.ip_forward", "1\r2", NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names),
		cmocka_unit_test(keys_that_are_no_names),
		cmocka_unit_test(values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
