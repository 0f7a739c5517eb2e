/* test_spec_network.c - our annotations on the network: what is read, and each way to be wrong */
#include "spec/network.h"

#include <errno.h>

#include "tests/unit/unit.h"

/* "0.type=bridge" and its like, behind the prefix; ended by NULL. */
enum { ANNOTATIONS_MAX = 8 };

static struct arena arena;

static int reset(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static int read_annotations(const char *const *texts, struct spec_network *network,
			    struct error *err)
{
	struct spec_pair pairs[ANNOTATIONS_MAX];
	struct spec_config config = { .annotations = pairs };

	for (; *texts; texts++) {
		struct spec_pair *pair = &pairs[config.annotations_len++];
		char *equal;

		pair->key = arena_printf(&arena, "%s%s", spec_network_prefix, *texts);
		equal = strchr(pair->key, '=');
		*equal = '\0';
		pair->value = equal + 1;
	}
	return spec_network_read(&config, &arena, network, err);
}

#define READ(...) read_good((const char *const[]){ __VA_ARGS__, NULL })

static struct spec_network read_good(const char *const *texts)
{
	struct spec_network network;
	struct error err = { 0 };
	int r = read_annotations(texts, &network, &err);

	if (r)
		print_message("%s\n", err.text);
	assert_int_equal(r, 0);
	return network;
}

static void assert_ip(const struct ip *ip, const char *wanted)
{
	char text[IP_TEXT_SIZE];

	assert_string_equal(ip_format(ip, text), wanted);
}

static void assert_prefix(const struct ip_prefix *prefix, const char *wanted)
{
	char text[IP_TEXT_SIZE];

	assert_string_equal(ip_prefix_format(prefix, text), wanted);
}

static void test_none(void **state)
{
	struct spec_pair other = { "org.gocker.network", "0.type" };
	struct spec_config config = { .annotations = &other, .annotations_len = 1 };
	struct spec_network network = { .len = 77 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(spec_network_read(&config, &arena, &network, &err), 0);
	assert_int_equal(network.len, 0);
}

static void test_defaults(void **state)
{
	struct spec_network network = READ("0.type=bridge");
	const struct spec_interface *interface = network.interfaces;

	(void)state;
	assert_int_equal(network.len, 1);
	assert_int_equal(interface->number, 0);
	assert_int_equal(interface->type, SPEC_INTERFACE_BRIDGE);
	assert_string_equal(interface->bridge, "gocker0");
	assert_string_equal(interface->name, "eth0");
	assert_null(interface->device);
	assert_true(interface->has_auto4 && !interface->has_auto6 && interface->nat);
	assert_int_equal(interface->addresses_len, 0);
	assert_false(interface->has_mac || interface->has_host_dns || interface->mtu);
	assert_int_equal(interface->gateway4.family, 0);
	assert_int_equal(interface->gateway6.family, 0);
	assert_int_equal(interface->ports_len + interface->dns_len + interface->routes_len, 0);
	assert_string_equal(spec_interface_place(interface, "ports", &arena),
			    "config.json: /annotations/org.gocker.net.0.ports");

	network = READ("5.type=none");
	interface = network.interfaces;
	assert_int_equal(interface->number, 5);
	assert_int_equal(interface->type, SPEC_INTERFACE_NONE);
	assert_null(interface->name);
	assert_false(interface->has_auto4 || interface->nat);
}

static void test_all_keys(void **state)
{
	static const uint8_t mac[] = { 0x02, 0xab, 0xcd, 0xef, 0x00, 0x1f };
	struct spec_network network = READ(
		"3.type=bridge", "3.bridge=br-x.1", "3.name=net@0",
		"3.address=10.1.0.5/16,fd00::5/64,10.1.0.6/16", "3.gateway=fd00::1,10.1.0.1",
		"3.mac=02:aB:Cd:ef:00:1f", "3.mtu=1280", "3.nat=false");
	const struct spec_interface *interface = network.interfaces;

	(void)state;
	assert_int_equal(interface->number, 3);
	assert_string_equal(interface->bridge, "br-x.1");
	assert_string_equal(interface->name, "net@0");
	assert_false(interface->has_auto4 || interface->has_auto6 || interface->nat);
	assert_int_equal(interface->addresses_len, 3);
	assert_prefix(&interface->addresses[0], "10.1.0.5/16");
	assert_prefix(&interface->addresses[1], "fd00::5/64");
	assert_prefix(&interface->addresses[2], "10.1.0.6/16");
	assert_ip(&interface->gateway4, "10.1.0.1");
	assert_ip(&interface->gateway6, "fd00::1");
	assert_true(interface->has_mac);
	assert_memory_equal(interface->mac, mac, sizeof(mac));
	assert_int_equal(interface->mtu, 1280);
}

static void test_lists(void **state)
{
	struct spec_network network = READ(
		"0.type=bridge", "0.address=auto6,auto", "0.dns=10.0.0.1,fd00::1,127.0.0.53",
		"0.routes=192.168.0.0/16 via 10.0.0.9,fd01::/64,10.9.0.0/24");
	const struct spec_interface *interface = network.interfaces;

	(void)state;
	assert_true(interface->has_auto4 && interface->has_auto6);
	assert_int_equal(interface->dns_len, 3);
	assert_ip(&interface->dns[0], "10.0.0.1");
	assert_ip(&interface->dns[1], "fd00::1");
	assert_int_equal(interface->routes_len, 3);
	assert_prefix(&interface->routes[0].to, "192.168.0.0/16");
	assert_ip(&interface->routes[0].via, "10.0.0.9");
	assert_prefix(&interface->routes[1].to, "fd01::/64");
	assert_int_equal(interface->routes[1].via.family, 0);

	network = READ("0.type=bridge", "0.address=auto6", "0.dns=host");
	interface = network.interfaces;
	assert_true(interface->has_auto6 && !interface->has_auto4 && interface->has_host_dns);
	assert_true(spec_interface_has_family(interface, AF_INET6));
	assert_false(spec_interface_has_family(interface, AF_INET));
}

static void test_several(void **state)
{
	struct spec_network network = READ(
		"63.type=macvlan", "63.device=uplink", "63.name=eth2", "7.type=veth",
		"7.address=10.2.0.2/30,fd02::2/64",
		"10.type=host-device", "10.device=sfp0", "10.name=eth1");
	const struct spec_interface *interfaces = network.interfaces;

	(void)state;
	assert_int_equal(network.len, 3);
	assert_int_equal(interfaces[0].number, 7);
	assert_int_equal(interfaces[0].type, SPEC_INTERFACE_VETH);
	assert_true(interfaces[0].nat);
	assert_ip(&interfaces[0].gateway4, "10.2.0.1");
	assert_ip(&interfaces[0].gateway6, "fd02::1");
	assert_int_equal(interfaces[1].number, 10);
	assert_string_equal(interfaces[1].device, "sfp0");
	assert_false(interfaces[1].nat || interfaces[1].has_auto4);
	assert_int_equal(interfaces[2].number, 63);
	assert_int_equal(interfaces[2].type, SPEC_INTERFACE_MACVLAN);
	assert_null(interfaces[2].bridge);
}

static void test_ports(void **state)
{
	static const struct {
		const char *text, *ip;
		int protocol, host, container, count;
	} rows[] = {
		{ "8080:80", "", IPPROTO_TCP, 8080, 80, 1 },
		{ "8080:80/tcp", "", IPPROTO_TCP, 8080, 80, 1 },
		{ "53:53/udp", "", IPPROTO_UDP, 53, 53, 1 },
		{ "127.0.0.1:5353:53/udp", "127.0.0.1", IPPROTO_UDP, 5353, 53, 1 },
		{ "0.0.0.0:1:65535", "0.0.0.0", IPPROTO_TCP, 1, 65535, 1 },
		{ "[::1]:80:80", "::1", IPPROTO_TCP, 80, 80, 1 },
		{ "[::]:80:80/udp", "::", IPPROTO_UDP, 80, 80, 1 },
		{ "9000-9010:80-90", "", IPPROTO_TCP, 9000, 80, 11 },
		{ "9000-9000:80", "", IPPROTO_TCP, 9000, 80, 1 },
		{ "10.0.0.1:1-65535:1-65535/udp", "10.0.0.1", IPPROTO_UDP, 1, 1, 65535 },
	};
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		char text[SPEC_PORT_TEXT_SIZE];
		struct spec_port port, again;

		assert_int_equal(spec_port_parse(rows[i].text, &port, &err), 0);
		assert_int_equal(spec_port_parse(spec_port_format(&port, text), &again, &err), 0);
		assert_memory_equal(&port, &again, sizeof(port));
		assert_ip(&port.ip, rows[i].ip);
		assert_int_equal(port.protocol, rows[i].protocol);
		assert_int_equal(port.host, rows[i].host);
		assert_int_equal(port.container, rows[i].container);
		assert_int_equal(port.count, rows[i].count);
	}
}

static void test_bad_ports(void **state)
{
	static const struct {
		const char *text, *error;
	} rows[] = {
		{ "", "is no published port" },
		{ "80", "is no published port" },
		{ "80/tcp", "is no published port" },
		{ ":", "no number from 1 to 65535" },
		{ "8080:", "no number from 1 to 65535" },
		{ ":80", "no number from 1 to 65535" },
		{ "0:80", "no number from 1 to 65535" },
		{ "80:0", "no number from 1 to 65535" },
		{ "65536:80", "no number from 1 to 65535" },
		{ "80:65536", "no number from 1 to 65535" },
		{ "080:80", "no number from 1 to 65535" },
		{ "+80:80", "no number from 1 to 65535" },
		{ " 80:80", "no number from 1 to 65535" },
		{ "80-:80", "no number from 1 to 65535" },
		{ "-80:80", "no number from 1 to 65535" },
		{ "1-2-3:1-3", "no number from 1 to 65535" },
		{ "http:80", "no number from 1 to 65535" },
		{ "9010-9000:80-90", "whose last port is before its first" },
		{ "80-90:9010-9000", "whose last port is before its first" },
		{ "9000-9010:80-91", "ranges of different lengths" },
		{ "9000-9010:80", "ranges of different lengths" },
		{ "9000:80-81", "ranges of different lengths" },
		{ "80:80/", "neither tcp nor udp" },
		{ "80:80/sctp", "neither tcp nor udp" },
		{ "80:80/TCP", "neither tcp nor udp" },
		{ "80:80/tcp/udp", "no number from 1 to 65535" },
		{ ":80:80", "address of the host that is none" },
		{ "localhost:80:80", "address of the host that is none" },
		{ "10.0.0.1/24:80:80", "is no published port" },
		{ "::1:80:80", "address of the host that is none" },
		{ "[10.0.0.1]:80:80", "address of the host that is none" },
		{ "[]:80:80", "address of the host that is none" },
		{ "[::1:80:80", "address of the host that is none" },
		{ "1:10.0.0.1:80:80", "address of the host that is none" },
		{ "[::1]80:80", "address of the host that is none" },
		{ "[::1].................................................................."
		  "..............................................................:80:80",
		  "is too long" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct spec_port port = { .count = 77 };
		struct error err = { 0 };

		assert_int_equal(spec_port_parse(rows[i].text, &port, &err), -EINVAL);
		if (!strstr(err.text, rows[i].error))
			print_message("%s: %s\n", rows[i].text, err.text);
		assert_non_null(strstr(err.text, rows[i].error));
		assert_int_equal(port.count, 77);
	}
}

/* A line of the table: "ANNOTATION; ANNOTATION ...", cut up. */
static void cut_annotations(char *line, const char *texts[ANNOTATIONS_MAX])
{
	size_t len = 0;

	for (char *next; line; line = next) {
		next = strstr(line, "; ");
		if (next) {
			*next = '\0';
			next += 2;
		}
		assert_true(len + 1 < ANNOTATIONS_MAX);
		texts[len++] = line;
	}
	texts[len] = NULL;
}

static void assert_refused(char *line, const char *why)
{
	const char *wanted = arena_printf(&arena, "config.json: /annotations/%s%s",
					  spec_network_prefix, why);
	struct spec_network network = { .len = 77 };
	const char *texts[ANNOTATIONS_MAX];
	struct error err = { 0 };

	cut_annotations(line, texts);
	assert_int_equal(read_annotations(texts, &network, &err), -EINVAL);
	assert_string_equal(err.text, wanted);
	assert_int_equal(network.len, 77);
}

static void test_bad(void **state)
{
	const char *sources = getenv("TEST_SOURCES");
	const char *path = arena_printf(&arena, "%s/tests/unit/spec_network.table",
					sources ? sources : ".");
	auto_buf struct buf text = { 0 };
	char *rest, *line, *before = NULL;
	int count = 0;

	(void)state;
	assert_int_equal(file_read_at(AT_FDCWD, path, 1 << 20, &text), 0);
	for (line = strtok_r(text.data, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest))
		if (line[0] == '\t') {
			assert_refused(before, line + 1);
			count++;
		} else if (line[0] != '#') {
			before = line;
		}
	assert_true(count > 100);
}

static void test_same_name_17_times(void **state)
{
	struct spec_pair pairs[17];
	struct spec_config config = { .annotations = pairs, .annotations_len = LEN(pairs) };
	struct spec_network network;
	struct error err = { 0 };

	(void)state;
	for (unsigned int i = 0; i < LEN(pairs); i++)
		pairs[i] = (struct spec_pair){
			arena_printf(&arena, "%s%u.type", spec_network_prefix, i), "bridge"
		};
	assert_int_equal(spec_network_read(&config, &arena, &network, &err), -EINVAL);
	assert_string_equal(err.text, "config.json: /annotations/org.gocker.net.1.name: "
				      "\"eth0\" is the name of interface 0, too");
}

static void test_ports_twice(void **state)
{
	struct spec_network network;

	(void)state;
	network = READ("0.type=bridge", "0.address=auto,auto6",
		       "0.ports=80:80,80:80/udp,81-90:80-89,127.0.0.1:99:80,127.0.0.2:99:80,"
		       "[fd00::1]:99:80,0.0.0.0:98:80,[::]:98:80");
	assert_int_equal(network.interfaces[0].ports_len, 8);
}

static void test_many_ports(void **state)
{
	auto_buf struct buf text = { 0 };
	struct spec_network network;
	struct error err = { 0 };

	(void)state;
	buf_puts(&text, "0.ports=1:1");
	for (int port = 2; port <= 65535; port++)
		buf_printf(&text, ",%d:%d", port, port);
	network = READ("0.type=bridge", text.data);
	assert_int_equal(network.interfaces[0].ports_len, 65535);
	buf_puts(&text, ",1:1/udp");
	assert_int_equal(read_annotations((const char *const[]){ "0.type=bridge", text.data, NULL },
					  &network, &err), -EINVAL);
	assert_string_equal(err.text, "config.json: /annotations/org.gocker.net.0.ports: has 65536 "
				      "items, it may have 65535");
}

/* What looks wrong and is not. */
static void test_unusual(void **state)
{
	struct spec_network network;

	(void)state;
	network = READ("0.type=macvlan", "0.device=up0",
		       "0.address=10.0.0.2/32,10.1.0.2/24,fd00::2/64",
		       "0.gateway=10.1.0.1,fe80::1");
	assert_ip(&network.interfaces[0].gateway6, "fe80::1");
	network = READ("0.type=veth", "0.address=10.0.0.1/31", "0.gateway=10.0.0.0");
	assert_ip(&network.interfaces[0].gateway4, "10.0.0.0");
	network = READ("0.type=veth", "0.address=10.0.0.1/24", "0.gateway=10.0.0.2");
	assert_int_equal(network.len, 1);
	network = READ("0.type=macvlan", "1.type=macvlan", "0.device=up0", "1.device=up0",
		       "1.name=eth1");
	assert_int_equal(network.len, 2);
	network = READ("0.type=bridge", "0.gateway=10.9.9.9"); /* the bridge is somebody else's */
	assert_ip(&network.interfaces[0].gateway4, "10.9.9.9");
	network = READ("0.type=bridge", "0.bridge=.x", "0.mtu=68");
	assert_int_equal(network.interfaces[0].mtu, 68);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(test_none, reset),
		cmocka_unit_test_teardown(test_defaults, reset),
		cmocka_unit_test_teardown(test_all_keys, reset),
		cmocka_unit_test_teardown(test_lists, reset),
		cmocka_unit_test_teardown(test_several, reset),
		cmocka_unit_test_teardown(test_ports, reset),
		cmocka_unit_test_teardown(test_bad_ports, reset),
		cmocka_unit_test_teardown(test_bad, reset),
		cmocka_unit_test_teardown(test_same_name_17_times, reset),
		cmocka_unit_test_teardown(test_ports_twice, reset),
		cmocka_unit_test_teardown(test_many_ports, reset),
		cmocka_unit_test_teardown(test_unusual, reset),
	};

	return cmocka_run_group_tests_name("spec network", tests, NULL, NULL);
}
