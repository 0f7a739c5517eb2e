/* ip.h - addresses and prefixes of IPv4 and IPv6 */
#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

/* family 0: none. */
struct ip {
	uint8_t family; /* AF_INET, AF_INET6 */
	union {
		uint8_t bytes[16]; /* in network byte order; for AF_INET 4 of them, the others 0 */
		struct in_addr v4;
		struct in6_addr v6;
	};
};

/* An address in a network; it is the network itself where the bits behind length are 0. */
struct ip_prefix {
	struct ip ip;
	uint8_t length; /* in bits */
};

/* Holds what ip_format and ip_prefix_format write. */
enum { IP_TEXT_SIZE = INET6_ADDRSTRLEN + 4 };

/* Strict, as inet_pton(3). Return: 0 or -EINVAL. */
int ip_parse(const char *text, struct ip *ip);

/* "ADDRESS/LENGTH". Return: 0; -EINVAL with what is wrong with it. */
int ip_prefix_parse(const char *text, struct ip_prefix *prefix, struct error *err);

/* Return: text, with "10.0.0.1" or "fd00::1"; behind it "/24" for a prefix; "" for family 0. */
const char *ip_format(const struct ip *ip, char text[IP_TEXT_SIZE]);
const char *ip_prefix_format(const struct ip_prefix *prefix, char text[IP_TEXT_SIZE]);

/* Return: how many bytes an address of that family has: 4 or 16. */
size_t ip_size(uint8_t family);

bool ip_is_equal(const struct ip *a, const struct ip *b);

/* Whether it means all addresses: 0.0.0.0, ::, or none at all. */
bool ip_is_unspecified(const struct ip *ip);

/* Whether all bits behind the prefix's length are 0. */
bool ip_prefix_is_network(const struct ip_prefix *prefix);

/* The network that the address is in. */
struct ip_prefix ip_prefix_network(const struct ip_prefix *prefix);

/* Whether the address is in the prefix's network; never for another family. */
bool ip_prefix_has(const struct ip_prefix *prefix, const struct ip *ip);

/* Whether the two networks have an address in common. */
bool ip_prefix_overlaps(const struct ip_prefix *a, const struct ip_prefix *b);

/*
 * How many addresses hosts can have in the network: without that of the network itself and (IPv4)
 * of the broadcast; all of them where there are two or one (RFC 3021, RFC 6164).
 * At most UINT32_MAX.
 */
uint32_t ip_prefix_hosts(const struct ip_prefix *prefix);

/* The address of host n, from 0 on, n < ip_prefix_hosts(): 0 is .1 of 10.0.0.0/24. */
struct ip ip_prefix_host(const struct ip_prefix *prefix, uint32_t n);

/* Whether a host can have this address in its network: neither the network's nor the broadcast. */
bool ip_prefix_is_host(const struct ip_prefix *prefix);
