/* test_bridge.c - bridges made, found, shared and released, in a host of their own */
#include "runtime/net/bridge.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "runtime/net/bridge_choose.h"
#include "runtime/net/bridge_record.h"
#include "runtime/net/forwarding.h"
#include "runtime/net/leases.h"
#include "runtime/net/link.h"
#include "runtime/net/link_make.h"
#include "runtime/net/nat.h"
#include "tests/unit/unit_netns.h"

/* The table of nat.h, as far as bridges know it. */
static struct {
	bool is_there;
	int links;
	struct nat_link last;
	char name[16]; /* of it */
	size_t closed;
	int fails; /* the next one that is added, with that errno */
} table;

int nat_add_link(const struct nat_link *link, struct error *err)
{
	if (table.fails)
		return error_set(err, table.fails, "no table can be made");
	table.is_there = true;
	table.links++;
	table.last = *link;
	snprintf(table.name, sizeof(table.name), "%s", link->name);
	return 0;
}

int nat_restore_link(const struct nat_link *link, struct error *err)
{
	(void)err;
	return strcmp(table.name, link->name) != 0;
}

int nat_remove_link(const struct nat_link *link, struct error *err)
{
	(void)link;
	(void)err;
	table.links--;
	return 0;
}

int nat_close_links(const char *const *names, size_t len, bool v4, bool v6, struct error *err)
{
	(void)names;
	(void)v4;
	(void)v6;
	(void)err;
	table.is_there = true;
	table.closed = len;
	return 0;
}

int nat_remove(struct error *err)
{
	(void)err;
	memset(&table, 0, sizeof(table));
	return 0;
}

/* A host, with an empty /run. */
static void host_with_run(struct rtnl *rtnl)
{
	memset(&table, 0, sizeof(table));
	host_make_with_run(rtnl);
}

static struct ip_prefix prefix_of(const char *text)
{
	struct ip_prefix prefix;

	assert_int_equal(ip_prefix_parse(text, &prefix, NULL), 0);
	return prefix;
}

static void assert_prefix_is(const struct ip_prefix *prefix, const char *wanted)
{
	char text[IP_TEXT_SIZE];

	assert_string_equal(ip_prefix_format(prefix, text), wanted);
}

static const struct bridge_request usual = { .name = "gocker0", .needs4 = true, .nat = true };

static void open_bridge(struct rtnl *rtnl, const struct bridge_request *request,
			struct bridge *bridge)
{
	struct error err = { 0 };

	if (bridge_open(rtnl, request, bridge, &err) < 0)
		fail_msg("%s", err.text);
}

/* The address of a container that is there until the next host. */
static struct lease take_lease(const struct bridge *bridge, const char *ip)
{
	struct lease lease = { .root = (char *)"/run", .id = (char *)"a-container" };

	host("mkdir -p /run/a-container");
	assert_int_equal(ip_parse(ip, &lease.ip), 0);
	assert_int_equal(leases_take(bridge->directory, &lease, NULL), 0);
	return lease;
}

static void assert_refused(struct rtnl *rtnl, const struct bridge_request *request, int num,
			   const char *words)
{
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	struct error err = { 0 };

	assert_int_equal(bridge_open(rtnl, request, &bridge, &err), -num);
	if (!strstr(err.text, words))
		fail_msg("%s", err.text);
	assert_int_equal(bridge.directory, -1);
}

/* Nothing of ours is in the host any more. */
static void assert_all_is_gone(struct rtnl *rtnl)
{
	auto_arena struct arena arena = { 0 };
	struct link_state *links;
	char **names;
	int len = link_list(rtnl, &arena, &links, NULL);

	for (int i = 0; i < len; i++)
		assert_false(links[i].is_ours);
	assert_int_equal(bridge_list(&arena, &names, NULL), 0);
	assert_null(names[0]);
	assert_false(table.is_there);
	host("test -z \"$(ls -A /run/gocker/.net)\"");
}

