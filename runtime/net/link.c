/* link.c - network links: found, moved, named, brought up */
#include "runtime/net/link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>

#include "base/fd.h"

enum { DUMPS_MAX = 20 /* of a table that changes all the time */ };

/* A change of a link. Return: its header. */
static struct ifinfomsg *begin_change(union rtnl_request *request, int index)
{
	struct ifinfomsg *link = rtnl_begin(request, RTM_NEWLINK, 0, sizeof(*link));

	link->ifi_index = index;
	return link;
}

int link_set_up(struct rtnl *rtnl, int index, struct error *err)
{
	union rtnl_request request;
	struct ifinfomsg *link = begin_change(&request, index);
	int r;

	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	r = rtnl_talk(rtnl, &request, err);
	return r < 0 ? error_context(err, "bring the link up") : 0;
}

void link_batch_quiet(struct rtnl_batch *batch, const char *name)
{
	union rtnl_request request;
	struct nlattr *families, *family;

	begin_change(&request, 0);
	mnl_attr_put_strz(&request.header, IFLA_IFNAME, name);
	families = mnl_attr_nest_start(&request.header, IFLA_AF_SPEC);
	family = mnl_attr_nest_start(&request.header, AF_INET6);
	mnl_attr_put_u8(&request.header, IFLA_INET6_ADDR_GEN_MODE, IN6_ADDR_GEN_MODE_NONE);
	mnl_attr_nest_end(&request.header, family);
	mnl_attr_nest_end(&request.header, families);
	rtnl_batch_add(batch, &request, "keep \"%s\" quiet", name);
	batch->tolerated = EAFNOSUPPORT;
}

int link_set_loopback_up(struct error *err)
{
	struct ifreq request = { .ifr_name = "lo" };
	auto_close int sock = socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);

	if (sock < 0)
		return error_errno(err, errno, "make a socket");
	if (ioctl(sock, SIOCGIFFLAGS, &request) == 0) {
		request.ifr_flags |= IFF_UP;
		if (ioctl(sock, SIOCSIFFLAGS, &request) == 0)
			return 0;
	}
	return error_errno(err, errno, "bring \"lo\" up");
}

static void read_kind(const struct nlattr *info, struct link_state *state)
{
	const struct nlattr *attribute;

	mnl_attr_for_each_nested(attribute, info)
		if (mnl_attr_get_type(attribute) == IFLA_INFO_KIND &&
		    mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0)
			state->is_bridge = !strcmp(mnl_attr_get_str(attribute), "bridge");
}

static void read_attribute(const struct nlattr *attribute, struct link_state *state)
{
	switch (mnl_attr_get_type(attribute)) {
	case IFLA_IFNAME:
		if (mnl_attr_validate(attribute, MNL_TYPE_NUL_STRING) == 0)
			snprintf(state->name, sizeof(state->name), "%s",
				 mnl_attr_get_str(attribute));
		break;
	case IFLA_MASTER:
		if (mnl_attr_validate(attribute, MNL_TYPE_U32) == 0)
			state->master = (int)mnl_attr_get_u32(attribute);
		break;
	case IFLA_GROUP:
		if (mnl_attr_validate(attribute, MNL_TYPE_U32) == 0)
			state->is_ours = mnl_attr_get_u32(attribute) == LINK_GROUP;
		break;
	case IFLA_LINKINFO:
		if (mnl_attr_validate(attribute, MNL_TYPE_NESTED) == 0)
			read_kind(attribute, state);
		break;
	}
}

/* Return: whether it is a link. */
static bool read_link(const struct nlmsghdr *header, struct link_state *state)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(header);
	const struct nlattr *attribute;

	if (header->nlmsg_type != RTM_NEWLINK ||
	    mnl_nlmsg_get_payload_len(header) < sizeof(*link))
		return false;
	*state = (struct link_state){
		.index = link->ifi_index,
		.is_up = link->ifi_flags & IFF_UP,
	};
	mnl_attr_for_each(attribute, header, sizeof(*link))
		read_attribute(attribute, state);
	return true;
}

static int read_one(const struct nlmsghdr *header, void *data)
{
	read_link(header, data);
	return MNL_CB_OK;
}

int link_find(struct rtnl *rtnl, const char *name, struct link_state *state, struct error *err)
{
	union rtnl_request request;

	rtnl_begin(&request, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(&request.header, IFLA_IFNAME, name);
	mnl_attr_put_u32(&request.header, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return rtnl_ask(rtnl, &request, read_one, state, err);
}

struct list {
	struct arena *arena;
	struct link_state *links;
	size_t len;
};

static int add_one(const struct nlmsghdr *header, void *data)
{
	struct list *list = data;
	struct link_state state;

	if (read_link(header, &state)) {
		list->links = arena_grow(list->arena, list->links, list->len, sizeof(state));
		list->links[list->len++] = state;
	}
	return MNL_CB_OK;
}

int link_list(struct rtnl *rtnl, struct arena *arena, struct link_state **links,
	      struct error *err)
{
	struct list list = { .arena = arena };
	union rtnl_request request;
	int r = -EINTR;

	for (int i = 0; i < DUMPS_MAX && r == -EINTR; i++) {
		list.len = 0;
		rtnl_begin(&request, RTM_GETLINK, NLM_F_DUMP, sizeof(struct ifinfomsg));
		mnl_attr_put_u32(&request.header, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
		r = rtnl_ask(rtnl, &request, add_one, &list, err);
	}
	if (r < 0)
		return error_context(err, "read the network devices");
	*links = list.links;
	return (int)list.len;
}

/* netdevice(7): any socket will do, and a netlink one asks in its own network namespace. */
int link_find_index(struct rtnl *rtnl, const char *name, struct error *err)
{
	struct ifreq request = { .ifr_ifindex = 0 };

	if (strlen(name) >= sizeof(request.ifr_name))
		return error_errno(err, ENODEV, "find the network device \"%s\"", name);
	strcpy(request.ifr_name, name);
	if (ioctl(mnl_socket_get_fd(rtnl->socket), SIOCGIFINDEX, &request) < 0)
		return error_errno(err, errno, "find the network device \"%s\"", name);
	return request.ifr_ifindex;
}

int link_rename(struct rtnl *rtnl, int index, const char *name, struct error *err)
{
	union rtnl_request request;

	begin_change(&request, index);
	mnl_attr_put_strz(&request.header, IFLA_IFNAME, name);
	return rtnl_talk(rtnl, &request, err);
}

int link_move(struct rtnl *rtnl, int index, int netns, const char *name, struct error *err)
{
	union rtnl_request request;

	begin_change(&request, index);
	mnl_attr_put_u32(&request.header, IFLA_NET_NS_FD, (uint32_t)netns);
	mnl_attr_put_strz(&request.header, IFLA_IFNAME, name);
	return rtnl_talk(rtnl, &request, err);
}

int link_set_master(struct rtnl *rtnl, int index, int master, struct error *err)
{
	union rtnl_request request;

	begin_change(&request, index);
	mnl_attr_put_u32(&request.header, IFLA_MASTER, (uint32_t)master);
	return rtnl_talk(rtnl, &request, err);
}
