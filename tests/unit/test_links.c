/* test_links.c - virtual links, their addresses and routes, in network namespaces of their own */
#include <errno.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/wait.h>

#include "runtime/net/link.h"
#include "runtime/net/link_make.h"
#include "runtime/net/routes.h"
#include "runtime/net/setup.h"
#include "tests/unit/unit_netns.h"

static struct ip ip_of(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(text, &ip), 0);
	return ip;
}

static struct ip_prefix prefix_of(const char *text)
{
	struct ip_prefix prefix;

	assert_int_equal(ip_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

static void test_bridge(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	struct link_state link;
	struct error err = { 0 };
	int index;

	(void)state;
	host_make(&rtnl);
	index = link_make_bridge(&rtnl, "gocker0", 1400, &err);
	assert_true(index > 1);
	assert_int_equal(link_find(&rtnl, "gocker0", &link, &err), 0);
	assert_int_equal(link.index, index);
	assert_false(link.is_up);
	assert_true(link.is_bridge);
	assert_true(link.is_ours);
	assert_string_equal(link.name, "gocker0");
	host("ip link show gocker0 | grep -q 'group 26475'");
	host("ip link show gocker0 | grep -q 'mtu 1400'");
	assert_int_equal(link_make_bridge(&rtnl, "gocker0", 0, &err), -EEXIST);
	assert_non_null(strstr(err.text, "make the bridge \"gocker0\": "));
	assert_int_equal(link_remove(&rtnl, "gocker0", &err), 0);
	assert_int_equal(link_find_index(&rtnl, "gocker0", &err), -ENODEV);
	assert_int_equal(link_remove(&rtnl, "gocker0", &err), 0);
}

static struct ifreq mac_of(struct rtnl *rtnl, const char *name)
{
	struct ifreq request = { .ifr_ifindex = 0 };

	strcpy(request.ifr_name, name);
	assert_int_equal(ioctl(mnl_socket_get_fd(rtnl->socket), SIOCGIFHWADDR, &request), 0);
	return request;
}

/* The bridge's MAC address would change to the lowest of its ports'. */
static void test_bridge_keeps_its_mac(void **state)
{
	static const uint8_t low[] = { 0x02, 0, 0, 0, 0, 1 };
	static const struct link_new port = { .name = "port", .mac = low };
	static const struct link_new peer = { .name = "eth0" };
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_close int netns = -1;
	struct ifreq before, with, after;
	int index;

	(void)state;
	host_make(&rtnl);
	netns = netns_make();
	index = link_make_bridge(&rtnl, "gocker0", 0, NULL);
	assert_int_equal(link_set_up(&rtnl, index, NULL), 0);
	before = mac_of(&rtnl, "gocker0");
	assert_int_equal(link_make_veth(&rtnl, &port, index, &peer, netns, NULL), 0);
	with = mac_of(&rtnl, "gocker0");
	assert_memory_equal(&with, &before, sizeof(before));
	assert_int_equal(link_remove(&rtnl, "port", NULL), 0);
	after = mac_of(&rtnl, "gocker0");
	assert_memory_equal(&after, &before, sizeof(before));
}

static void test_veth(void **state)
{
	static const uint8_t mac[] = { 0x02, 0x42, 0, 0, 0, 7 };
	static const struct link_new end = { .name = "gk1", .mtu = 1300 };
	static const struct link_new peer = { .name = "eth0", .mac = mac, .mtu = 1200 };
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_close int netns = -1;
	struct link_state link;
	struct error err = { 0 };
	int index;

	(void)state;
	host_make(&rtnl);
	netns = netns_make();
	index = link_make_bridge(&rtnl, "gocker0", 0, NULL);
	assert_int_equal(link_make_veth(&rtnl, &end, index, &peer, netns, &err), 0);
	assert_int_equal(link_find(&rtnl, "gk1", &link, NULL), 0);
	assert_int_equal(link.master, index);
	assert_true(link.is_up);
	assert_true(link.is_ours);
	assert_false(link.is_bridge);
	host("ip -o link show gk1 | grep -q 'mtu 1300'");
	in_netns(netns, "ip -o link show eth0 | grep 'mtu 1200' | grep -q 02:42:00:00:00:07");
	in_netns(netns, "! ip -o link show eth0 | grep -q '[<,]UP'");
	in_netns(netns, "ip -d link show eth0 | grep -q 'numtxqueues 1 .*numrxqueues 1 '");
	host("ip -d link show gk1 | grep -q 'numtxqueues 1 .*numrxqueues 1 '");
}

static void wait_for_carrier(struct rtnl *rtnl, const char *name)
{
	struct ifreq request = { .ifr_flags = 0 };

	strcpy(request.ifr_name, name);
	for (int i = 0; i < 1000 && !(request.ifr_flags & IFF_RUNNING); i++) {
		assert_int_equal(ioctl(mnl_socket_get_fd(rtnl->socket), SIOCGIFFLAGS, &request), 0);
		usleep(1000);
	}
}

/* Nobody who wants IPv4 only sends 250 others what it has to say about IPv6. */
static void test_quiet(void **state)
{
	static const struct link_new end = { .name = "gk1" }, peer = { .name = "eth0" };
	struct ip_prefix address = prefix_of("10.0.0.2/24");
	struct setup setup = { .name = "eth0", .addresses = &address, .addresses_len = 1 };
	auto_rtnl struct rtnl rtnl = { NULL }, inside = { NULL };
	auto_close int netns = -1;
	struct error err = { 0 };
	int index;

	(void)state;
	host_make(&rtnl);
	netns = netns_make();
	index = link_make_bridge(&rtnl, "gocker0", 0, NULL);
	assert_int_equal(link_set_up(&rtnl, index, NULL), 0);
	assert_int_equal(link_make_veth(&rtnl, &end, index, &peer, netns, &err), 0);
	open_inside(&inside, netns);
	assert_int_equal(setup_link(&inside, &setup, &err), 0);
	wait_for_carrier(&inside, "eth0");
	wait_for_carrier(&rtnl, "gk1");
	in_netns(netns, "! ip -6 -o address show dev eth0 | grep -q .");
	host("! ip -6 -o address show dev gk1 | grep -q .");
	/* Where it is wanted it is there. */
	assert_int_equal(link_remove(&rtnl, "gk1", NULL), 0);
	in_netns(netns, "ip link add eth0 type veth peer name eth1 && ip link set eth1 up");
	setup.is_autonomous = true;
	assert_int_equal(setup_link(&inside, &setup, &err), 0);
	in_netns(netns, "ip -6 -o address show dev eth0 | grep -q fe80");
	/* Below 1280 bytes the kernel has no IPv6 for a link, and says so. */
	in_netns(netns, "ip link del eth0 && ip link add eth0 mtu 1000 type veth peer name eth1");
	setup.is_autonomous = false;
	assert_int_equal(setup_link(&inside, &setup, &err), 0);
}

static void make_pair(struct rtnl *rtnl, int netns)
{
	static const struct link_new end = { .name = "gk1" }, peer = { .name = "eth0" };

	assert_int_equal(link_make_veth(rtnl, &end, 0, &peer, netns, NULL), 0);
}

/* Whoever takes it away, it is gone, and its name is free. */
static void test_abandoned(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_close int netns = -1;
	struct error err = { 0 };

	(void)state;
	host_make(&rtnl);
	assert_int_equal(link_remove_abandoned(&rtnl, "gk1", &err), 0);
	for (int i = 0; i < 20; i++) {
		netns = netns_make();
		make_pair(&rtnl, netns);
		fd_close(&netns);
		/* Now, and when the kernel has been at it for a while. */
		usleep((useconds_t)(i % 10) * 100);
		assert_int_equal(link_remove_abandoned(&rtnl, "gk1", &err), 0);
		assert_int_equal(link_find_index(&rtnl, "gk1", NULL), -ENODEV);
		host("! test -e /proc/sys/net/ipv4/conf/gk1");
	}
	/* The namespace does not end. */
	netns = netns_make();
	make_pair(&rtnl, netns);
	assert_int_equal(link_remove_abandoned(&rtnl, "gk1", &err), 0);
	assert_int_equal(link_find_index(&rtnl, "gk1", NULL), -ENODEV);
	in_netns(netns, "! ip link show eth0 2>/dev/null");
	/* It is told why it cannot be removed. */
	assert_true(link_remove_abandoned(&rtnl, "lo", &err) < 0);
	assert_non_null(strstr(err.text, "remove the network device \"lo\": "));
}

static void test_veth_of_taken_names(void **state)
{
	static const struct link_new one = { .name = "gk1" }, two = { .name = "gk2" };
	static const struct link_new peer = { .name = "eth0" };
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_close int netns = -1, other = -1;
	struct error err = { 0 };

	(void)state;
	host_make(&rtnl);
	netns = netns_make();
	other = netns_make();
	assert_int_equal(link_make_veth(&rtnl, &one, 0, &peer, netns, NULL), 0);
	assert_int_equal(link_make_veth(&rtnl, &one, 0, &peer, other, &err), -EEXIST);
	assert_string_equal(err.text, "there is already a network device \"gk1\"");
	assert_int_equal(link_make_veth(&rtnl, &two, 0, &peer, netns, &err), -EEXIST);
	assert_string_equal(err.text,
			    "the container's network namespace already has a device \"eth0\"");
	assert_int_equal(link_find_index(&rtnl, "gk2", NULL), -ENODEV);
	/* A master that is no bridge: nothing is left of the pair. */
	assert_true(link_make_veth(&rtnl, &two, 1, &peer, other, &err) < 0);
	assert_non_null(strstr(err.text, "make the veth pair \"gk2\", \"eth0\": "));
	assert_int_equal(link_find_index(&rtnl, "gk2", NULL), -ENODEV);
	in_netns(other, "! ip link show eth0 2>/dev/null");
}

/* "eth0" is a name that the host has, too. */
static void test_macvlan(void **state)
{
	static const uint8_t mac[] = { 0x02, 0x42, 0, 0, 0, 8 };
	static const struct link_new link = { .name = "eth0", .mac = mac };
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_close int netns = -1;
	struct error err = { 0 };
	int parent;

	(void)state;
	host_make(&rtnl);
	netns = netns_make();
	host("ip link add eth0 type veth peer name eth1");
	parent = link_find_index(&rtnl, "eth0", NULL);
	assert_int_equal(link_make_macvlan(&rtnl, parent, &link, netns, &err), 0);
	in_netns(netns, "ip -d link show eth0 | grep -q 'macvlan mode bridge'");
	in_netns(netns, "ip link show eth0 | grep -q 02:42:00:00:00:08");
	assert_int_equal(link_make_macvlan(&rtnl, parent, &link, netns, &err), -EEXIST);
	assert_string_equal(err.text,
			    "the container's network namespace already has a device \"eth0\"");
	in_netns(netns, "test $(ip -o link | wc -l) = 2");
	assert_true(link_make_macvlan(&rtnl, 77, &link, netns, &err) < 0);
	assert_non_null(strstr(err.text, "make the macvlan \"eth0\": "));
}

static void test_setup(void **state)
{
	static const uint8_t mac[] = { 0x02, 0x42, 0, 0, 0, 9 };
	const struct ip_prefix addresses[] = {
		prefix_of("10.0.0.2/24"),
		prefix_of("fd00::2/64"),
		prefix_of("192.0.2.4/31"),
	};
	const struct spec_route routes[] = {
		{ .to = prefix_of("198.51.100.0/24") },
		{ .to = prefix_of("203.0.113.0/24"), .via = ip_of("10.0.0.9") },
		{ .to = prefix_of("2001:db8::/32") },
	};
	const struct setup setup = {
		.name = "eth0",
		.has_loopback = true,
		.addresses = addresses,
		.addresses_len = LEN(addresses),
		.gateway4 = ip_of("10.0.0.1"),
		.routes = routes,
		.routes_len = LEN(routes),
		.mac = mac,
		.mtu = 1380,
	};
	auto_rtnl struct rtnl rtnl = { NULL };
	struct error err = { 0 };

	(void)state;
	host_make(&rtnl);
	host("ip link add eth0 type veth peer name eth1 && ip link set eth1 up");
	assert_int_equal(setup_link(&rtnl, &setup, &err), 0);
	host("ip -o link show lo | grep -q '[<,]UP'");
	host("ip -o link show eth0 | grep 'mtu 1380' | grep '[<,]UP' | grep -q 02:42:00:00:00:09");
	host("ip -o address show eth0 | grep -q 'inet 10.0.0.2/24 brd 10.0.0.255 scope global'");
	host("ip -o address show eth0 | grep -q 'inet 192.0.2.4/31 scope global'");
	host("ip -o address show eth0 | grep 'inet6 fd00::2/64 scope global' | grep nodad |"
	     " grep -qv tentative");
	host("ip route | grep -q 'default via 10.0.0.1 dev eth0'");
	host("ip route | grep -q '198.51.100.0/24 via 10.0.0.1 dev eth0'");
	host("ip route | grep -q '203.0.113.0/24 via 10.0.0.9 dev eth0'");
	host("ip -6 route | grep -q '2001:db8::/32 dev eth0'");
}

static void test_setup_of_both_families(void **state)
{
	const struct ip_prefix addresses[] = { prefix_of("10.0.0.2/24"), prefix_of("fd00::2/64") };
	const struct spec_route route = { .to = prefix_of("198.51.100.0/24") };
	struct setup setup = {
		.name = "eth0",
		.addresses = addresses,
		.addresses_len = LEN(addresses),
		.gateway6 = ip_of("fd00::1"),
		.routes = &route,
		.routes_len = 1,
	};
	auto_rtnl struct rtnl rtnl = { NULL };
	struct error err = { 0 };

	(void)state;
	host_make(&rtnl);
	host("ip link add eth0 type veth peer name eth1 && ip link set eth1 up");
	assert_int_equal(setup_link(&rtnl, &setup, &err), 0);
	host("ip -6 route | grep -q 'default via fd00::1 dev eth0'");
	host("ip route | grep -q '198.51.100.0/24 dev eth0.*scope link'");
	host("! ip -o link show lo | grep -q '[<,]UP'");
	/* What is there already is told; the numbers of what follows are right. */
	assert_int_equal(setup_link(&rtnl, &setup, &err), -EEXIST);
	assert_non_null(strstr(err.text, "give \"eth0\" the address 10.0.0.2/24: "));
	setup.addresses_len = 0;
	setup.gateway6 = ip_of("fd77::1");
	assert_true(setup_link(&rtnl, &setup, &err) < 0);
	assert_non_null(strstr(err.text, "add the route to ::/0 via fd77::1: "));
	setup.name = "eth7";
	assert_int_equal(setup_link(&rtnl, &setup, &err), -ENODEV);
}

/* More than are sent at once, and one behind them that fails. */
static void test_setup_of_many_routes(void **state)
{
	enum { ROUTES = 200 };
	const struct ip_prefix address = prefix_of("10.0.0.2/24");
	struct spec_route routes[ROUTES] = { { .via.family = 0 } };
	struct setup setup = {
		.name = "eth0",
		.addresses = &address,
		.addresses_len = 1,
		.gateway4 = ip_of("10.0.0.1"),
		.routes = routes,
		.routes_len = ROUTES,
	};
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_arena struct arena arena = { 0 };
	struct route *found;
	struct error err = { 0 };

	(void)state;
	host_make(&rtnl);
	host("ip link add eth0 type veth peer name eth1 && ip link set eth1 up");
	for (int i = 0; i < ROUTES; i++) {
		routes[i].to = prefix_of("198.51.0.0/24");
		routes[i].to.ip.bytes[2] = (uint8_t)i;
	}
	assert_int_equal(setup_link(&rtnl, &setup, &err), 0);
	/* the default one is not told */
	assert_true(routes_list(&rtnl, &arena, &found, &err) > ROUTES);
	host("ip route flush dev eth0; ip route add 198.51.150.0/24 dev eth0 metric 0");
	setup.addresses_len = 0;
	assert_int_equal(setup_link(&rtnl, &setup, &err), -ENETUNREACH);
	assert_non_null(strstr(err.text, "add the route to 0.0.0.0/0 via 10.0.0.1: "));
	setup.gateway4 = (struct ip){ 0 };
	assert_int_equal(setup_link(&rtnl, &setup, &err), -EEXIST);
	assert_non_null(strstr(err.text, "add the route to 198.51.150.0/24: "));
	assert_int_equal(link_find_index(&rtnl, "eth0", NULL) > 0, 1);
}

static void test_list(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_arena struct arena arena = { 0 };
	struct link_state *links;
	int index;

	(void)state;
	host_make(&rtnl);
	assert_int_equal(link_list(&rtnl, &arena, &links, NULL), 1);
	assert_string_equal(links[0].name, "lo");
	assert_int_equal(links[0].index, 1);
	index = link_make_bridge(&rtnl, "gocker0", 0, NULL);
	host("ip link add eth0 type veth peer name eth1 && ip link set eth0 master gocker0");
	assert_int_equal(link_list(&rtnl, &arena, &links, NULL), 4);
	for (int i = 0; i < 4; i++) {
		assert_int_equal(links[i].is_bridge, links[i].index == index);
		assert_int_equal(links[i].is_ours, links[i].index == index);
		assert_int_equal(links[i].master, strcmp(links[i].name, "eth0") ? 0 : index);
	}
}

static bool has_route(const struct route *routes, int len, const char *text, int index)
{
	const struct ip_prefix wanted = prefix_of(text);

	for (int i = 0; i < len; i++)
		if (ip_is_equal(&routes[i].to.ip, &wanted.ip) &&
		    routes[i].to.length == wanted.length && routes[i].index == index)
			return true;
	return false;
}

static void test_routes(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_arena struct arena arena = { 0 };
	struct route *routes;
	int index, len;

	(void)state;
	host_make(&rtnl);
	assert_int_equal(routes_list(&rtnl, &arena, &routes, NULL), 0);
	host("ip link add eth0 type veth peer name eth1 && ip link set eth0 up &&"
	     " ip link set eth1 up && ip address add 10.1.0.1/24 dev eth0 &&"
	     " ip address add 2001:db8::1/64 dev eth0 nodad &&"
	     " ip route add default via 10.1.0.9 && ip -6 route add default via 2001:db8::9 &&"
	     " ip route add 10.9.0.0/16 via 10.1.0.9 && ip route add unreachable 10.8.0.0/16 &&"
	     " ip route add 10.7.0.0/16 dev eth0 table 7 &&"
	     " ip route add 10.6.0.0/16 dev eth0 table 7000");
	index = link_find_index(&rtnl, "eth0", NULL);
	len = routes_list(&rtnl, &arena, &routes, NULL);
	assert_true(has_route(routes, len, "10.1.0.0/24", index));
	assert_true(has_route(routes, len, "10.9.0.0/16", index));
	assert_true(has_route(routes, len, "10.8.0.0/16", 0));
	assert_true(has_route(routes, len, "2001:db8::/64", index));
	assert_false(has_route(routes, len, "10.7.0.0/16", index));
	assert_false(has_route(routes, len, "10.6.0.0/16", index));
	for (int i = 0; i < len; i++)
		assert_int_not_equal(routes[i].to.length, 0);
}

/* Root of its own user namespace has all that it takes in its own network namespace. */
static void test_in_a_user_namespace(void **state)
{
	static const struct link_new end = { .name = "gk1" }, peer = { .name = "eth0" };
	const struct ip_prefix address = prefix_of("10.0.0.2/24");
	const struct setup setup = { .name = "eth0", .addresses = &address, .addresses_len = 1 };
	auto_rtnl struct rtnl rtnl = { NULL }, inside = { NULL };
	auto_close int netns = -1;
	char path[32];
	int ready[2];
	pid_t pid;

	(void)state;
	host_make(&rtnl);
	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	if (pid == 0) {
		if (unshare(CLONE_NEWUSER | CLONE_NEWNET) < 0 || write(ready[1], "", 1) != 1)
			_exit(1);
		pause();
	}
	assert_int_equal(read(ready[0], path, 1), 1);
	snprintf(path, sizeof(path), "/proc/%d/ns/net", pid);
	netns = open(path, O_RDONLY | O_CLOEXEC);
	kill(pid, SIGKILL);
	waitpid(pid, NULL, 0);
	assert_int_equal(link_make_veth(&rtnl, &end, 0, &peer, netns, NULL), 0);
	open_inside(&inside, netns);
	assert_int_equal(setup_link(&inside, &setup, NULL), 0);
}

/* Who has no right to it is told so. */
static void test_without_privileges(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	struct error err = { 0 };
	pid_t pid;
	int status;

	(void)state;
	host_make(&rtnl);
	pid = fork();
	if (pid == 0) {
		auto_rtnl struct rtnl own = { NULL };

		if (setresuid(65534, 65534, 65534) < 0 || rtnl_open(&own, NULL) < 0)
			_exit(1);
		_exit(link_make_bridge(&own, "gocker0", 0, &err) == -EPERM &&
				      strstr(err.text, "peration not permitted") ?
			      0 :
			      2);
	}
	waitpid(pid, &status, 0);
	assert_int_equal(status, 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_bridge),
		cmocka_unit_test(test_bridge_keeps_its_mac),
		cmocka_unit_test(test_veth),
		cmocka_unit_test(test_quiet),
		cmocka_unit_test(test_abandoned),
		cmocka_unit_test(test_veth_of_taken_names),
		cmocka_unit_test(test_macvlan),
		cmocka_unit_test(test_setup),
		cmocka_unit_test(test_setup_of_both_families),
		cmocka_unit_test(test_setup_of_many_routes),
		cmocka_unit_test(test_list),
		cmocka_unit_test(test_routes),
		cmocka_unit_test(test_in_a_user_namespace),
		cmocka_unit_test(test_without_privileges),
	};

	return cmocka_run_group_tests_name("links", tests, NULL, NULL);
}
