/* conntrack.c - what the kernel remembers of flows of UDP, and how it forgets one */
#include "runtime/net/conntrack.h"

#include <errno.h>
#include <linux/netfilter/nf_conntrack_common.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_conntrack.h>
#include <string.h>

#include "runtime/net/rtnl.h"

/* Of linux/netfilter/nfnetlink_conntrack.h and net/netfilter/nf_internals.h, from 5.8 on. */
enum { FILTER = 25, FILTER_THERE = 1, FILTER_BACK = 2, FILTER_PROTOCOL = 1 << 3 };

static void begin(union rtnl_request *request, uint16_t type, uint16_t flags, uint8_t family)
{
	struct nfgenmsg *extra = rtnl_begin(request, (uint16_t)(NFNL_SUBSYS_CTNETLINK << 8 | type),
					    flags, sizeof(*extra));

	extra->nfgen_family = family;
	extra->version = NFNETLINK_V0;
}

static int read_count(const struct nlmsghdr *header, void *data)
{
	const struct nlattr *attribute;

	mnl_attr_for_each(attribute, header, sizeof(struct nfgenmsg))
		if (mnl_attr_get_type(attribute) == CTA_STATS_GLOBAL_ENTRIES &&
		    mnl_attr_validate(attribute, MNL_TYPE_U32) == 0)
			*(uint32_t *)data = ntohl(mnl_attr_get_u32(attribute));
	return MNL_CB_OK;
}

/* Return: whether there are flows at all; 0 also where the kernel has not what we ask (EINVAL). */
static int has_any(struct rtnl *rtnl, struct error *err)
{
	union rtnl_request request;
	uint32_t count = 0;
	int r;

	begin(&request, IPCTNL_MSG_CT_GET_STATS, 0, AF_UNSPEC);
	r = rtnl_ask(rtnl, &request, read_count, &count, err);
	if (r == -EINVAL || r == -ENOENT || r == -EOPNOTSUPP)
		return 0;
	return r < 0 ? r : count > 0;
}

struct search {
	bool (*is_stale)(const struct conntrack_flow *flow, const void *data);
	const void *data;
	struct rtnl_batch removals;
};

static void read_ip(const struct nlattr *attribute, struct conntrack_way *way)
{
	uint16_t type = mnl_attr_get_type(attribute);
	bool is_v4 = type == CTA_IP_V4_SRC || type == CTA_IP_V4_DST;
	struct ip ip = { .family = is_v4 ? AF_INET : AF_INET6 };

	if (mnl_attr_get_payload_len(attribute) != ip_size(ip.family))
		return;
	memcpy(ip.bytes, mnl_attr_get_payload(attribute), ip_size(ip.family));
	if (type == CTA_IP_V4_SRC || type == CTA_IP_V6_SRC)
		way->source = ip;
	else if (type == CTA_IP_V4_DST || type == CTA_IP_V6_DST)
		way->target = ip;
}

static void read_port(const struct nlattr *attribute, struct conntrack_way *way)
{
	uint16_t type = mnl_attr_get_type(attribute);

	if (type != CTA_PROTO_SRC_PORT && type != CTA_PROTO_DST_PORT)
		return;
	if (mnl_attr_validate(attribute, MNL_TYPE_U16) == 0)
		*(type == CTA_PROTO_SRC_PORT ? &way->source_port : &way->target_port) =
			ntohs(mnl_attr_get_u16(attribute));
}

static void read_way(const struct nlattr *tuple, struct conntrack_way *way)
{
	const struct nlattr *part, *attribute;

	mnl_attr_for_each_nested(part, tuple) {
		bool is_ip = mnl_attr_get_type(part) == CTA_TUPLE_IP;

		if (!is_ip && mnl_attr_get_type(part) != CTA_TUPLE_PROTO)
			continue;
		mnl_attr_for_each_nested(attribute, part) {
			if (is_ip)
				read_ip(attribute, way);
			else
				read_port(attribute, way);
		}
	}
}

