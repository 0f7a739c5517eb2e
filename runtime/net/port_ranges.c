/* port_ranges.c - published ports as ranges, for people */
#include "runtime/net/port_ranges.h"

#include <stdlib.h>
#include <string.h>

static int compare_ips(const struct ip *a, const struct ip *b)
{
	return a->family != b->family ? a->family - b->family :
					memcmp(a->bytes, b->bytes, sizeof(a->bytes));
}

static int by_target(const void *a, const void *b)
{
	const struct nat_port *one = a, *other = b;
	int r = compare_ips(&one->target, &other->target);

	if (!r)
		r = one->port.protocol - other->port.protocol;
	if (!r)
		r = compare_ips(&one->port.ip, &other->port.ip);
	return r ? r : one->port.host - other->port.host;
}

static bool continues(const struct nat_port *range, const struct nat_port *next)
{
	return ip_is_equal(&range->target, &next->target) &&
	       range->port.protocol == next->port.protocol &&
	       ip_is_equal(&range->port.ip, &next->port.ip) &&
	       range->port.host + range->port.count == next->port.host &&
	       range->port.container + range->port.count == next->port.container;
}

size_t port_ranges_join(struct nat_port *ports, size_t len)
{
	size_t kept = 0;

	if (!len)
		return 0;
	qsort(ports, len, sizeof(*ports), by_target);
	for (size_t i = 1; i < len; i++)
		if (continues(&ports[kept], &ports[i]))
			ports[kept].port.count++;
		else
			ports[++kept] = ports[i];
	return kept + 1;
}
