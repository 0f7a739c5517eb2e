/* network_values.c - the keys of an interface, and a reader for the value of each */
#include "spec/network_values.h"

#include <ctype.h>
#include <errno.h>
#include <string.h>

#include "base/number.h"
#include "spec/check.h"
#include "spec/network_text.h"

enum {
	MTU_MIN = 68, /* RFC 791 */
	MTU_MAX = 65535,
	MULTICAST = 1, /* bit of a MAC address's first byte */
};

const struct name_value spec_interface_types[] = {
	{ "bridge", SPEC_INTERFACE_BRIDGE },
	{ "veth", SPEC_INTERFACE_VETH },
	{ "macvlan", SPEC_INTERFACE_MACVLAN },
	{ "host-device", SPEC_INTERFACE_HOST_DEVICE },
	{ "none", SPEC_INTERFACE_NONE },
	{ 0 },
};

/* What no interface of a host has for its own. */
static const struct ip_prefix special[] = {
	{ { AF_INET, { .bytes = { 0 } } }, 8 },
	{ { AF_INET, { .bytes = { 127 } } }, 8 },
	{ { AF_INET, { .bytes = { 224 } } }, 4 },
	{ { AF_INET, { .bytes = { 255, 255, 255, 255 } } }, 32 },
	{ { AF_INET6, { .bytes = { 0 } } }, 128 },
	{ { AF_INET6, { .bytes = { [15] = 1 } } }, 128 },
	{ { AF_INET6, { .bytes = { [10] = 0xff, 0xff } } }, 96 },
	{ { AF_INET6, { .bytes = { 0xff } } }, 8 },
};

static int refuse_special(const struct ip *ip, struct error *err)
{
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++)
		if (ip_prefix_has(&special[i], ip))
			return error_set(err, EINVAL, "\"%s\" is no address that an interface can "
					 "have", ip_format(ip, text));
	return 0;
}

static int read_ip(const char *text, struct ip *ip, struct error *err)
{
	if (ip_parse(text, ip) < 0)
		return error_set(err, EINVAL, "\"%.100s\" is no address", text);
	return 0;
}

static int read_type(const char *text, struct arena *arena __attribute__((unused)),
		     struct spec_interface *interface, struct error *err)
{
	const struct name_value *row = table_find_name(spec_interface_types, text);

	if (!row)
		return error_set(err, EINVAL, "\"%.100s\" is none of bridge, veth, macvlan, "
				 "host-device and none", text);
	interface->type = (int)row->value;
	return 0;
}

int spec_link_name_check(const char *name, struct error *err)
{
	for (const char *c = name; *c; c++)
		if (iscntrl((unsigned char)*c) && !isspace((unsigned char)*c))
			return error_set(err, EINVAL, "the name of a network interface has a "
					 "control character, 0x%02x", (unsigned char)*c);
	/* The kernel makes a number of "%d". */
	if (strchr(name, '%'))
		return error_set(err, EINVAL, "\"%.100s\" is no name for a network interface: it "
				 "has a \"%%\"", name);
	return check_interface_name(name, err);
}

static int read_link_name(const char *text, struct arena *arena, char **name, struct error *err)
{
	if (!strcmp(text, "lo"))
		return error_set(err, EINVAL, "\"lo\" is the name of loopback");
	if (spec_link_name_check(text, err) < 0)
		return -err->num;
	*name = arena_strdup(arena, text);
	return 0;
}

static int read_bridge(const char *text, struct arena *arena, struct spec_interface *interface,
		       struct error *err)
{
	return read_link_name(text, arena, &interface->bridge, err);
}

static int read_device(const char *text, struct arena *arena, struct spec_interface *interface,
		       struct error *err)
{
	return read_link_name(text, arena, &interface->device, err);
}

static int read_name(const char *text, struct arena *arena, struct spec_interface *interface,
		     struct error *err)
{
	return read_link_name(text, arena, &interface->name, err);
}

static int read_auto(const char *text, bool *wanted, struct error *err)
{
	if (*wanted)
		return error_set(err, EINVAL, "has \"%s\" twice", text);
	*wanted = true;
	return 0;
}