static void test_made_and_released(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE, again = BRIDGE_NONE;
	auto_arena struct arena arena = { 0 };
	struct lease lease;
	char **names;

	(void)state;
	host_with_run(&rtnl);
	open_bridge(&rtnl, &usual, &bridge);
	assert_true(bridge.is_made);
	assert_prefix_is(&bridge.address4, "10.0.0.1/24");
	assert_int_equal(bridge.address6.ip.family, 0);
	assert_int_equal(bridge.index, link_find_index(&rtnl, "gocker0", NULL));
	host("ip -o address show gocker0 | grep -q 'inet 10.0.0.1/24'");
	host("ip -o link show gocker0 | grep -q '[<,]UP'");
	host("test $(cat /proc/sys/net/ipv6/conf/gocker0/accept_ra) = 0");
	host("test $(cat /proc/sys/net/ipv4/conf/gocker0/route_localnet) = 1");
	host("test $(cat /proc/sys/net/ipv4/ip_forward) = 1");
	host("test $(cat /proc/sys/net/ipv6/conf/all/forwarding) = 0");
	assert_prefix_is(&table.last.network4, "10.0.0.0/24");
	host("test $(stat -c %a:%u /run/gocker/.net/gocker0) = 700:0");
	lease = take_lease(&bridge, "10.0.0.2");
	bridge_close(&bridge);

	assert_int_equal(bridge_list(&arena, &names, NULL), 0);
	assert_string_equal(names[0], "gocker0");
	assert_null(names[1]);
	/* The second time nothing has to be made. */
	open_bridge(&rtnl, &usual, &again);
	assert_int_equal(again.index, link_find_index(&rtnl, "gocker0", NULL));
	assert_prefix_is(&again.address4, "10.0.0.1/24");
	assert_int_equal(bridge_release(&rtnl, &again, NULL), 0);
	assert_int_equal(leases_give(again.directory, &lease, NULL), 0);
	assert_int_equal(bridge_release(&rtnl, &again, NULL), 1);
	bridge_close(&again);
	assert_all_is_gone(&rtnl);
	host("test $(cat /proc/sys/net/ipv4/ip_forward) = 0");
	host("! test -e /sys/class/net/gocker0");
}

static void test_v6(void **state)
{
	const struct bridge_request request = {
		.name = "gocker0", .needs6 = true, .nat = true, .mtu = 1400
	};
	struct bridge_request both = { .name = "gocker0", .needs4 = true, .needs6 = true,
				       .nat = true };
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE, again = BRIDGE_NONE;
	struct lease lease;
	struct ip_prefix first;

	(void)state;
	host_with_run(&rtnl);
	open_bridge(&rtnl, &request, &bridge);
	first = bridge.address6;
	assert_int_equal(first.ip.bytes[0], 0xfd);
	assert_int_equal(first.length, 64);
	assert_int_equal(bridge.address4.ip.family, 0);
	host("test $(cat /proc/sys/net/ipv4/ip_forward) = 1");
	host("test $(cat /proc/sys/net/ipv6/conf/all/forwarding) = 1");
	host("ip -o link show gocker0 | grep -q 'mtu 1400'");
	lease = take_lease(&bridge, "10.0.0.2");
	bridge_close(&bridge);
	/* IPv4 is added for one that wants it; the network of the others stays. */
	open_bridge(&rtnl, &both, &again);
	assert_prefix_is(&again.address4, "10.0.0.1/24");
	assert_true(ip_is_equal(&again.address6.ip, &first.ip));
	host("ip -o address show gocker0 | grep -q 'inet 10.0.0.1/24'");
	host("ip -o address show gocker0 | grep 'inet6 fd' | grep -q -v tentative");
	assert_prefix_is(&table.last.network4, "10.0.0.0/24");
	assert_int_equal(table.last.network6.ip.family, AF_INET6);
	assert_int_equal(leases_give(again.directory, &lease, NULL), 0);
	assert_int_equal(bridge_release(&rtnl, &again, NULL), 1);
	assert_all_is_gone(&rtnl);
	host("test $(cat /proc/sys/net/ipv6/conf/all/forwarding) = 0");
}