static void read_attribute(const struct nlattr *attribute, struct conntrack_flow *flow)
{
	uint32_t status;

	switch (mnl_attr_get_type(attribute)) {
	case CTA_TUPLE_ORIG:
		read_way(attribute, &flow->there);
		break;
	case CTA_TUPLE_REPLY:
		read_way(attribute, &flow->back);
		break;
	case CTA_STATUS:
		if (mnl_attr_validate(attribute, MNL_TYPE_U32) < 0)
			break;
		status = ntohl(mnl_attr_get_u32(attribute));
		flow->is_led = status & IPS_DST_NAT;
		flow->is_masqueraded = status & IPS_SRC_NAT;
		break;
	}
}

/* By what the kernel calls it itself: another that has its place meanwhile has another id. */
static void add_removal(struct rtnl_batch *batch, const struct nlmsghdr *flow)
{
	const struct nfgenmsg *extra = mnl_nlmsg_get_payload(flow);
	const struct nlattr *attribute;
	union rtnl_request request;

	begin(&request, IPCTNL_MSG_CT_DELETE, 0, extra->nfgen_family);
	mnl_attr_for_each(attribute, flow, sizeof(*extra))
		switch (mnl_attr_get_type(attribute)) {
		case CTA_TUPLE_ORIG:
		case CTA_ZONE:
		case CTA_ID:
			mnl_attr_put_check(&request.header, sizeof(request), attribute->nla_type,
					   mnl_attr_get_payload_len(attribute),
					   mnl_attr_get_payload(attribute));
		}
	rtnl_batch_add(batch, &request, "forget a flow");
}

static int read_flow(const struct nlmsghdr *header, void *data)
{
	struct search *search = data;
	struct conntrack_flow flow = { .is_led = false };
	const struct nlattr *attribute;

	if (mnl_nlmsg_get_payload_len(header) < sizeof(struct nfgenmsg))
		return MNL_CB_OK;
	mnl_attr_for_each(attribute, header, sizeof(struct nfgenmsg))
		read_attribute(attribute, &flow);
	if (search->is_stale(&flow, search->data))
		add_removal(&search->removals, header);
	return MNL_CB_OK;
}

/* The kernel tells of those alone whose protocol is UDP. */
static int list_flows(struct rtnl *rtnl, uint8_t family, struct search *search, struct error *err)
{
	union rtnl_request request;
	struct nlmsghdr *header = &request.header;
	struct nlattr *tuple, *protocol, *filter;

	begin(&request, IPCTNL_MSG_CT_GET, NLM_F_DUMP, family);
	tuple = mnl_attr_nest_start(header, CTA_TUPLE_ORIG);
	protocol = mnl_attr_nest_start(header, CTA_TUPLE_PROTO);
	mnl_attr_put_u8(header, CTA_PROTO_NUM, IPPROTO_UDP);
	mnl_attr_nest_end(header, protocol);
	mnl_attr_nest_end(header, tuple);
	filter = mnl_attr_nest_start(header, FILTER);
	mnl_attr_put_u32(header, FILTER_THERE, FILTER_PROTOCOL);
	mnl_attr_put_u32(header, FILTER_BACK, 0);
	mnl_attr_nest_end(header, filter);
	return rtnl_ask(rtnl, &request, read_flow, search, err);
}

int conntrack_forget_udp(struct mnl_socket *sock, uint8_t family,
			 bool (*is_stale)(const struct conntrack_flow *flow, const void *data),
			 const void *data, struct error *err)
{
	/* One that has ended by itself since is forgotten. */
	struct search search = { is_stale, data, { .tolerated = ENOENT } };
	struct rtnl rtnl = { .socket = sock };
	int r = has_any(&rtnl, err);

	if (r > 0)
		r = list_flows(&rtnl, family, &search, err);
	if (r == 0)
		r = rtnl_batch_talk(&rtnl, &search.removals, err);
	rtnl_batch_free(&search.removals);
	return r < 0 ? error_context(err, "conntrack") : 0;
}
