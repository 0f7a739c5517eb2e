/* nat_ports.c - published ports, as elements of the maps of the table "inet gocker" */
#include <errno.h>
#include <linux/netlink.h>
#include <stdio.h>
#include <string.h>

#include "runtime/net/nat.h"
#include "runtime/net/nat_element.h"
#include "runtime/net/nat_flows.h"

enum { WORD = 4, PROTOCOL_SIZE = 1, PORT_SIZE = 2, CHANGES_MAX = 10 };

static bool is_any(enum nat_set_id set)
{
	return set == NAT_ANY4 || set == NAT_ANY6;
}

static uint8_t family_of(enum nat_set_id set)
{
	return set == NAT_PORTS4 || set == NAT_ANY4 ? AF_INET : AF_INET6;
}

static bool is_loopback6(const struct ip *ip)
{
	return ip->family == AF_INET6 && IN6_IS_ADDR_LOOPBACK(&ip->v6);
}

static void put_port(uint8_t *place, uint16_t port)
{
	place[0] = (uint8_t)(port >> 8);
	place[1] = (uint8_t)port;
}

static uint16_t get_port(const uint8_t *place)
{
	return (uint16_t)(place[0] << 8 | place[1]);
}

/* The number-th of the ports. */
static struct nat_element element_of(enum nat_set_id set, const struct spec_port *port,
				     uint16_t number, const struct ip *target)
{
	struct nat_element element = { .set = (uint8_t)set };
	size_t size = ip_size(family_of(set));
	uint8_t *key = element.key;

	if (!is_any(set)) {
		memcpy(key, port->ip.bytes, size);
		key += size;
	}
	*key = port->protocol;
	put_port(key + WORD, (uint16_t)(port->host + number));
	memcpy(element.data, target->bytes, size);
	put_port(element.data + size, (uint16_t)(port->container + number));
	return element;
}

/* What element_of has made. */
static struct nat_port port_of(const struct nat_element *element)
{
	uint8_t family = family_of(element->set);
	size_t size = ip_size(family);
	struct nat_port port = { .target.family = family, .port.count = 1 };
	const uint8_t *key = element->key;

	if (!is_any(element->set)) {
		port.port.ip.family = family;
		memcpy(port.port.ip.bytes, key, size);
		key += size;
	}
	port.port.protocol = *key;
	port.port.host = get_port(key + WORD);
	memcpy(port.target.bytes, element->data, size);
	port.port.container = get_port(element->data + size);
	return port;
}

const char *nat_port_format(const struct spec_port *port, char text[NAT_PORT_TEXT_SIZE])
{
	const char *protocol = port->protocol == IPPROTO_UDP ? "udp" : "tcp";
	char ip[IP_TEXT_SIZE];

	if (port->ip.family == AF_UNSPEC)
		snprintf(text, NAT_PORT_TEXT_SIZE, "%d/%s", port->host, protocol);
	else if (port->ip.family == AF_INET)
		snprintf(text, NAT_PORT_TEXT_SIZE, "%s:%d/%s", ip_format(&port->ip, ip),
			 port->host, protocol);
	else
		snprintf(text, NAT_PORT_TEXT_SIZE, "[%s]:%d/%s", ip_format(&port->ip, ip),
			 port->host, protocol);
	return text;
}

struct elements {
	struct arena arena;
	struct nat_element *list;
	bool *found;
	size_t len;
};

#define auto_elements __attribute__((cleanup(elements_free)))

static void elements_free(struct elements *elements)
{
	arena_free(&elements->arena);
}

static struct elements elements_alloc(size_t max)
{
	struct elements elements = { .len = 0 };

	elements.list = arena_array(&elements.arena, max, sizeof(*elements.list));
	elements.found = arena_array(&elements.arena, max, sizeof(*elements.found));
	return elements;
}

/* Adds the ports that lead to an address, if they are of its family. Return: how many. */
static size_t lead(const struct spec_port *ports, size_t len, const struct ip *target,
		   struct nat_port *leading)
{
	size_t count = 0;

	for (size_t i = 0; i < len && target->family; i++)
		if (!ports[i].ip.family || ports[i].ip.family == target->family)
			leading[count++] = (struct nat_port){ ports[i], *target };
	return count;
}

