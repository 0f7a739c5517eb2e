/* routes.c - the host's routes */
#include "runtime/net/routes.h"

#include <errno.h>
#include <linux/rtnetlink.h>
#include <string.h>

enum { DUMPS_MAX = 20 }; /* of a table that changes all the time */

struct reader {
	struct arena *arena;
	struct route *routes;
	size_t len;
};

/* A number of a table that is above 255 is in an attribute, and none of those is "main". */
static bool is_wanted(const struct nlmsghdr *header)
{
	const struct rtmsg *message = mnl_nlmsg_get_payload(header);

	return header->nlmsg_type == RTM_NEWROUTE &&
	       mnl_nlmsg_get_payload_len(header) >= sizeof(*message) &&
	       message->rtm_table == RT_TABLE_MAIN && message->rtm_dst_len > 0 &&
	       !(message->rtm_flags & RTM_F_CLONED) &&
	       (message->rtm_family == AF_INET || message->rtm_family == AF_INET6) &&
	       message->rtm_dst_len <= 8 * ip_size(message->rtm_family);
}

static int read_route(const struct nlmsghdr *header, void *data)
{
	const struct rtmsg *message = mnl_nlmsg_get_payload(header);
	struct reader *reader = data;
	const struct nlattr *attribute;
	struct route route = { .index = 0 };

	if (!is_wanted(header))
		return MNL_CB_OK;
	route.to.ip.family = message->rtm_family;
	route.to.length = message->rtm_dst_len;
	mnl_attr_for_each(attribute, header, sizeof(*message)) {
		uint16_t type = mnl_attr_get_type(attribute);
		uint16_t len = mnl_attr_get_payload_len(attribute);

		if (type == RTA_DST && len == ip_size(message->rtm_family))
			memcpy(route.to.ip.bytes, mnl_attr_get_payload(attribute), len);
		if (type == RTA_OIF && len == sizeof(uint32_t))
			route.index = (int)mnl_attr_get_u32(attribute);
	}
	reader->routes = arena_grow(reader->arena, reader->routes, reader->len, sizeof(route));
	reader->routes[reader->len++] = route;
	return MNL_CB_OK;
}

int routes_list(struct rtnl *rtnl, struct arena *arena, struct route **routes, struct error *err)
{
	struct reader reader = { .arena = arena };
	union rtnl_request request;
	int r = -EINTR;

	for (int i = 0; i < DUMPS_MAX && r == -EINTR; i++) {
		reader.len = 0;
		rtnl_begin(&request, RTM_GETROUTE, NLM_F_DUMP, sizeof(struct rtmsg));
		r = rtnl_ask(rtnl, &request, read_route, &reader, err);
	}
	if (r < 0)
		return error_context(err, "read the routes of the host");
	*routes = reader.routes;
	return (int)reader.len;
}
