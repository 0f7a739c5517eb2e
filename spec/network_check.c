/* network_check.c - our annotations on the network: what needs more than one key to be judged */
#include "spec/network_check.h"

#include <errno.h>
#include <string.h>

#include "spec/network_ports.h"
#include "spec/network_text.h"

enum { MTU_MIN_IPV6 = 1280 }; /* RFC 8200; with less, the kernel has no IPv6 there */

static const struct ip_prefix link_local = { { AF_INET6, { .bytes = { 0xfe, 0x80 } } }, 10 };

static const char *name_of(uint8_t family)
{
	return family == AF_INET ? "IPv4" : "IPv6";
}

static bool has_auto(const struct spec_interface *interface, uint8_t family)
{
	return family == AF_INET ? interface->has_auto4 : interface->has_auto6;
}

static bool is_pair(const struct spec_interface *interface)
{
	return interface->type == SPEC_INTERFACE_BRIDGE || interface->type == SPEC_INTERFACE_VETH;
}

/* Return: the first address of that family that is asked for; NULL: there is none. */
static const struct ip_prefix *first_of(const struct spec_interface *interface, uint8_t family)
{
	for (size_t i = 0; i < interface->addresses_len; i++)
		if (interface->addresses[i].ip.family == family)
			return &interface->addresses[i];
	return NULL;
}

bool spec_interface_has_family(const struct spec_interface *interface, uint8_t family)
{
	return has_auto(interface, family) || first_of(interface, family);
}

static bool is_same_network(const struct ip_prefix *a, const struct ip_prefix *b)
{
	return a->length == b->length && ip_prefix_has(a, &b->ip);
}

/* The host has one address of a family on its end: that of the gateway. */
static int check_pair_address(const struct spec_interface *interface,
			      const struct ip_prefix *address, struct error *err)
{
	uint8_t family = address->ip.family;
	const struct ip *gateway = family == AF_INET ? &interface->gateway4 : &interface->gateway6;
	struct ip other = ip_prefix_host(address, 0);
	char text[IP_TEXT_SIZE];

	ip_prefix_format(address, text);
	if (has_auto(interface, family))
		return error_set(err, EINVAL, "\"%s\" stands beside \"%s\": an address of %s is "
				 "either chosen or said", text,
				 family == AF_INET ? "auto" : "auto6", name_of(family));
	if (ip_prefix_hosts(address) < 2)
		return error_set(err, EINVAL, "\"%s\" has a network without an address for the "
				 "host", text);
	if (interface->type == SPEC_INTERFACE_VETH && !gateway->family &&
	    ip_is_equal(&other, &address->ip))
		return error_set(err, EINVAL, "\"%s\" is the first of its network, which is the "
				 "host's where no gateway is said", text);
	return 0;
}

/* Against one that stands before it. */
static int compare_address(const struct spec_interface *interface, const struct ip_prefix *first,
			   const struct ip_prefix *address, struct error *err)
{
	char text[IP_TEXT_SIZE], before[IP_TEXT_SIZE];

	if (ip_is_equal(&first->ip, &address->ip))
		return error_set(err, EINVAL, "has %s twice", ip_format(&address->ip, text));
	if (!is_pair(interface) || first->ip.family != address->ip.family ||
	    is_same_network(first, address))
		return 0;
	return error_set(err, EINVAL, "\"%s\" is in another network than \"%s\": there is one of "
			 "each family", ip_prefix_format(address, text),
			 ip_prefix_format(first, before));
}

static int check_address(const struct spec_interface *interface, struct error *err)
{
	int r = 0;

	if (interface->type != SPEC_INTERFACE_BRIDGE &&
	    (interface->has_auto4 || interface->has_auto6))
		return error_set(err, EINVAL, "\"%s\" is for type bridge only",
				 interface->has_auto4 ? "auto" : "auto6");
	for (size_t i = 0; i < interface->addresses_len && r == 0; i++) {
		const struct ip_prefix *address = &interface->addresses[i];

		for (size_t j = 0; j < i && r == 0; j++)
			r = compare_address(interface, &interface->addresses[j], address, err);
		if (r == 0 && is_pair(interface))
			r = check_pair_address(interface, address, err);
	}
	return r;
}

