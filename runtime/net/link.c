/* link.c - network links: found, moved, named, brought up */
#include "runtime/net/link.h"

#include <errno.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/ioctl.h>

enum { LOOPBACK_INDEX = 1 }; /* LOOPBACK_IFINDEX: always the first one of a namespace */

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

int link_set_loopback_up(struct error *err)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	int r = rtnl_open(&rtnl, err);

	if (r == 0)
		r = link_set_up(&rtnl, LOOPBACK_INDEX, err);
	return r;
}

static int read_link(const struct nlmsghdr *header, void *data)
{
	const struct ifinfomsg *link = mnl_nlmsg_get_payload(header);
	struct link_state *state = data;
	const struct nlattr *attribute;

	if (header->nlmsg_type != RTM_NEWLINK ||
	    mnl_nlmsg_get_payload_len(header) < sizeof(*link))
		return MNL_CB_OK;
	*state = (struct link_state){
		.index = link->ifi_index,
		.is_up = link->ifi_flags & IFF_UP,
	};
	mnl_attr_for_each(attribute, header, sizeof(*link))
		if (mnl_attr_get_type(attribute) == IFLA_MASTER &&
		    mnl_attr_validate(attribute, MNL_TYPE_U32) == 0)
			state->master = (int)mnl_attr_get_u32(attribute);
	return MNL_CB_OK;
}

int link_find(struct rtnl *rtnl, const char *name, struct link_state *state, struct error *err)
{
	union rtnl_request request;

	rtnl_begin(&request, RTM_GETLINK, 0, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(&request.header, IFLA_IFNAME, name);
	mnl_attr_put_u32(&request.header, IFLA_EXT_MASK, RTEXT_FILTER_SKIP_STATS);
	return rtnl_ask(rtnl, &request, read_link, state, err);
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
