/* network_ports.c - the ports that a container publishes */
#include "spec/network_ports.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "spec/network_text.h"

static const struct name_value protocols[] = {
	{ "tcp", IPPROTO_TCP },
	{ "udp", IPPROTO_UDP },
	{ 0 },
};

/* The parts of "[IP:]HOST:CONTAINER[/PROTOCOL]", in a copy that is cut up. */
struct parts {
	char *ip, *host, *container, *protocol; /* ip, protocol: NULL where they are absent */
};

enum { TEXT_MAX = 128 };

static char *cut_at(char *text, char mark)
{
	char *at = strrchr(text, mark);

	if (!at)
		return NULL;
	*at = '\0';
	return at + 1;
}

/* Return: whether it has these parts. */
static bool take_apart(char *text, struct parts *parts)
{
	parts->protocol = cut_at(text, '/');
	parts->container = cut_at(text, ':');
	if (!parts->container)
		return false;
	parts->host = cut_at(text, ':');
	parts->ip = parts->host ? text : NULL;
	if (!parts->host)
		parts->host = text;
	return true;
}

/* An address of IPv6 stands in brackets, as its colons are not those of the port. */
static int parse_ip(char *text, struct ip *ip)
{
	size_t len = strlen(text);
	bool has_brackets = len > 2 && text[0] == '[' && text[len - 1] == ']';

	if (has_brackets) {
		text[len - 1] = '\0';
		text++;
	}
	if (has_brackets != !!strchr(text, ':'))
		return -EINVAL;
	return ip_parse(text, ip);
}

/* "FIRST" or "FIRST-LAST". Return: how many ports, 0: the range is reversed; -EINVAL. */
static int parse_range(char *text, uint16_t *first)
{
	char *behind = strchr(text, '-');
	uint64_t from, to;

	if (behind)
		*behind++ = '\0';
	if (number_parse_between(text, 1, UINT16_MAX, &from) < 0 ||
	    number_parse_between(behind ? behind : text, 1, UINT16_MAX, &to) < 0)
		return -EINVAL;
	*first = (uint16_t)from;
	return to < from ? 0 : (int)(to - from) + 1;
}

static int parse_ports(const struct parts *parts, struct spec_port *port, const char **wrong)
{
	int count = parse_range(parts->host, &port->host);
	int inside = parse_range(parts->container, &port->container);

	*wrong = NULL;
	if (count < 0 || inside < 0)
		*wrong = "has a port that is no number from 1 to 65535";
	else if (!count || !inside)
		*wrong = "has a range whose last port is before its first";
	else if (count != inside)
		*wrong = "has ranges of different lengths";
	port->count = (uint16_t)count;
	return *wrong ? -EINVAL : 0;
}

int spec_port_parse(const char *text, struct spec_port *port, struct error *err)
{
	const struct name_value *protocol = protocols;
	struct spec_port read = { 0 };
	char copy[TEXT_MAX];
	struct parts parts;
	const char *wrong;

	if (strlen(text) >= sizeof(copy))
		return error_set(err, EINVAL, "\"%.100s\" is too long", text);
	memcpy(copy, text, strlen(text) + 1);
	if (!take_apart(copy, &parts))
		return error_set(err, EINVAL, "\"%s\" is no published port: [IP:]HOST:CONTAINER, "
				 "as \"8080:80\" or \"127.0.0.1:5353:53/udp\"", text);
	if (parts.protocol)
		protocol = table_find_name(protocols, parts.protocol);
	if (!protocol)
		return error_set(err, EINVAL, "\"%s\" has a protocol that is neither tcp nor udp",
				 text);
	if (parts.ip && parse_ip(parts.ip, &read.ip) < 0)
		return error_set(err, EINVAL, "\"%s\" has an address of the host that is none; "
				 "one of IPv6 stands in brackets", text);
	if (parse_ports(&parts, &read, &wrong) < 0)
		return error_set(err, EINVAL, "\"%s\" %s", text, wrong);
	read.protocol = (uint8_t)protocol->value;
	*port = read;
	return 0;
}

