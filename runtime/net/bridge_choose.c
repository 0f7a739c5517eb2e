/* bridge_choose.c - the networks of a new bridge */
#include "runtime/net/bridge_choose.h"

#include <errno.h>
#include <sys/random.h>

enum { LENGTH4 = 24, LENGTH6 = 64, NETWORK_SIZE = 1 << (32 - LENGTH4) };

/* RFC 1918: where they begin and end, by the first three bytes of their networks. */
static const struct {
	uint32_t first, last;
} private_networks[] = {
	{ 0x0a000000, 0x0affff00 }, /* 10.0.0.0/8 */
	{ 0xac100000, 0xac1fff00 }, /* 172.16.0.0/12 */
	{ 0xc0a80000, 0xc0a8ff00 }, /* 192.168.0.0/16 */
};

static const struct bridge_taken *find_overlap(const struct ip_prefix *network,
					       const struct bridge_taken *taken, size_t len)
{
	for (size_t i = 0; i < len; i++)
		if (ip_prefix_overlaps(&taken[i].network, network))
			return &taken[i];
	return NULL;
}

int bridge_choose_check(const struct ip_prefix *address, const struct bridge_taken *taken,
			size_t len, struct error *err)
{
	const struct ip_prefix network = ip_prefix_network(address);
	const struct bridge_taken *other = find_overlap(&network, taken, len);
	char own_text[IP_TEXT_SIZE], other_text[IP_TEXT_SIZE];

	if (!other)
		return 0;
	return error_set(err, EADDRINUSE, "the network %s overlaps %s of %s",
			 ip_prefix_format(&network, own_text),
			 ip_prefix_format(&other->network, other_text), other->whose);
}

static struct ip_prefix network_at(uint32_t number)
{
	return (struct ip_prefix){
		.ip = { .family = AF_INET, .v4.s_addr = htonl(number) },
		.length = LENGTH4,
	};
}

/* The first network behind another one. */
static uint64_t behind(const struct ip_prefix *network)
{
	uint64_t first = ntohl(network->ip.v4.s_addr);
	uint64_t size = UINT64_C(1) << (32 - network->length);

	return size < NETWORK_SIZE ? (first | (NETWORK_SIZE - 1)) + 1 : (first | (size - 1)) + 1;
}

int bridge_choose_v4(const struct bridge_taken *taken, size_t len, struct ip_prefix *address,
		     const struct bridge_taken **overlapped, struct error *err)
{
	const struct bridge_taken *first = NULL, *other;
	size_t count = sizeof(private_networks) / sizeof(*private_networks);

	for (size_t i = 0; i < count; i++) {
		uint64_t at = private_networks[i].first;

		for (; at <= private_networks[i].last; at = behind(&other->network)) {
			struct ip_prefix network = network_at((uint32_t)at);

			other = find_overlap(&network, taken, len);
			if (!other) {
				network.ip = ip_prefix_host(&network, 0);
				*address = network;
				*overlapped = first;
				return 0;
			}
			if (!first)
				first = other;
		}
	}
	return error_set(err, ENOSPC, "no private network is left, all overlap routes of the host");
}

int bridge_choose_v6(struct ip_prefix *address, struct error *err)
{
	enum { RANDOM = 5 };
	struct ip_prefix network = { .ip.family = AF_INET6, .length = LENGTH6 };

	network.ip.bytes[0] = 0xfd;
	if (getrandom(&network.ip.bytes[1], RANDOM, 0) != RANDOM)
		return error_errno(err, errno, "choose a network");
	network.ip = ip_prefix_host(&network, 0);
	*address = network;
	return 0;
}