static int read_address(const char *text, struct ip_prefix *prefix, struct error *err)
{
	int r = ip_prefix_parse(text, prefix, err);

	if (r == 0)
		r = refuse_special(&prefix->ip, err);
	if (r == 0 && !ip_prefix_is_host(prefix))
		r = error_set(err, EINVAL, "\"%s\" is the %s of its network, no host's address",
			      text, ip_prefix_is_network(prefix) ? "first address" : "broadcast");
	return r;
}

static int read_addresses(const char *text, struct arena *arena, struct spec_interface *interface,
			  struct error *err)
{
	char **items;
	int count = network_text_split(text, SPEC_NETWORK_LIST_MAX, arena, &items, err), r = 0;

	if (count < 0)
		return count;
	interface->has_auto4 = interface->has_auto6 = false;
	interface->addresses = arena_array(arena, (size_t)count, sizeof(*interface->addresses));
	interface->addresses_len = 0;
	for (int i = 0; i < count && r == 0; i++)
		if (!strcmp(items[i], "auto"))
			r = read_auto(items[i], &interface->has_auto4, err);
		else if (!strcmp(items[i], "auto6"))
			r = read_auto(items[i], &interface->has_auto6, err);
		else
			r = read_address(items[i],
					 &interface->addresses[interface->addresses_len++], err);
	return r;
}

static int read_gateway(const char *text, struct arena *arena, struct spec_interface *interface,
			struct error *err)
{
	char **items;
	int count = network_text_split(text, 2, arena, &items, err);

	if (count < 0)
		return count;
	for (int i = 0; i < count; i++) {
		struct ip ip, *gateway;
		int r = read_ip(items[i], &ip, err);

		if (r == 0)
			r = refuse_special(&ip, err);
		if (r < 0)
			return r;
		gateway = ip.family == AF_INET ? &interface->gateway4 : &interface->gateway6;
		if (gateway->family)
			return error_set(err, EINVAL, "has two of %s",
					 ip.family == AF_INET ? "IPv4" : "IPv6");
		*gateway = ip;
	}
	return 0;
}

/* Two digits. Return: their value or -EINVAL. */
static int read_hex(const char *text)
{
	static const char digits[] = "0123456789abcdefABCDEF";
	int value = 0;

	for (int i = 0; i < 2; i++) {
		const char *at = text[i] ? strchr(digits, text[i]) : NULL;
		int digit = at ? (int)(at - digits) : -1;

		if (digit < 0)
			return -EINVAL;
		value = value * 16 + (digit < 16 ? digit : digit - 6);
	}
	return value;
}

static int read_mac(const char *text, struct arena *arena __attribute__((unused)),
		    struct spec_interface *interface, struct error *err)
{
	static const uint8_t none[sizeof(interface->mac)];
	uint8_t mac[sizeof(interface->mac)] = { 0 };
	const char *at = text;

	for (size_t i = 0; i < sizeof(mac); i++, at += 3) {
		int byte = read_hex(at);

		if (byte < 0 || at[2] != (i + 1 < sizeof(mac) ? ':' : '\0'))
			return error_set(err, EINVAL, "\"%.100s\" is no MAC address such as "
					 "\"02:00:00:00:00:01\"", text);
		mac[i] = (uint8_t)byte;
	}
	if (mac[0] & MULTICAST || !memcmp(mac, none, sizeof(mac)))
		return error_set(err, EINVAL, "\"%s\" is no MAC address of one interface: its "
				 "first byte is odd, or all are 0", text);
	memcpy(interface->mac, mac, sizeof(mac));
	interface->has_mac = true;
	return 0;
}

static int read_mtu(const char *text, struct arena *arena __attribute__((unused)),
		    struct spec_interface *interface, struct error *err)
{
	uint64_t mtu;

	if (number_parse_between(text, MTU_MIN, MTU_MAX, &mtu) < 0)
		return error_set(err, EINVAL, "\"%.100s\" is no number from %d to %d", text,
				 MTU_MIN, MTU_MAX);
	interface->mtu = (uint32_t)mtu;
	return 0;
}

static int read_nat(const char *text, struct arena *arena __attribute__((unused)),
		    struct spec_interface *interface, struct error *err)
{
	interface->nat = !strcmp(text, "true");
	if (interface->nat || !strcmp(text, "false"))
		return 0;
	return error_set(err, EINVAL, "\"%.100s\" is neither true nor false", text);
}