static void test_networks(void **state)
{
	struct bridge_request asked = { .name = "gocker1", .needs4 = true, .nat = true };
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE, other = BRIDGE_NONE, third = BRIDGE_NONE;

	(void)state;
	host_with_run(&rtnl);
	host("ip link add eth0 type veth peer name eth1 && ip link set eth0 up &&"
	     " ip address add 10.0.0.77/24 dev eth0 && ip route add 10.0.1.0/25 dev eth0");
	open_bridge(&rtnl, &usual, &bridge);
	assert_prefix_is(&bridge.address4, "10.0.2.1/24");
	asked.address4 = prefix_of("10.0.0.1/16");
	assert_refused(&rtnl, &asked, EADDRINUSE,
		       "the network 10.0.0.0/16 overlaps 10.0.0.0/24 of a route of the host");
	/* A bridge whose link somebody has removed has its network all the same. */
	host("ip link del gocker0");
	asked.address4 = prefix_of("10.0.2.1/24");
	assert_refused(&rtnl, &asked, EADDRINUSE, "overlaps 10.0.2.0/24 of the bridge \"gocker0\"");
	asked.address4.ip.family = 0;
	open_bridge(&rtnl, &asked, &other);
	assert_prefix_is(&other.address4, "10.0.3.1/24");
	bridge_close(&bridge);
	open_bridge(&rtnl, &usual, &third);
	assert_prefix_is(&third.address4, "10.0.2.1/24");
	host("ip -o address show gocker0 | grep -q 'inet 10.0.2.1/24'");
	/* What it has is not what is asked for. */
	asked.name = "gocker0";
	asked.address4 = prefix_of("10.0.9.1/24");
	bridge_close(&third);
	assert_refused(&rtnl, &asked, EEXIST,
		       "\"gocker0\" has the address 10.0.2.1/24, not one in 10.0.9.0/24");
	asked.address4 = prefix_of("10.0.2.9/24");
	asked.nat = false;
	assert_refused(&rtnl, &asked, EEXIST, "are masqueraded by another container");
	asked.nat = true;
	open_bridge(&rtnl, &asked, &third);
	assert_int_equal(bridge_release(&rtnl, &third, NULL), 1);
	assert_true(table.is_there);
	assert_int_equal(bridge_release(&rtnl, &other, NULL), 1);
	assert_all_is_gone(&rtnl);
}

static void test_choice(void **state)
{
	struct bridge_taken taken[] = {
		{ prefix_of("10.0.0.0/8"), "a VPN" },
		{ prefix_of("172.16.0.0/13"), "another" },
		{ prefix_of("172.24.0.5/32"), "one host" },
		{ prefix_of("192.168.0.0/16"), "a house" },
		{ prefix_of("fd00::/8"), "all" },
	};
	const struct bridge_taken *other;
	struct ip_prefix address;
	struct error err = { 0 };

	(void)state;
	assert_int_equal(bridge_choose_v4(taken, 0, &address, &other, &err), 0);
	assert_prefix_is(&address, "10.0.0.1/24");
	assert_null(other);
	assert_int_equal(bridge_choose_v4(taken, LEN(taken), &address, &other, &err), 0);
	assert_prefix_is(&address, "172.24.1.1/24");
	assert_ptr_equal(other, &taken[0]);
	taken[1].network = prefix_of("172.16.0.0/12");
	assert_int_equal(bridge_choose_v4(taken, LEN(taken), &address, &other, &err), -ENOSPC);
	taken[0].network = prefix_of("10.0.0.0/9");
	assert_int_equal(bridge_choose_v4(taken, LEN(taken), &address, &other, &err), 0);
	assert_prefix_is(&address, "10.128.0.1/24");
}

static void test_not_ours(void **state)
{
	struct bridge_request request = { .name = "br0", .needs4 = true };
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE;

	(void)state;
	host_with_run(&rtnl);
	host("ip link add br0 type bridge && ip link set br0 up &&"
	     " ip link add eth0 type veth peer name eth1 &&"
	     " echo 1 >/proc/sys/net/ipv4/conf/eth0/route_localnet");
	assert_refused(&rtnl, &request, EADDRNOTAVAIL, "the bridge \"br0\" has no IPv4 address");
	host("ip address add 192.0.2.2/24 dev br0 && ip address add 198.51.100.1/24 dev br0");
	request.needs6 = true;
	assert_refused(&rtnl, &request, EADDRNOTAVAIL, "the bridge \"br0\" has no IPv6 address");
	request.needs6 = false;
	request.address4 = prefix_of("10.0.0.1/24");
	assert_refused(&rtnl, &request, EEXIST,
		       "has the address 192.0.2.2/24, not one in 10.0.0.0/24");
	assert_all_is_gone(&rtnl);
	request.address4 = prefix_of("198.51.100.9/24");
	open_bridge(&rtnl, &request, &bridge);
	assert_false(bridge.is_made);
	assert_prefix_is(&bridge.address4, "198.51.100.1/24");
	assert_int_equal(table.last.network4.ip.family, 0);
	host("test $(cat /proc/sys/net/ipv6/conf/br0/accept_ra) = 1");
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	assert_all_is_gone(&rtnl);
	host("ip -o address show br0 | grep -q 'inet 192.0.2.2/24'");
	host("test $(cat /proc/sys/net/ipv4/conf/br0/route_localnet) = 0");
	/* Somebody has put one of his own in the place of ours. */
	bridge_close(&bridge);
	open_bridge(&rtnl, &usual, &bridge);
	bridge_close(&bridge);
	host("ip link del gocker0 && ip link add gocker0 type bridge");
	assert_int_equal(bridge_find(&rtnl, "gocker0", &bridge, NULL), 0);
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	host("ip link show gocker0 >/dev/null");
	bridge_close(&bridge);
	host("ip link del gocker0");
	open_bridge(&rtnl, &usual, &bridge);
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	assert_all_is_gone(&rtnl);
	request.name = "eth0";
	assert_refused(&rtnl, &request, ENOTUNIQ, "the network device \"eth0\" is no bridge");
	host("test $(cat /proc/sys/net/ipv4/conf/eth0/route_localnet) = 1");
	assert_all_is_gone(&rtnl);
}