/* The ports for each family of the container, in the arena. Return: how many. */
static size_t lead_all(struct arena *arena, const struct spec_port *ports, size_t len,
		       const struct nat_target *target, struct nat_port **leading)
{
	size_t count;

	*leading = arena_array(arena, len, 2 * sizeof(**leading));
	count = lead(ports, len, &target->ip4, *leading);
	return count + lead(ports, len, &target->ip6, *leading + count);
}

static void add_elements(struct elements *elements, const struct nat_port *port)
{
	bool is_v4 = port->target.family == AF_INET;
	enum nat_set_id set = is_v4 ? NAT_PORTS4 : NAT_PORTS6;

	if (ip_is_unspecified(&port->port.ip))
		set = is_v4 ? NAT_ANY4 : NAT_ANY6;
	for (uint16_t i = 0; i < port->port.count; i++)
		elements->list[elements->len++] =
			element_of(set, &port->port, i, &port->target);
}

static struct elements elements_of(const struct nat_port *ports, size_t len)
{
	struct elements elements;
	size_t max = 0;

	for (size_t i = 0; i < len; i++)
		max += ports[i].port.count;
	elements = elements_alloc(2 * max); /* there is room for add_loopback */
	for (size_t i = 0; i < len; i++)
		add_elements(&elements, &ports[i]);
	return elements;
}

/*
 * Adds to elements of ports, behind their len, what leads ::1 there in the name of the host's
 * address. Return: how many.
 */
static size_t add_loopback(const struct elements *elements, const struct ip *host6)
{
	struct nat_element *added = elements->list + elements->len;
	size_t count = 0;

	for (size_t i = 0; i < elements->len; i++) {
		struct nat_port port = port_of(&elements->list[i]);
		struct nat_element element;

		if (port.target.family != AF_INET6 ||
		    (port.port.ip.family && !is_loopback6(&port.port.ip)))
			continue;
		element = element_of(NAT_ANY6, &port.port, 0, &port.target);
		element.set = NAT_LOOPBACK6;
		memset(element.data, 0, sizeof(element.data));
		memcpy(element.data, host6->bytes, ip_size(AF_INET6));
		added[count++] = element;
	}
	return count;
}

/* Return: 0 or -EAFNOSUPPORT. */
static int check_families(const struct spec_port *ports, size_t len,
			  const struct nat_target *target, struct error *err)
{
	char text[NAT_PORT_TEXT_SIZE];

	for (size_t i = 0; i < len; i++) {
		const struct ip *ip = &ports[i].ip;

		if ((ip->family == AF_INET && !target->ip4.family) ||
		    (ip->family == AF_INET6 && !target->ip6.family) ||
		    (!target->ip4.family && !target->ip6.family))
			return error_set(err, EAFNOSUPPORT,
					 "port %s: the container has no address of that family",
					 nat_port_format(&ports[i], text));
		if (is_loopback6(ip) && !target->host6.family)
			return error_set(err, EAFNOSUPPORT,
					 "port %s: the host has no IPv6 address on the link",
					 nat_port_format(&ports[i], text));
	}
	return 0;
}

static int tell_taken(const struct nat_element *element, struct spec_port *taken,
		      struct error *err)
{
	char text[NAT_PORT_TEXT_SIZE];

	*taken = port_of(element).port;
	return error_set(err, EADDRINUSE, "port %s is published already",
			 nat_port_format(taken, text));
}

/* Return: 0; -EADDRINUSE where one of them is there; -errno. */
static int check_not_there(struct nft *nft, struct elements *elements, struct spec_port *taken,
			   struct error *err)
{
	int r = nat_elements_find(nft, elements->list, elements->len, elements->found, err);

	for (size_t i = 0; r > 0 && i < elements->len; i++)
		if (elements->found[i])
			return tell_taken(&elements->list[i], taken, err);
	return r < 0 ? r : 0;
}

static size_t count_addresses(const struct elements *elements)
{
	size_t count = 0;

	for (size_t i = 0; i < elements->len; i++)
		count += !is_any(elements->list[i].set);
	return count;
}

/* An address's port is refused where all addresses have it. */
static int check_for_addresses(struct nft *nft, const struct elements *wanted,
			       struct spec_port *taken, struct error *err)
{
	auto_elements struct elements elements = elements_alloc(count_addresses(wanted));

