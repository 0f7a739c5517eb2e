/* test_forwarding.c - what a host forwards for containers, and what it still does not */
#include "runtime/net/forwarding.h"

#include <arpa/inet.h>
#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/socket.h>

#include "runtime/net/bridge.h"
#include "runtime/net/link.h"
#include "runtime/net/link_make.h"
#include "runtime/net/nat.h"
#include "runtime/net/setup.h"
#include "tests/unit/unit_netns.h"

enum { PORT = 7000, QUICK = 5000, NEVER = 100 /* ms */ };

/* A host between neighbours, each behind a link of its own: 192.0.2.x/32 routed there. */
struct neighbour {
	int netns, server;
	char address[16], address6[32];
};

static void host_with_run(struct rtnl *rtnl)
{
	host_make(rtnl);
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	assert_int_equal(mount("tmpfs", "/run", "tmpfs", 0, "mode=755"), 0);
	host("ip link set lo up");
}

/* Listens in both families. */
static int listen_here(void)
{
	const struct sockaddr_in6 address = { .sin6_family = AF_INET6, .sin6_port = htons(PORT) };
	int fd = socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);

	assert_int_equal(bind(fd, (const struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(fd, 10), 0);
	return fd;
}

static struct neighbour neighbour_make(int number)
{
	struct neighbour neighbour;
	auto_close int own = netns_open();
	char line[512];

	neighbour.netns = netns_make();
	snprintf(neighbour.address, sizeof(neighbour.address), "192.0.%d.2", number);
	snprintf(neighbour.address6, sizeof(neighbour.address6), "2001:db8:%d::2", number);
	snprintf(line, sizeof(line),
		 "ip link add out%d type veth peer name eth0 netns /proc/%d/fd/%d &&"
		 " ip address add 192.0.%d.1/24 dev out%d &&"
		 " ip address add 2001:db8:%d::1/64 dev out%d nodad && ip link set out%d up",
		 number, getpid(), neighbour.netns, number, number, number, number, number);
	host(line);
	assert_int_equal(setns(neighbour.netns, CLONE_NEWNET), 0);
	snprintf(line, sizeof(line),
		 "ip address add 192.0.%d.2/24 dev eth0 &&"
		 " ip address add 2001:db8:%d::2/64 dev eth0 nodad && ip link set eth0 up &&"
		 " ip route add default via 192.0.%d.1 &&"
		 " ip route add default via 2001:db8:%d::1",
		 number, number, number, number);
	host(line);
	neighbour.server = listen_here();
	assert_int_equal(setns(own, CLONE_NEWNET), 0);
	return neighbour;
}

static void neighbour_close(struct neighbour *neighbour)
{
	close(neighbour->server);
	close(neighbour->netns);
}

#define auto_neighbour __attribute__((cleanup(neighbour_close)))

static bool connects(int fd, const struct sockaddr *address, socklen_t len, int wait)
{
	struct pollfd poller = { .fd = fd, .events = POLLOUT };
	int error = 0;
	socklen_t size = sizeof(error);

	return (connect(fd, address, len) == 0 || errno == EINPROGRESS) &&
	       poll(&poller, 1, wait) == 1 &&
	       getsockopt(fd, SOL_SOCKET, SO_ERROR, &error, &size) == 0 && !error;
}

/* Whether the address answers in a network namespace, within so many milliseconds. */
static bool reaches(int from, const char *address, int wait)
{
	auto_close int own = netns_open(), fd = -1;
	struct sockaddr_in6 to6 = { .sin6_family = AF_INET6, .sin6_port = htons(PORT) };
	struct sockaddr_in to4 = { .sin_family = AF_INET, .sin_port = htons(PORT) };
	bool is_v6 = strchr(address, ':');
	bool result;

	assert_int_equal(setns(from, CLONE_NEWNET), 0);
	fd = socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
	if (is_v6) {
		inet_pton(AF_INET6, address, &to6.sin6_addr);
		result = connects(fd, (struct sockaddr *)&to6, sizeof(to6), wait);
	} else {
		inet_pton(AF_INET, address, &to4.sin_addr);
		result = connects(fd, (struct sockaddr *)&to4, sizeof(to4), wait);
	}
	assert_int_equal(setns(own, CLONE_NEWNET), 0);
	return result;
}

/* A container on the bridge, as create makes it. */
static int container_make(struct rtnl *rtnl, const struct bridge *bridge)
{
	static const struct link_new end = { .name = "veth1" }, peer = { .name = "eth0" };
	struct ip_prefix addresses[2] = { bridge->address4, bridge->address6 };
	struct setup setup = {
		.name = "eth0",
		.addresses = addresses,
		.addresses_len = bridge->address6.ip.family ? 2 : 1,
		.gateway4 = bridge->address4.ip,
		.gateway6 = bridge->address6.ip,
	};
	auto_rtnl struct rtnl inside = { NULL };
	int netns = netns_make();

	for (int i = 0; i < 2; i++) {
		addresses[i] = ip_prefix_network(&addresses[i]);
		addresses[i].ip = ip_prefix_host(&addresses[i], 6);
	}
	assert_int_equal(link_make_veth(rtnl, &end, bridge->index, &peer, netns, NULL), 0);
	open_inside(&inside, netns);
	assert_int_equal(setup_link(&inside, &setup, NULL), 0);
	return netns;
}

static void open_bridge(struct rtnl *rtnl, bool v6, struct bridge *bridge)
{
	const struct bridge_request request = {
		.name = "gocker0",
		.needs4 = true,
		.needs6 = v6,
		.nat = true,
	};
	struct error err = { 0 };

	if (bridge_open(rtnl, &request, bridge, &err) < 0)
		fail_msg("%s", err.text);
}

static void assert_nothing_is_left(void)
{
	host("test -z \"$(ls -A /run/gocker/.net)\"");
	host("! nft list tables | grep -q gocker");
	host("test $(cat /proc/sys/net/ipv4/ip_forward) = 0");
	host("test $(cat /proc/sys/net/ipv6/conf/all/forwarding) = 0");
}

static void test_only_for_containers(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	auto_close int container = -1;
	struct error err = { 0 };

	(void)state;
	host_with_run(&rtnl);
	auto_neighbour struct neighbour one = neighbour_make(1);
	auto_neighbour struct neighbour two = neighbour_make(2);
	assert_false(reaches(one.netns, two.address, NEVER));
	open_bridge(&rtnl, true, &bridge);
	container = container_make(&rtnl, &bridge);
	assert_true(reaches(container, one.address, QUICK));
	assert_true(reaches(container, two.address6, QUICK));
	assert_false(reaches(one.netns, two.address, NEVER));
	assert_false(reaches(two.netns, one.address6, NEVER));
	/* The host itself is reached as before. */
	host("test $(cat /proc/sys/net/ipv4/conf/out1/forwarding) = 1");
	assert_int_equal(link_remove(&rtnl, "veth1", NULL), 0);
	if (bridge_release(&rtnl, &bridge, &err) != 1)
		fail_msg("%s", err.text);
	assert_nothing_is_left();
	assert_false(reaches(one.netns, two.address, NEVER));
}

/* As docker's: made later, it counts on what is there. */
static void test_links_made_later(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE, again = BRIDGE_NONE;

	(void)state;
	host_with_run(&rtnl);
	auto_neighbour struct neighbour one = neighbour_make(1);
	auto_neighbour struct neighbour two = neighbour_make(2);
	open_bridge(&rtnl, false, &bridge);
	auto_neighbour struct neighbour late = neighbour_make(3);
	assert_true(reaches(late.netns, one.address, QUICK));
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	bridge_close(&bridge);
	/* The host goes on forwarding for it, and for nobody else. */
	host("test $(cat /proc/sys/net/ipv4/ip_forward) = 1");
	assert_true(reaches(late.netns, one.address, QUICK));
	assert_false(reaches(one.netns, two.address, NEVER));
	host("ip link del out3");
	open_bridge(&rtnl, false, &again);
	assert_int_equal(bridge_release(&rtnl, &again, NULL), 1);
	assert_nothing_is_left();
}

/* What forwarded before does so after it. */
static void test_host_that_forwards(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE;

	(void)state;
	host_with_run(&rtnl);
	auto_neighbour struct neighbour one = neighbour_make(1);
	auto_neighbour struct neighbour two = neighbour_make(2);
	host("echo 1 >/proc/sys/net/ipv4/ip_forward");
	open_bridge(&rtnl, false, &bridge);
	assert_true(reaches(one.netns, two.address, QUICK));
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	host("test $(cat /proc/sys/net/ipv4/ip_forward) = 1");
	assert_true(reaches(one.netns, two.address, QUICK));
	host("! nft list tables | grep -q gocker");
}

static void test_routers(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE;

	(void)state;
	host_with_run(&rtnl);
	host("ip link add uplink type veth peer name off &&"
	     " echo 0 >/proc/sys/net/ipv6/conf/off/accept_ra");
	open_bridge(&rtnl, true, &bridge);
	host("test $(cat /proc/sys/net/ipv6/conf/uplink/accept_ra) = 2");
	host("test $(cat /proc/sys/net/ipv6/conf/off/accept_ra) = 0");
	host("test $(cat /proc/sys/net/ipv6/conf/lo/accept_ra) = 1");
	host("test $(cat /proc/sys/net/ipv6/conf/gocker0/accept_ra) = 0");
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	host("test $(cat /proc/sys/net/ipv6/conf/uplink/accept_ra) = 1");
	host("test $(cat /proc/sys/net/ipv6/conf/off/accept_ra) = 0");
	assert_nothing_is_left();
}

/* A bridge that is not ours is one of the links that were there, but has containers now. */
static void test_bridge_of_somebody_else(void **state)
{
	const struct bridge_request request = { .name = "br0", .needs4 = true, .nat = true };
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge first = BRIDGE_NONE, bridge = BRIDGE_NONE;
	auto_close int container = -1;
	struct error err = { 0 };

	(void)state;
	host_with_run(&rtnl);
	auto_neighbour struct neighbour one = neighbour_make(1);
	host("ip link add br0 type bridge && ip link set br0 up &&"
	     " ip address add 10.7.0.1/24 dev br0");
	open_bridge(&rtnl, false, &first);
	if (bridge_open(&rtnl, &request, &bridge, &err) < 0)
		fail_msg("%s", err.text);
	container = container_make(&rtnl, &bridge);
	assert_true(reaches(container, one.address, QUICK));
	assert_int_equal(link_remove(&rtnl, "veth1", NULL), 0);
	assert_int_equal(bridge_release(&rtnl, &first, NULL), 1);
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	assert_nothing_is_left();
}

/* A pair that is on no bridge keeps what the host does for all, until it goes itself. */
static void test_pair(void **state)
{
	static const struct link_new end = { .name = "veth7" }, peer = { .name = "eth0" };
	const struct nat_link link = { .name = "veth7" };
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	auto_close int netns = -1;
	struct error err = { 0 };

	(void)state;
	host_with_run(&rtnl);
	netns = netns_make();
	assert_int_equal(link_make_veth(&rtnl, &end, 0, &peer, netns, NULL), 0);
	assert_int_equal(nat_add_link(&link, NULL), 0);
	if (forwarding_enable(&rtnl, "veth7", false, &err) < 0)
		fail_msg("%s", err.text);
	host("test $(cat /proc/sys/net/ipv6/conf/veth7/accept_ra) = 0");
	open_bridge(&rtnl, false, &bridge);
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	host("nft list tables | grep -q gocker");
	host("test $(cat /proc/sys/net/ipv4/ip_forward) = 1");
	assert_int_equal(bridge_release_host(&rtnl, &err), 0);
	assert_int_equal(nat_remove_link(&link, NULL), 0);
	assert_int_equal(link_remove(&rtnl, "veth7", NULL), 0);
	if (bridge_release_host(&rtnl, &err) != 1)
		fail_msg("%s", err.text);
	assert_nothing_is_left();
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_only_for_containers),
		cmocka_unit_test(test_links_made_later),
		cmocka_unit_test(test_host_that_forwards),
		cmocka_unit_test(test_routers),
		cmocka_unit_test(test_bridge_of_somebody_else),
		cmocka_unit_test(test_pair),
	};

	return cmocka_run_group_tests_name("forwarding", tests, NULL, NULL);
}