/* A file, or another's directory, where ours should be. */
static void test_planted(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE;

	(void)state;
	host_with_run(&rtnl);
	host("mkdir -p /run/elsewhere && ln -s elsewhere /run/gocker");
	assert_refused(&rtnl, &usual, ENOTDIR, "\"/run/gocker\"");
	host("rm /run/gocker && mkdir -m 777 /run/gocker");
	assert_refused(&rtnl, &usual, EPERM, "can be written by other users");
	host("chmod 755 /run/gocker && chown 65534 /run/gocker");
	assert_refused(&rtnl, &usual, EPERM, "belongs to user 65534");
	host("chown 0 /run/gocker && ln -s ../elsewhere /run/gocker/.net");
	assert_refused(&rtnl, &usual, ENOTDIR, "/run/gocker/.net");
	host("rm /run/gocker/.net && mkdir -m 700 /run/gocker/.net &&"
	     " ln -s ../../elsewhere /run/gocker/.net/gocker0");
	assert_refused(&rtnl, &usual, ENOTDIR, "the bridge \"gocker0\"");
	host("rm /run/gocker/.net/gocker0 && mkdir -m 777 /run/gocker/.net/gocker0 &&"
	     " chmod 777 /run/gocker/.net/gocker0");
	assert_refused(&rtnl, &usual, EPERM, "can be written by other users");
	host("cd /run/gocker/.net/gocker0 && chmod 700 . && echo '{' >bridge.json");
	host("test -z \"$(ls -A /run/elsewhere)\"");
	assert_int_equal(link_find_index(&rtnl, "gocker0", NULL), -ENODEV);
	/* A record that is broken is none. */
	open_bridge(&rtnl, &usual, &bridge);
	assert_prefix_is(&bridge.address4, "10.0.0.1/24");
}

static void test_failure_leaves_nothing(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE;

	(void)state;
	host_with_run(&rtnl);
	table.fails = EOPNOTSUPP;
	assert_refused(&rtnl, &usual, EOPNOTSUPP, "no table can be made");
	table.fails = 0;
	assert_all_is_gone(&rtnl);
	host("mount -t tmpfs tmpfs /proc/sys/net/ipv4");
	assert_refused(&rtnl, &usual, ENOENT, "let the host forward for \"gocker0\"");
	host("umount /proc/sys/net/ipv4");
	assert_all_is_gone(&rtnl);
	assert_int_equal(bridge_find(&rtnl, "gocker0", &bridge, NULL), -ENOENT);
	assert_int_equal(bridge_find(&rtnl, "../gocker0", &bridge, NULL), -EINVAL);
}

