/* nat_flows.c - flows of UDP that lead elsewhere than a published port does now */
#include "runtime/net/nat_flows.h"

#include <sys/socket.h>

#include "base/fd.h"
#include "base/log.h"
#include "runtime/net/conntrack.h"

struct ports {
	const struct nat_port *list;
	size_t len;
};

static bool is_to(const struct conntrack_flow *flow, const struct nat_port *port)
{
	const struct spec_port *published = &port->port;
	uint16_t to = flow->there.target_port;

	return published->protocol == IPPROTO_UDP &&
	       port->target.family == flow->there.target.family && to >= published->host &&
	       to - published->host < published->count &&
	       (ip_is_unspecified(&published->ip) ||
		ip_is_equal(&published->ip, &flow->there.target));
}

static bool leads_there(const struct conntrack_flow *flow, const struct nat_port *port)
{
	uint16_t number = (uint16_t)(flow->there.target_port - port->port.host);

	return flow->is_led && ip_is_equal(&flow->back.source, &port->target) &&
	       flow->back.source_port == port->port.container + number;
}

/* What is only passed on has the same ports, and is nobody's business here. */
static bool is_of_host(const struct ip *ip)
{
	const struct sockaddr_in v4 = { .sin_family = AF_INET, .sin_addr = ip->v4 };
	const struct sockaddr_in6 v6 = { .sin6_family = AF_INET6, .sin6_addr = ip->v6 };
	auto_close int fd = socket(ip->family, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (ip->family == AF_INET)
		return bind(fd, (const struct sockaddr *)&v4, sizeof(v4)) == 0;
	return bind(fd, (const struct sockaddr *)&v6, sizeof(v6)) == 0;
}

static bool is_withdrawn(const struct conntrack_flow *flow, const void *data)
{
	const struct ports *ports = data;

	for (size_t i = 0; i < ports->len; i++)
		if (is_to(flow, &ports->list[i]) && leads_there(flow, &ports->list[i]))
			return true;
	return false;
}

static bool is_replaced(const struct conntrack_flow *flow, const void *data)
{
	const struct ports *ports = data;

	for (size_t i = 0; i < ports->len; i++)
		if (is_to(flow, &ports->list[i]))
			return !leads_there(flow, &ports->list[i]) &&
			       (flow->is_led || (!flow->is_masqueraded &&
						 is_of_host(&flow->there.target)));
	return false;
}

static bool has_udp(const struct ports *ports, uint8_t family)
{
	for (size_t i = 0; i < ports->len; i++)
		if (ports->list[i].port.protocol == IPPROTO_UDP &&
		    ports->list[i].target.family == family)
			return true;
	return false;
}

static void forget(struct nft *nft, const struct ports *ports,
		   bool (*is_stale)(const struct conntrack_flow *flow, const void *data))
{
	static const uint8_t families[] = { AF_INET, AF_INET6 };
	struct error err = { 0 };

	for (size_t i = 0; i < sizeof(families); i++)
		if (has_udp(ports, families[i]) &&
		    conntrack_forget_udp(nft->socket, families[i], is_stale, ports, &err) < 0)
			log_warning("datagrams to a published port may still go elsewhere: %s",
				    err.text);
}

void nat_flows_published(struct nft *nft, const struct nat_port *ports, size_t len)
{
	forget(nft, &(struct ports){ ports, len }, is_replaced);
}

void nat_flows_withdrawn(struct nft *nft, const struct nat_port *ports, size_t len)
{
	forget(nft, &(struct ports){ ports, len }, is_withdrawn);
}
