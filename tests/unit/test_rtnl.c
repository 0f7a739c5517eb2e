/* test_rtnl.c - who may answer a request to the kernel */
#include "runtime/net/rtnl.h"

#include <errno.h>
#include <linux/netlink.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "tests/unit/unit.h"

static void test_only_the_kernel(void **state)
{
	auto_rtnl struct rtnl rtnl = { 0 };
	auto_close int other = socket(AF_NETLINK, SOCK_RAW | SOCK_CLOEXEC, NETLINK_ROUTE);
	struct sockaddr_nl address = { .nl_family = AF_NETLINK };
	struct nlmsghdr message = { .nlmsg_len = sizeof(message), .nlmsg_type = NLMSG_DONE };
	socklen_t len = sizeof(address);

	(void)state;
	assert_int_equal(rtnl_open(&rtnl, NULL), 0);
	assert_int_equal(getsockname(mnl_socket_get_fd(rtnl.socket),
				     (struct sockaddr *)&address, &len), 0);
	assert_int_not_equal(address.nl_pid, 0);
	assert_int_equal(sendto(other, &message, sizeof(message), 0,
				(const struct sockaddr *)&address, sizeof(address)), -1);
	assert_int_equal(errno, ECONNREFUSED);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_the_kernel),
	};

	return cmocka_run_group_tests_name("rtnl", tests, NULL, NULL);
}