/* What is there after a SIGKILL: each state between two steps. */
static void test_cut_short(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE;

	(void)state;
	host_with_run(&rtnl);
	/* the directory alone, and a file that was not written to its end */
	host("mkdir -m 700 -p /run/gocker/.net/gocker0 &&"
	     " touch /run/gocker/.net/forwarding-before.json.77.new");
	assert_int_equal(bridge_find(&rtnl, "gocker0", &bridge, NULL), 0);
	assert_int_equal(bridge.index, 0);
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	bridge_close(&bridge);
	assert_all_is_gone(&rtnl);
	/* written down, but not made */
	host("mkdir -m 700 /run/gocker/.net/gocker0 && echo"
	     " '{\"made\":true,\"nat\":true,\"address4\":\"10.0.5.1/24\"}'"
	     " >/run/gocker/.net/gocker0/bridge.json");
	open_bridge(&rtnl, &usual, &bridge);
	assert_prefix_is(&bridge.address4, "10.0.5.1/24");
	host("ip -o address show gocker0 | grep -q 'inet 10.0.5.1/24'");
	bridge_close(&bridge);
	/* made, but not noted so; a record is missing as well */
	host("sed -i 's/\"index\":[0-9]*,//' /run/gocker/.net/gocker0/bridge.json &&"
	     " grep -q '^.\"made' /run/gocker/.net/gocker0/bridge.json &&"
	     " ip address del 10.0.5.1/24 dev gocker0");
	open_bridge(&rtnl, &usual, &bridge);
	host("ip -o address show gocker0 | grep -q 'inet 10.0.5.1/24'");
	bridge_close(&bridge);
	host("rm -r /run/gocker/.net/gocker0");
	open_bridge(&rtnl, &usual, &bridge);
	assert_true(bridge.is_made);
	assert_prefix_is(&bridge.address4, "10.0.5.1/24");
	bridge_close(&bridge);
	host("rm /run/gocker/.net/gocker0/bridge.json");
	assert_int_equal(bridge_find(&rtnl, "gocker0", &bridge, NULL), 0);
	assert_true(bridge.is_made);
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	assert_all_is_gone(&rtnl);
	host("test $(cat /proc/sys/net/ipv4/ip_forward) = 0");
}

/* In its own process: makes the bridge, with a container on it or none, or goes on for ever. */
static pid_t open_and_release(struct rtnl *rtnl)
{
	pid_t pid = fork();

	while (pid == 0) {
		auto_bridge struct bridge bridge = BRIDGE_NONE;

		if (bridge_open(rtnl, &usual, &bridge, NULL) < 0 ||
		    bridge_release(rtnl, &bridge, NULL) < 0)
			_exit(1);
	}
	return pid;
}

static void test_killed(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL };

	(void)state;
	host_with_run(&rtnl);
	for (int i = 0; i < 20; i++) {
		auto_bridge struct bridge bridge = BRIDGE_NONE;
		auto_rtnl struct rtnl own = { NULL };
		int status;
		pid_t pid;

		assert_int_equal(rtnl_open(&own, NULL), 0);
		pid = open_and_release(&own);
		usleep((useconds_t)(rand() % 4000));
		kill(pid, SIGKILL);
		waitpid(pid, &status, 0);
		assert_true(WIFSIGNALED(status));
		open_bridge(&rtnl, &usual, &bridge);
		host("ip -o address show gocker0 | grep -q 'inet 10.0.0.1/24'");
		assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
		assert_all_is_gone(&rtnl);
		host("test $(cat /proc/sys/net/ipv4/ip_forward) = 0");
	}
}

/* Two that make and remove the same bridge all the time never disturb each other. */
static void test_together(void **state)
{
	auto_rtnl struct rtnl rtnl = { NULL }, one = { NULL }, two = { NULL };
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	int status;
	pid_t pids[2];

	(void)state;
	host_with_run(&rtnl);
	assert_int_equal(rtnl_open(&one, NULL), 0);
	assert_int_equal(rtnl_open(&two, NULL), 0);
	pids[0] = open_and_release(&one);
	pids[1] = open_and_release(&two);
	usleep(200000);
	for (int i = 0; i < 2; i++) {
		assert_int_equal(waitpid(pids[i], &status, WNOHANG), 0);
		kill(pids[i], SIGKILL);
		waitpid(pids[i], &status, 0);
	}
	open_bridge(&rtnl, &usual, &bridge);
	assert_int_equal(bridge_release(&rtnl, &bridge, NULL), 1);
	assert_all_is_gone(&rtnl);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_choice),
		cmocka_unit_test(test_made_and_released),
		cmocka_unit_test(test_v6),
		cmocka_unit_test(test_networks),
		cmocka_unit_test(test_not_ours),
		cmocka_unit_test(test_planted),
		cmocka_unit_test(test_failure_leaves_nothing),
		cmocka_unit_test(test_cut_short),
		cmocka_unit_test(test_killed),
		cmocka_unit_test(test_together),
	};

	return cmocka_run_group_tests_name("bridge", tests, NULL, NULL);
}