static int read_ports(const char *text, struct arena *arena, struct spec_interface *interface,
		      struct error *err)
{
	char **items;
	int count = network_text_split(text, SPEC_NETWORK_PORTS_MAX, arena, &items, err), r = 0;

	if (count < 0)
		return count;
	interface->ports = arena_array(arena, (size_t)count, sizeof(*interface->ports));
	interface->ports_len = (size_t)count;
	for (int i = 0; i < count && r == 0; i++)
		r = spec_port_parse(items[i], &interface->ports[i], err);
	return r;
}

static int read_dns(const char *text, struct arena *arena, struct spec_interface *interface,
		    struct error *err)
{
	char **items;
	int count, r = 0;

	interface->has_host_dns = !strcmp(text, "host");
	if (interface->has_host_dns)
		return 0;
	count = network_text_split(text, SPEC_NETWORK_DNS_MAX, arena, &items, err);
	if (count < 0)
		return count;
	interface->dns = arena_array(arena, (size_t)count, sizeof(*interface->dns));
	interface->dns_len = (size_t)count;
	for (int i = 0; i < count && r == 0; i++)
		r = strcmp(items[i], "host") ? read_ip(items[i], &interface->dns[i], err) :
			error_set(err, EINVAL, "\"host\" stands alone, not beside addresses");
	return r;
}

/* "PREFIX" or "PREFIX via ADDRESS", as in ip-route(8). */
static int read_route(char *text, struct spec_route *route, struct error *err)
{
	static const char word[] = " via ";
	char *via = strstr(text, word);
	int r;

	if (via)
		*via = '\0';
	r = ip_prefix_parse(text, &route->to, err);
	if (r < 0)
		return r;
	if (!route->to.length)
		return error_set(err, EINVAL, "\"%s\" is the default route: \"gateway\" has it",
				 text);
	if (!ip_prefix_is_network(&route->to))
		return error_set(err, EINVAL, "\"%s\" is an address in a network, no network: bits "
				 "behind its length are set", text);
	if (!via)
		return 0;
	via += sizeof(word) - 1;
	r = read_ip(via, &route->via, err);
	if (r == 0)
		r = refuse_special(&route->via, err);
	if (r == 0 && route->via.family != route->to.ip.family)
		r = error_set(err, EINVAL, "\"%s\" and \"%s\" are of different families", text,
			      via);
	return r;
}

static int read_routes(const char *text, struct arena *arena, struct spec_interface *interface,
		       struct error *err)
{
	char **items;
	int count = network_text_split(text, SPEC_NETWORK_LIST_MAX, arena, &items, err), r = 0;

	if (count < 0)
		return count;
	interface->routes = arena_array(arena, (size_t)count, sizeof(*interface->routes));
	interface->routes_len = (size_t)count;
	for (int i = 0; i < count && r == 0; i++)
		r = read_route(items[i], &interface->routes[i], err);
	return r;
}

enum {
	BRIDGE = 1 << SPEC_INTERFACE_BRIDGE,
	VETH = 1 << SPEC_INTERFACE_VETH,
	DEVICE = 1 << SPEC_INTERFACE_MACVLAN | 1 << SPEC_INTERFACE_HOST_DEVICE,
	PAIR = BRIDGE | VETH, /* the host has the other end, and routes */
	LINK = PAIR | DEVICE,
	ALL = LINK | 1 << SPEC_INTERFACE_NONE,
};

const struct network_key network_keys[NETWORK_KEYS] = {
	{ "type", ALL, ALL, read_type },
	{ "bridge", BRIDGE, 0, read_bridge },
	{ "device", DEVICE, DEVICE, read_device },
	{ "name", LINK, 0, read_name },
	{ "address", LINK, VETH, read_addresses },
	{ "gateway", LINK, 0, read_gateway },
	{ "mac", LINK, 0, read_mac },
	{ "mtu", LINK, 0, read_mtu },
	{ "nat", PAIR, 0, read_nat },
	{ "ports", PAIR, 0, read_ports },
	{ "dns", LINK, 0, read_dns },
	{ "routes", LINK, 0, read_routes },
};