/* Return: an address in whose network ip is; NULL: there is none. */
static const struct ip_prefix *find_network(const struct spec_interface *interface,
					    const struct ip *ip)
{
	for (size_t i = 0; i < interface->addresses_len; i++)
		if (ip_prefix_has(&interface->addresses[i], ip))
			return &interface->addresses[i];
	return NULL;
}

/* Whether what is on the link has this address, for a gateway and for the next hop of a route. */
static int check_neighbour(const struct spec_interface *interface, const struct ip *ip,
			   struct error *err)
{
	const struct ip_prefix *network = find_network(interface, ip);
	char text[IP_TEXT_SIZE], address[IP_TEXT_SIZE];

	ip_format(ip, text);
	if (!spec_interface_has_family(interface, ip->family))
		return error_set(err, EINVAL, "\"%s\" has no address of %s beside it", text,
				 name_of(ip->family));
	for (size_t i = 0; i < interface->addresses_len; i++)
		if (ip_is_equal(&interface->addresses[i].ip, ip))
			return error_set(err, EINVAL, "\"%s\" is the container's own address",
					 text);
	if (has_auto(interface, ip->family) ||
	    (!is_pair(interface) && ip_prefix_has(&link_local, ip)))
		return 0;
	if (!network)
		return error_set(err, EINVAL, "\"%s\" is outside of the network of \"%s\"", text,
				 ip_prefix_format(first_of(interface, ip->family), address));
	if (!ip_prefix_is_host(&(struct ip_prefix){ *ip, network->length }))
		return error_set(err, EINVAL, "\"%s\" is no host's address in the network of "
				 "\"%s\"", text, ip_prefix_format(network, address));
	return 0;
}

static int check_gateway(const struct spec_interface *interface, struct error *err)
{
	int r = 0;

	if (interface->gateway4.family)
		r = check_neighbour(interface, &interface->gateway4, err);
	if (r == 0 && interface->gateway6.family)
		r = check_neighbour(interface, &interface->gateway6, err);
	return r;
}

static int check_mtu(const struct spec_interface *interface, struct error *err)
{
	if (interface->mtu && interface->mtu < MTU_MIN_IPV6 &&
	    spec_interface_has_family(interface, AF_INET6))
		return error_set(err, EINVAL, "\"%u\" is too small for IPv6, which needs %d",
				 interface->mtu, MTU_MIN_IPV6);
	return 0;
}

static int check_ports(const struct spec_interface *interface, struct error *err)
{
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < interface->ports_len; i++) {
		const struct ip *ip = &interface->ports[i].ip;

		if (ip->family && !spec_interface_has_family(interface, ip->family))
			return error_set(err, EINVAL, "\"%s\" of the host can lead to an address "
					 "of %s only, and the container has none",
					 ip_format(ip, text), name_of(ip->family));
	}
	return 0;
}

static int check_route(const struct spec_interface *interface, size_t i, struct error *err)
{
	const struct spec_route *route = &interface->routes[i];
	uint8_t family = route->to.ip.family;
	char text[IP_TEXT_SIZE];

	for (size_t j = 0; j < i; j++)
		if (route->to.length == interface->routes[j].to.length &&
		    ip_is_equal(&route->to.ip, &interface->routes[j].to.ip))
			return error_set(err, EINVAL, "has %s twice",
					 ip_prefix_format(&route->to, text));
	if (!spec_interface_has_family(interface, family))
		return error_set(err, EINVAL, "\"%s\" has no address of %s beside it",
				 ip_prefix_format(&route->to, text), name_of(family));
	return route->via.family ? check_neighbour(interface, &route->via, err) : 0;
}

static int check_routes(const struct spec_interface *interface, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < interface->routes_len && r == 0; i++)
		r = check_route(interface, i, err);
	return r;
}

