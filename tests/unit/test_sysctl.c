/* test_sysctl.c - which kernel parameters a container may set */
#include <errno.h>
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/linux/sysctl.h"

enum { ALL = CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWUSER | CLONE_NEWUTS };

static int check(const char *key, const char *value, int namespaces, struct error *err)
{
	const struct spec_pair setting = { (char *)key, (char *)value };

	return sysctl_check(&setting, 1, namespaces, err);
}

static void parameters_of_namespaces(void **state)
{
	static const struct {
		const char *key;
		int type;
	} rows[] = {
		{ "net.ipv4.ip_forward", CLONE_NEWNET }, { "net/ipv4/ip_forward", CLONE_NEWNET },
		{ "net.ipv4.conf.eth0/100.forwarding", CLONE_NEWNET },
		{ "net/ipv4/conf/eth0.100/forwarding", CLONE_NEWNET },
		{ "kernel.msgmax", CLONE_NEWIPC }, { "kernel/shm_rmid_forced", CLONE_NEWIPC },
		{ "fs.mqueue.msg_max", CLONE_NEWIPC }, { "kernel.domainname", CLONE_NEWUTS },
		{ "user.max_net_namespaces", CLONE_NEWUSER },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct error err = { 0 };

		assert_int_equal(check(rows[i].key, "1", rows[i].type, NULL), 0);
		assert_int_equal(check(rows[i].key, "1", ALL & ~rows[i].type, &err), -EINVAL);
		assert_non_null(strstr(err.text, rows[i].key));
	}
}

static void parameters_of_the_host(void **state)
{
	static const char *const keys[] = {
		"kernel.core_pattern", "kernel.sysrq", "kernel.hostname", "vm.swappiness",
		"fs.file-max", "kernel.msgmax2", "kernel.shm", "netx.y", "fs.mqueue",
		"kernel/core_pattern",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++) {
		struct error err = { 0 };

		assert_int_equal(check(keys[i], "1", ALL, &err), -EINVAL);
		assert_non_null(strstr(err.text, keys[i]));
	}
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
		assert_int_equal(check(keys[i], "1", ALL, NULL), -EINVAL);
	memset(longest + 4, 'x', sizeof(longest) - 5);
	assert_int_equal(check(longest, "1", ALL, NULL), -EINVAL);
}

static void values(void **state)
{
	(void)state;
	assert_int_equal(check("net.ipv4.ping_group_range", "0\t2147483647", ALL, NULL), 0);
	assert_int_equal(check("net.ipv4.ip_forward", "", ALL, NULL), 0);
	assert_int_equal(check("net.ipv4.ip_forward", "1\n", ALL, NULL), -EINVAL);
	assert_int_equal(check("net.ipv4.ip_forward", "1\r2", ALL, NULL), -EINVAL);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(parameters_of_namespaces),
		cmocka_unit_test(parameters_of_the_host),
		cmocka_unit_test(keys_that_are_no_names),
		cmocka_unit_test(values),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