	for (size_t i = 0; i < wanted->len; i++) {
		uint8_t set = wanted->list[i].set == NAT_PORTS4 ? NAT_ANY4 : NAT_ANY6;
		struct nat_port port = port_of(&wanted->list[i]);

		if (!is_any(wanted->list[i].set))
			elements.list[elements.len++] =
				element_of(set, &port.port, 0, &port.target);
	}
	return check_not_there(nft, &elements, taken, err);
}

/* By protocol and port. */
struct port_bits {
	uint8_t tcp[8192], udp[8192];
};

static uint8_t *find_bit(struct port_bits *bits, const struct nat_element *element, uint8_t *mask)
{
	struct nat_port port = port_of(element);

	*mask = (uint8_t)(1 << port.port.host % 8);
	return (port.port.protocol == IPPROTO_UDP ? bits->udp : bits->tcp) + port.port.host / 8;
}

static int check_against(struct nft *nft, enum nat_set_id set, struct port_bits *wanted,
			 struct spec_port *taken, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	struct nat_element *list;
	int len = nat_elements_list(nft, set, &arena, &list, err);

	for (int i = 0; i < len; i++) {
		uint8_t mask, *byte = find_bit(wanted, &list[i], &mask);

		if (*byte & mask)
			return tell_taken(&list[i], taken, err);
	}
	return len < 0 ? len : 0;
}

/* A port of all addresses is refused where a single one has it. */
static int check_for_all(struct nft *nft, const struct elements *elements,
			 struct spec_port *taken, struct error *err)
{
	struct port_bits wanted = { .tcp = { 0 } };
	bool has4 = false, has6 = false;
	int r = 0;

	for (size_t i = 0; i < elements->len; i++) {
		uint8_t mask, *byte = find_bit(&wanted, &elements->list[i], &mask);

		if (!is_any(elements->list[i].set))
			continue;
		*byte |= mask;
		has4 |= elements->list[i].set == NAT_ANY4;
		has6 |= elements->list[i].set == NAT_ANY6;
	}
	if (has4)
		r = check_against(nft, NAT_PORTS4, &wanted, taken, err);
	if (r == 0 && has6)
		r = check_against(nft, NAT_PORTS6, &wanted, taken, err);
	return r;
}

/* All or none; who has a port may go away while we look for him. */
static int add_all(struct nft *nft, struct elements *elements, const struct ip *host6,
		   struct spec_port *taken, struct error *err)
{
	size_t len = elements->len + (host6->family ? add_loopback(elements, host6) : 0);
	int r = -EEXIST;

	for (int tries = 0; tries < CHANGES_MAX && r == -EEXIST; tries++) {
		r = nat_elements_add(nft, elements->list, len, NLM_F_EXCL, err);
		if (r != -EEXIST)
			break;
		r = check_not_there(nft, elements, taken, err);
		if (r == 0)
			r = -EEXIST;
	}
	return r;
}

static int publish(struct nft *nft, const struct nat_port *ports, size_t len,
		   const struct ip *host6, struct spec_port *taken, struct error *err)
{
	auto_elements struct elements elements = elements_of(ports, len);
	int r = check_for_addresses(nft, &elements, taken, err);

	if (r == 0)
		r = check_for_all(nft, &elements, taken, err);
	if (r == 0)
		r = add_all(nft, &elements, host6, taken, err);
	if (r == 0)
		nat_flows_published(nft, ports, len);
	return r;
}

int nat_publish(const struct spec_port *ports, size_t len, const struct nat_target *target,
		struct spec_port *taken, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_nft struct nft nft = { .socket = NULL };
	struct nat_port *leading;
	int r = check_families(ports, len, target, err);

	if (r < 0 || !len)
		return r;
	len = lead_all(&arena, ports, len, target, &leading);
	r = nft_open(&nft, err);
	return r < 0 ? r : publish(&nft, leading, len, &target->host6, taken, err);
}

/* Leaves those that are there. Return: how many; -errno. */
static int find_again(struct nft *nft, struct nat_element *list, size_t len, bool *found,
		      struct error *err)
{
	int count = 0, r = nat_elements_find(nft, list, len, found, err);