/* Of one interface; the keys are those of the messages. */
static const struct {
	const char *key;
	int (*check)(const struct spec_interface *interface, struct error *err);
} checks[] = {
	{ "address", check_address },
	{ "gateway", check_gateway },
	{ "mtu", check_mtu },
	{ "ports", check_ports },
	{ "routes", check_routes },
};

static bool both_have(const char *a, const char *b)
{
	return a && b && !strcmp(a, b);
}

static int compare_types(const struct spec_interface *a, const struct spec_interface *b,
			 struct error *err)
{
	const char *none = table_name_of(spec_interface_types, SPEC_INTERFACE_NONE);

	if (a->type != SPEC_INTERFACE_NONE && b->type != SPEC_INTERFACE_NONE)
		return 0;
	return error_set(err, EINVAL, "\"%s\" stands alone, not beside another interface", none);
}

static int compare_names(const struct spec_interface *a, const struct spec_interface *b,
			 struct error *err)
{
	return both_have(a->name, b->name) ?
		error_set(err, EINVAL, "\"%s\" is the name of interface %u, too", b->name,
			  a->number) : 0;
}

static int compare_devices(const struct spec_interface *a, const struct spec_interface *b,
			   struct error *err)
{
	if ((a->type != SPEC_INTERFACE_HOST_DEVICE && b->type != SPEC_INTERFACE_HOST_DEVICE) ||
	    !both_have(a->device, b->device))
		return 0;
	return error_set(err, EINVAL, "\"%s\" is the device of interface %u, too", b->device,
			 a->number);
}

static int compare_addresses(const struct spec_interface *a, const struct spec_interface *b,
			     struct error *err)
{
	char text[IP_TEXT_SIZE];

	for (size_t i = 0; i < a->addresses_len; i++)
		for (size_t j = 0; j < b->addresses_len; j++)
			if (ip_is_equal(&a->addresses[i].ip, &b->addresses[j].ip))
				return error_set(err, EINVAL,
						 "%s is the address of interface %u, too",
						 ip_format(&b->addresses[j].ip, text), a->number);
	return 0;
}

static int compare_macs(const struct spec_interface *a, const struct spec_interface *b,
			struct error *err)
{
	if (!a->has_mac || !b->has_mac || memcmp(a->mac, b->mac, sizeof(a->mac)) != 0)
		return 0;
	return error_set(err, EINVAL, "is that of interface %u, too", a->number);
}

static int compare_dns(const struct spec_interface *a, const struct spec_interface *b,
		       struct error *err)
{
	if (!(a->dns_len || a->has_host_dns) || !(b->dns_len || b->has_host_dns))
		return 0;
	return error_set(err, EINVAL, "interface %u has name servers already", a->number);
}

/* Of two interfaces; the second is blamed. */
static const struct {
	const char *key;
	int (*compare)(const struct spec_interface *a, const struct spec_interface *b,
		       struct error *err);
} comparisons[] = {
	{ "type", compare_types },
	{ "name", compare_names },
	{ "device", compare_devices },
	{ "address", compare_addresses },
	{ "mac", compare_macs },
	{ "dns", compare_dns },
};

static int compare(const struct spec_interface *a, const struct spec_interface *b,
		   struct error *err)
{
	for (size_t i = 0; i < sizeof(comparisons) / sizeof(*comparisons); i++)
		if (comparisons[i].compare(a, b, err) < 0)
			return network_text_place(b->number, comparisons[i].key, err);
	return 0;
}

int network_check(const struct spec_network *network, struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < network->len && r == 0; i++) {
		const struct spec_interface *interface = &network->interfaces[i];

		for (size_t j = 0; j < sizeof(checks) / sizeof(*checks); j++)
			if (checks[j].check(interface, err) < 0)
				return network_text_place(interface->number, checks[j].key, err);
		for (size_t j = 0; j < i && r == 0; j++)
			r = compare(&network->interfaces[j], interface, err);
	}
	return r < 0 ? r : network_ports_check(network, err);
}
