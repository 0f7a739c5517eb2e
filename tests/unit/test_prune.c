/* test_prune.c - bridges and their containers told, and what is left behind removed */
#include "runtime/net/prune.h"

#include <errno.h>

#include "runtime/net/bridge.h"
#include "runtime/net/leases.h"
#include "runtime/net/link.h"
#include "runtime/net/link_make.h"
#include "runtime/net/nat.h"
#include "runtime/net/survey.h"
#include "tests/unit/unit_netns.h"

static struct arena arena;

static int reset(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct ip ip_of(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(text, &ip), 0);
	return ip;
}

/*
 * A container that is there for as long as /run/ID is, with an address of the bridge, which has
 * address6 if it is to have one of IPv6.
 */
static void take(struct rtnl *rtnl, const char *name, const char *address6, const char *id,
		 const char *address)
{
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	const struct bridge_request request = {
		.name = name, .needs4 = true, .needs6 = address6, .nat = true,
		.address6 = { address6 ? ip_of(address6) : (struct ip){ 0 }, 64 },
	};
	struct lease lease = { ip_of(address), (char *)"/run", arena_strdup(&arena, id) };
	struct error err = { 0 };

	host(arena_printf(&arena, "mkdir -p /run/%s", id));
	if (bridge_open(rtnl, &request, &bridge, &err) < 0 ||
	    leases_take(bridge.directory, &lease, &err) < 0)
		fail_msg("%s", err.text);
}

static void publish(const char *text, const char *address)
{
	struct ip ip = ip_of(address);
	const struct nat_target target = {
		.ip4 = ip.family == AF_INET ? ip : (struct ip){ 0 },
		.ip6 = ip.family == AF_INET6 ? ip : (struct ip){ 0 },
	};
	struct spec_port port, taken;
	struct error err = { 0 };

	assert_int_equal(spec_port_parse(text, &port, &err), 0);
	if (nat_publish(&port, 1, &target, &taken, &err) < 0)
		fail_msg("%s", err.text);
}

static void assert_survey_is(struct rtnl *rtnl, const char *wanted)
{
	auto_buf struct buf text = { 0 };
	struct spec_bridge *bridges;
	struct error err = { 0 };
	int len = survey_bridges(rtnl, &arena, &bridges, &err);

	if (len < 0)
		fail_msg("%s", err.text);
	spec_bridges_write(bridges, (size_t)len, &text);
	assert_string_equal(text.data, wanted);
}

/* wanted: a line for each. */
static void assert_prune_removes(struct rtnl *rtnl, const char *wanted)
{
	auto_buf struct buf text = { 0 };
	struct error err = { 0 };
	char **removed;

	if (prune_all(rtnl, &arena, &removed, &err) < 0)
		fail_msg("%s", err.text);
	buf_puts(&text, "");
	for (; *removed; removed++)
		buf_printf(&text, "%s\n", *removed);
	assert_string_equal(text.data, wanted);
}

static void test_nothing(void **state)
{
	auto_rtnl struct rtnl rtnl = { 0 };

	(void)state;
	host_make_with_run(&rtnl);
	assert_survey_is(&rtnl, "[]\n");
	assert_prune_removes(&rtnl, "");
	assert_int_equal(prune_bridge(&rtnl, "gocker0", NULL), -ENOENT);
	host("test -z \"$(nft list tables)\"");
}

static void test_survey(void **state)
{
	auto_rtnl struct rtnl rtnl = { 0 };

	(void)state;
	host_make_with_run(&rtnl);
	host("ip link add other0 type bridge && ip address add 10.9.0.1/24 dev other0 &&"
	     " ip link set other0 up");
	take(&rtnl, "other0", NULL, "gamma", "10.9.0.7");
	take(&rtnl, "gocker0", "fd00::1", "alpha", "10.0.0.2");
	take(&rtnl, "gocker0", "fd00::1", "alpha", "fd00::2");
	take(&rtnl, "gocker0", "fd00::1", "beta", "10.0.0.10");
	publish("9000-9010:80-90", "10.0.0.2");
	publish("127.0.0.1:9011:91/udp", "10.0.0.2");
	publish("9012:92", "10.0.0.2");
	publish("9011:91", "10.0.0.10");
	publish("9000-9001:80-81", "fd00::2");
	assert_survey_is(&rtnl,
		"[{\"name\":\"gocker0\",\"made\":true,\"nat\":true,"
		"\"addresses\":[\"10.0.0.1/24\",\"fd00::1/64\"],\"containers\":["
		"{\"id\":\"alpha\",\"root\":\"/run\",\"address\":\"10.0.0.2\",\"ports\":["
		"\"9000-9010:80-90/tcp\",\"9012:92/tcp\",\"127.0.0.1:9011:91/udp\"]},"
		"{\"id\":\"beta\",\"root\":\"/run\",\"address\":\"10.0.0.10\",\"ports\":["
		"\"9011:91/tcp\"]},"
		"{\"id\":\"alpha\",\"root\":\"/run\",\"address\":\"fd00::2\",\"ports\":["
		"\"9000-9001:80-81/tcp\"]}]},"
		"{\"name\":\"other0\",\"made\":false,\"nat\":true,\"addresses\":["
		"\"10.9.0.1/24\"],\"containers\":["
		"{\"id\":\"gamma\",\"root\":\"/run\",\"address\":\"10.9.0.7\",\"ports\":[]}]}]\n");
}

