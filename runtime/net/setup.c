/* setup.c - a link made usable: addresses, routes, up, in one batch of messages */
#include "runtime/net/setup.h"

#include <linux/if_addr.h>
#include <linux/rtnetlink.h>

#include "runtime/net/link.h"

enum {
	LOOPBACK_INDEX = 1, /* LOOPBACK_IFINDEX: always the first one of a namespace */
	MAC_SIZE = 6,
	BROADCAST_LENGTH_MAX = 30, /* two hosts have none, RFC 3021 */
};

static void bring_up(struct rtnl_batch *batch, int index, const struct setup *setup)
{
	union rtnl_request request;
	struct ifinfomsg *link = rtnl_begin(&request, RTM_NEWLINK, 0, sizeof(*link));
	const char *name = setup ? setup->name : "lo";

	link->ifi_index = index;
	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	if (setup && setup->mac)
		mnl_attr_put(&request.header, IFLA_ADDRESS, MAC_SIZE, setup->mac);
	if (setup && setup->mtu)
		mnl_attr_put_u32(&request.header, IFLA_MTU, setup->mtu);
	rtnl_batch_add(batch, &request, "bring \"%s\" up", name);
}

static void put_ip(union rtnl_request *request, uint16_t type, const struct ip *ip)
{
	mnl_attr_put(&request->header, type, ip_size(ip->family), ip->bytes);
}

static struct in_addr broadcast_of(const struct ip_prefix *prefix)
{
	return (struct in_addr){ prefix->ip.v4.s_addr | htonl(UINT32_MAX >> prefix->length) };
}

/* Duplicates cannot be: the address was leased. So nobody waits until the kernel has looked. */
static void add_address(struct rtnl_batch *batch, int index, const struct ip_prefix *prefix,
			const char *name)
{
	union rtnl_request request;
	struct ifaddrmsg *address =
		rtnl_begin(&request, RTM_NEWADDR, NLM_F_CREATE | NLM_F_EXCL, sizeof(*address));
	struct in_addr broadcast;
	char text[IP_TEXT_SIZE];

	address->ifa_family = prefix->ip.family;
	address->ifa_prefixlen = prefix->length;
	address->ifa_index = (unsigned int)index;
	put_ip(&request, IFA_LOCAL, &prefix->ip);
	put_ip(&request, IFA_ADDRESS, &prefix->ip);
	if (prefix->ip.family == AF_INET6) {
		mnl_attr_put_u32(&request.header, IFA_FLAGS, IFA_F_NODAD);
	} else if (prefix->length <= BROADCAST_LENGTH_MAX) {
		broadcast = broadcast_of(prefix);
		mnl_attr_put(&request.header, IFA_BROADCAST, sizeof(broadcast), &broadcast);
	}
	rtnl_batch_add(batch, &request, "give \"%s\" the address %s", name,
		       ip_prefix_format(prefix, text));
}

static void add_route(struct rtnl_batch *batch, int index, const struct ip_prefix *to,
		      const struct ip *via)
{
	union rtnl_request request;
	struct rtmsg *route =
		rtnl_begin(&request, RTM_NEWROUTE, NLM_F_CREATE | NLM_F_EXCL, sizeof(*route));
	char to_text[IP_TEXT_SIZE], via_text[IP_TEXT_SIZE];

	route->rtm_family = to->ip.family;
	route->rtm_dst_len = to->length;
	route->rtm_table = RT_TABLE_MAIN;
	route->rtm_protocol = RTPROT_STATIC;
	route->rtm_type = RTN_UNICAST;
	route->rtm_scope = via->family || to->ip.family == AF_INET6 ? RT_SCOPE_UNIVERSE :
								       RT_SCOPE_LINK;
	if (to->length)
		put_ip(&request, RTA_DST, &to->ip);
	if (via->family)
		put_ip(&request, RTA_GATEWAY, via);
	mnl_attr_put_u32(&request.header, RTA_OIF, (uint32_t)index);
	rtnl_batch_add(batch, &request, "add the route to %s%s%s", ip_prefix_format(to, to_text),
		       via->family ? " via " : "", via->family ? ip_format(via, via_text) : "");
}

static void add_gateway(struct rtnl_batch *batch, int index, const struct ip *gateway)
{
	const struct ip_prefix everything = { .ip.family = gateway->family };

	if (gateway->family)
		add_route(batch, index, &everything, gateway);
}

static void add_routes(struct rtnl_batch *batch, int index, const struct setup *setup)
{
	add_gateway(batch, index, &setup->gateway4);
	add_gateway(batch, index, &setup->gateway6);
	for (size_t i = 0; i < setup->routes_len; i++) {
		const struct spec_route *route = &setup->routes[i];
		const struct ip *gateway = route->to.ip.family == AF_INET ? &setup->gateway4 :
									    &setup->gateway6;

		add_route(batch, index, &route->to, route->via.family ? &route->via : gateway);
	}
}

static bool has_v6(const struct setup *setup)
{
	for (size_t i = 0; i < setup->addresses_len; i++)
		if (setup->addresses[i].ip.family == AF_INET6)
			return true;
	return false;
}

int setup_link(struct rtnl *rtnl, const struct setup *setup, struct error *err)
{
	auto_rtnl_batch struct rtnl_batch batch = { 0 };
	int index = link_find_index(rtnl, setup->name, err);

	if (index < 0)
		return index;
	if (setup->has_loopback)
		bring_up(&batch, LOOPBACK_INDEX, NULL);
	if (!setup->is_autonomous && !has_v6(setup))
		link_batch_quiet(&batch, setup->name);
	bring_up(&batch, index, setup);
	for (size_t i = 0; i < setup->addresses_len; i++)
		add_address(&batch, index, &setup->addresses[i], setup->name);
	add_routes(&batch, index, setup);
	return rtnl_batch_talk(rtnl, &batch, err);
}