static int format_range(uint16_t first, uint16_t count, char *text, size_t size)
{
	return count == 1 ? snprintf(text, size, ":%d", first) :
			    snprintf(text, size, ":%d-%d", first, first + count - 1);
}

const char *spec_port_format(const struct spec_port *port, char text[SPEC_PORT_TEXT_SIZE])
{
	bool has_brackets = port->ip.family == AF_INET6;
	const char *protocol = table_name_of(protocols, port->protocol);
	char ip[IP_TEXT_SIZE];
	int len = snprintf(text, SPEC_PORT_TEXT_SIZE, "%s%s%s", has_brackets ? "[" : "",
			   ip_format(&port->ip, ip), has_brackets ? "]" : "");

	len += format_range(port->host, port->count, text + len, SPEC_PORT_TEXT_SIZE - (size_t)len);
	len += format_range(port->container, port->count, text + len,
			    SPEC_PORT_TEXT_SIZE - (size_t)len);
	snprintf(text + len, SPEC_PORT_TEXT_SIZE - (size_t)len, "/%s", protocol);
	return port->ip.family ? text : text + 1;
}

/* A port, and whose it is. */
struct published {
	const struct spec_port *port;
	const struct spec_interface *interface;
};

static int by_first_port(const void *a, const void *b)
{
	const struct published *one = a, *other = b;
	int difference = one->port->protocol - other->port->protocol;

	if (!difference)
		difference = one->port->host - other->port->host;
	/* Those of the later interface come later, so that it is blamed. */
	if (!difference)
		difference = (int)one->interface->number - (int)other->interface->number;
	return difference;
}

static bool is_all(const struct ip *ip)
{
	return ip_is_equal(ip, &(struct ip){ .family = ip->family });
}

static bool has_same_address(const struct spec_port *a, const struct spec_port *b)
{
	if (!a->ip.family || !b->ip.family)
		return true;
	return a->ip.family == b->ip.family &&
	       (is_all(&a->ip) || is_all(&b->ip) || ip_is_equal(&a->ip, &b->ip));
}

static int fail_twice(const struct published *a, const struct published *b, struct error *err)
{
	const struct published *later = a->interface->number > b->interface->number ? a : b;
	const char *protocol = table_name_of(protocols, a->port->protocol);

	error_set(err, EINVAL, "port %u/%s is published twice", b->port->host, protocol);
	return network_text_place(later->interface->number, "ports", err);
}

/* rows are in the order of their first ports, so that b's first port is in both. */
static int find_twice(const struct published *rows, size_t len, struct error *err)
{
	for (size_t i = 0; i < len; i++) {
		const struct spec_port *port = rows[i].port;
		int last = port->host + port->count - 1;

		for (size_t j = i + 1; j < len && rows[j].port->protocol == port->protocol &&
		     rows[j].port->host <= last; j++)
			if (has_same_address(port, rows[j].port))
				return fail_twice(&rows[i], &rows[j], err);
	}
	return 0;
}

/* Return: how many entries all interfaces have. */
static int count_ports(const struct spec_network *network, struct error *err)
{
	size_t count = 0, sum = 0;

	for (size_t i = 0; i < network->len; i++) {
		const struct spec_interface *interface = &network->interfaces[i];

		count += interface->ports_len;
		for (size_t j = 0; j < interface->ports_len; j++)
			sum += interface->ports[j].count;
		if (sum > SPEC_NETWORK_PORTS_MAX) {
			error_set(err, EINVAL, "more than %d ports are published",
				  SPEC_NETWORK_PORTS_MAX);
			return network_text_place(interface->number, "ports", err);
		}
	}
	return (int)count;
}

int network_ports_check(const struct spec_network *network, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	struct published *rows;
	int count = count_ports(network, err);
	size_t n = 0;

	if (count < 2)
		return count < 0 ? count : 0;
	rows = arena_array(&arena, (size_t)count, sizeof(*rows));
	for (size_t i = 0; i < network->len; i++) {
		const struct spec_interface *interface = &network->interfaces[i];

		for (size_t j = 0; j < interface->ports_len; j++)
			rows[n++] = (struct published){ &interface->ports[j], interface };
	}
	qsort(rows, n, sizeof(*rows), by_first_port);
	return find_twice(rows, n, err);
}