	for (size_t i = 0; r > 0 && i < len; i++)
		if (found[i])
			list[count++] = list[i];
	return r < 0 ? r : count;
}

/* Removes those that lead to where they are said to. Return: 0; -ENOENT where one went; -errno. */
static int remove_once(struct nft *nft, const struct elements *wanted, struct error *err)
{
	static const struct ip any = { .family = AF_INET6 };
	auto_elements struct elements there = elements_alloc(2 * wanted->len);
	int r;

	memcpy(there.list, wanted->list, wanted->len * sizeof(*there.list));
	r = nat_elements_find(nft, there.list, wanted->len, there.found, err);
	if (r <= 0)
		return r;
	for (size_t i = 0; i < wanted->len; i++)
		if (there.found[i] && !memcmp(there.list[i].data, wanted->list[i].data,
					      sizeof(wanted->list[i].data)))
			there.list[there.len++] = there.list[i];
	r = find_again(nft, there.list + there.len, add_loopback(&there, &any), there.found, err);
	return r < 0 ? r : nat_elements_remove(nft, there.list, there.len + (size_t)r, err);
}

static int remove_all(struct nft *nft, const struct elements *elements, struct error *err)
{
	int r = -ENOENT;

	for (int tries = 0; tries < CHANGES_MAX && r == -ENOENT; tries++)
		r = remove_once(nft, elements, err);
	return r;
}

int nat_remove_ports(const struct nat_port *ports, size_t len, struct error *err)
{
	auto_nft struct nft nft = { .socket = NULL };
	auto_elements struct elements elements = elements_of(ports, len);
	int r;

	if (!elements.len)
		return 0;
	r = nft_open(&nft, err);
	if (r == 0)
		r = remove_all(&nft, &elements, err);
	if (r == 0)
		nat_flows_withdrawn(&nft, ports, len);
	return r;
}

int nat_withdraw(const struct spec_port *ports, size_t len, const struct nat_target *target,
		 struct error *err)
{
	auto_arena struct arena arena = { 0 };
	struct nat_port *leading;

	len = lead_all(&arena, ports, len, target, &leading);
	return nat_remove_ports(leading, len, err);
}

int nat_find(const struct spec_port *port, struct nat_target *target, struct error *err)
{
	static const struct nat_target either = { .ip4.family = AF_INET, .ip6.family = AF_INET6 };
	const struct spec_port single = {
		.ip = port->ip, .protocol = port->protocol, .host = port->host, .count = 1,
	};
	auto_arena struct arena arena = { 0 };
	auto_nft struct nft nft = { .socket = NULL };
	struct nat_port *leading;
	size_t len = lead_all(&arena, &single, 1, &either, &leading);
	auto_elements struct elements elements = elements_of(leading, len);
	int r = nft_open(&nft, err);

	if (r < 0)
		return r;
	r = nat_elements_find(&nft, elements.list, elements.len, elements.found, err);
	if (r == 0)
		return error_errno(err, ENOENT, "published port");
	if (r < 0)
		return r;
	*target = (struct nat_target){ 0 };
	for (size_t i = 0; i < elements.len; i++) {
		struct ip ip = port_of(&elements.list[i]).target;

		if (elements.found[i])
			*(ip.family == AF_INET ? &target->ip4 : &target->ip6) = ip;
	}
	return 0;
}

int nat_list(struct arena *arena, struct nat_port **ports, struct error *err)
{
	auto_arena struct arena own = { 0 };
	auto_nft struct nft nft = { .socket = NULL };
	auto_buf struct buf read = { 0 };
	int r = nft_open(&nft, err);
	size_t len;

	for (int set = NAT_PORTS4; r >= 0 && set <= NAT_ANY6; set++) {
		struct nat_element *list;

		r = nat_elements_list(&nft, set, &own, &list, err);
		for (int i = 0; i < r; i++) {
			struct nat_port port = port_of(&list[i]);

			buf_add(&read, &port, sizeof(port));
		}
	}
	if (r < 0)
		return r;
	len = read.len / sizeof(**ports);
	*ports = arena_array(arena, len, sizeof(**ports));
	if (len)
		memcpy(*ports, read.data, read.len);
	return (int)len;
}
