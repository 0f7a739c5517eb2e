/* ip.c - addresses and prefixes of IPv4 and IPv6 */
#include "base/ip.h"

#include <arpa/inet.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/number.h"

static unsigned int count_bits(uint8_t family)
{
	return 8 * (unsigned int)ip_size(family);
}

int ip_parse(const char *text, struct ip *ip)
{
	uint8_t family = strchr(text, ':') ? AF_INET6 : AF_INET;
	struct ip read = { .family = family };

	if (inet_pton(family, text, read.bytes) != 1)
		return -EINVAL;
	*ip = read;
	return 0;
}

int ip_prefix_parse(const char *text, struct ip_prefix *prefix, struct error *err)
{
	const char *slash = strchr(text, '/');
	size_t len = slash ? (size_t)(slash - text) : strlen(text);
	char address[INET6_ADDRSTRLEN];
	struct ip_prefix read;
	uint64_t length;

	if (len >= sizeof(address))
		return error_set(err, EINVAL, "\"%.100s\" does not begin with an address", text);
	memcpy(address, text, len);
	address[len] = '\0';
	if (ip_parse(address, &read.ip) < 0)
		return error_set(err, EINVAL, "\"%.100s\" does not begin with an address", text);
	if (!slash)
		return error_set(err, EINVAL,
				 "\"%s\" lacks the length of its network, as in \"%s/%d\"", text,
				 text, read.ip.family == AF_INET ? 24 : 64);
	if (number_parse_between(slash + 1, 0, count_bits(read.ip.family), &length) < 0)
		return error_set(err, EINVAL, "the length of \"%.100s\" is no number from 0 to %u",
				 text, count_bits(read.ip.family));
	read.length = (uint8_t)length;
	*prefix = read;
	return 0;
}

const char *ip_format(const struct ip *ip, char text[IP_TEXT_SIZE])
{
	if (!ip->family || !inet_ntop(ip->family, ip->bytes, text, IP_TEXT_SIZE))
		text[0] = '\0';
	return text;
}

const char *ip_prefix_format(const struct ip_prefix *prefix, char text[IP_TEXT_SIZE])
{
	size_t len = strlen(ip_format(&prefix->ip, text));

	if (len)
		snprintf(text + len, IP_TEXT_SIZE - len, "/%d", prefix->length);
	return text;
}

size_t ip_size(uint8_t family)
{
	return family == AF_INET ? sizeof(struct in_addr) : sizeof(struct in6_addr);
}

bool ip_is_equal(const struct ip *a, const struct ip *b)
{
	return a->family == b->family &&
	       (!a->family || !memcmp(a->bytes, b->bytes, ip_size(a->family)));
}

bool ip_is_unspecified(const struct ip *ip)
{
	static const uint8_t none[sizeof(ip->bytes)];

	return !memcmp(ip->bytes, none, sizeof(none));
}

/* The bits of byte i that a prefix of this length has fixed. */
static uint8_t mask_of(unsigned int length, size_t i)
{
	unsigned int before = 8 * (unsigned int)i;

	if (length >= before + 8)
		return 0xff;
	return length <= before ? 0 : (uint8_t)(0xff << (8 - (length - before)));
}

struct ip_prefix ip_prefix_network(const struct ip_prefix *prefix)
{
	struct ip_prefix network = *prefix;

	for (size_t i = 0; i < sizeof(network.ip.bytes); i++)
		network.ip.bytes[i] &= mask_of(prefix->length, i);
	return network;
}

bool ip_prefix_is_network(const struct ip_prefix *prefix)
{
	struct ip_prefix network = ip_prefix_network(prefix);

	return ip_is_equal(&network.ip, &prefix->ip);
}

bool ip_prefix_has(const struct ip_prefix *prefix, const struct ip *ip)
{
	if (!ip->family || ip->family != prefix->ip.family)
		return false;
	for (size_t i = 0; i < ip_size(ip->family); i++)
		if ((ip->bytes[i] ^ prefix->ip.bytes[i]) & mask_of(prefix->length, i))
			return false;
	return true;
}

bool ip_prefix_overlaps(const struct ip_prefix *a, const struct ip_prefix *b)
{
	return a->length <= b->length ? ip_prefix_has(a, &b->ip) : ip_prefix_has(b, &a->ip);
}

/* Two addresses or one are all for hosts: RFC 3021, RFC 6164. */
static bool has_only_hosts(const struct ip_prefix *prefix)
{
	return prefix->length + 1u >= count_bits(prefix->ip.family);
}

uint32_t ip_prefix_hosts(const struct ip_prefix *prefix)
{
	unsigned int bits = count_bits(prefix->ip.family) - prefix->length;
	uint64_t count = bits > 32 ? UINT64_C(1) << 33 : UINT64_C(1) << bits;

	if (!has_only_hosts(prefix))
		count -= prefix->ip.family == AF_INET ? 2 : 1;
	return count > UINT32_MAX ? UINT32_MAX : (uint32_t)count;
}

struct ip ip_prefix_host(const struct ip_prefix *prefix, uint32_t n)
{
	struct ip ip = ip_prefix_network(prefix).ip;
	uint64_t carry = (uint64_t)n + !has_only_hosts(prefix);

	for (size_t i = ip_size(ip.family); carry && i-- > 0;) {
		carry += ip.bytes[i];
		ip.bytes[i] = (uint8_t)carry;
		carry >>= 8;
	}
	return ip;
}

/* The last address of an IPv4 network. */
static bool is_broadcast(const struct ip_prefix *prefix)
{
	if (prefix->ip.family != AF_INET)
		return false;
	for (size_t i = 0; i < sizeof(prefix->ip.v4); i++)
		if ((prefix->ip.bytes[i] | mask_of(prefix->length, i)) != 0xff)
			return false;
	return true;
}

bool ip_prefix_is_host(const struct ip_prefix *prefix)
{
	return has_only_hosts(prefix) ||
	       (!ip_prefix_is_network(prefix) && !is_broadcast(prefix));
}