static void test_prune(void **state)
{
	auto_rtnl struct rtnl rtnl = { 0 };

	(void)state;
	host_make_with_run(&rtnl);
	take(&rtnl, "gocker0", NULL, "alpha", "10.0.0.2");
	take(&rtnl, "gocker0", NULL, "beta", "10.0.0.3");
	publish("80:80", "10.0.0.2");
	publish("81-82:80-81/udp", "10.0.0.3");
	publish("99:99", "10.0.0.77");
	assert_prune_removes(&rtnl, "port 99:99/tcp to 10.0.0.77\n");
	assert_prune_removes(&rtnl, "");
	host("rmdir /run/beta");
	assert_prune_removes(&rtnl, "1 lease of bridge \"gocker0\"\n"
				    "port 81-82:80-81/udp to 10.0.0.3\n");
	host("nft list table inet gocker | grep -q 10.0.0.2 && ip link show gocker0 >/dev/null");
	host("rmdir /run/alpha");
	assert_prune_removes(&rtnl, "1 lease of bridge \"gocker0\"\nport 80:80/tcp to 10.0.0.2\n"
				    "bridge \"gocker0\"\n");
	host("test -z \"$(nft list tables)\" && ! ip link show gocker0 2>/dev/null");
}

/* Behind a veth pair without a bridge there is no lease. */
static void test_prune_pair(void **state)
{
	auto_rtnl struct rtnl rtnl = { 0 };
	const struct link_new pair = { .name = "gk-host" }, peer = { .name = "eth0" };
	auto_close int netns = -1;
	struct error err = { 0 };

	(void)state;
	host_make_with_run(&rtnl);
	netns = netns_make();
	if (link_make_veth(&rtnl, &pair, 0, &peer, netns, &err) < 0)
		fail_msg("%s", err.text);
	host("ip address add 10.7.0.1/24 dev gk-host");
	in_netns(netns, "ip link set eth0 up");
	publish("80:80", "10.7.0.2");
	assert_prune_removes(&rtnl, "");
	host("ip link del gk-host");
	assert_prune_removes(&rtnl, "port 80:80/tcp to 10.7.0.2\n");
	host("test -z \"$(nft list tables)\"");
}

static void test_prune_bridge(void **state)
{
	auto_rtnl struct rtnl rtnl = { 0 };
	struct error err = { 0 };

	(void)state;
	host_make_with_run(&rtnl);
	take(&rtnl, "br-a", NULL, "alpha", "10.0.0.2");
	assert_int_equal(prune_bridge(&rtnl, "br-a", &err), -EBUSY);
	assert_string_equal(err.text, "bridge \"br-a\" is in use by container \"alpha\"");
	take(&rtnl, "br-b", NULL, "gamma", "10.0.1.2");
	publish("80:80", "10.0.0.2");
	publish("81:81", "10.0.1.2");
	take(&rtnl, "br-a", NULL, "beta", "10.0.0.3");
	assert_int_equal(prune_bridge(&rtnl, "br-a", &err), -EBUSY);
	assert_string_equal(err.text,
			    "bridge \"br-a\" is in use by container \"alpha\" and others");
	host("rmdir /run/alpha /run/beta && ip link show br-a >/dev/null");
	assert_int_equal(prune_bridge(&rtnl, "br-a", &err), 0);
	host("! ip link show br-a 2>/dev/null && ! ls /run/gocker/.net/br-a 2>/dev/null");
	host("nft list table inet gocker | grep -q 10.0.1.2");
	host("! nft list table inet gocker | grep -q 10.0.0.2");
	assert_int_equal(prune_bridge(&rtnl, "br-a", &err), -ENOENT);
	assert_int_equal(prune_bridge(&rtnl, "../x", &err), -EINVAL);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_nothing, reset),
		cmocka_unit_test_teardown(test_survey, reset),
		cmocka_unit_test_teardown(test_prune, reset),
		cmocka_unit_test_teardown(test_prune_pair, reset),
		cmocka_unit_test_teardown(test_prune_bridge, reset),
	};

	return cmocka_run_group_tests_name("prune", tests, NULL, NULL);
}
