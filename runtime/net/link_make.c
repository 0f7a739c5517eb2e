/* link_make.c - virtual links: bridge, veth, macvlan, made in one request each */
#include "runtime/net/link_make.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <linux/veth.h>
#include <stdio.h>
#include <sys/random.h>
#include <time.h>

#include "base/clock.h"
#include "base/fd.h"
#include "base/sys.h"
#include "runtime/net/link.h"

enum {
	MAC_SIZE = 6,
	PATIENCE = 2000000, /* nanoseconds, of the 15 to 25 milliseconds that are to be saved */
};

static struct ifinfomsg *begin_new(union rtnl_request *request)
{
	return rtnl_begin(request, RTM_NEWLINK, NLM_F_CREATE | NLM_F_EXCL,
			  sizeof(struct ifinfomsg));
}

static void put_link(struct nlmsghdr *header, const struct link_new *link)
{
	mnl_attr_put_strz(header, IFLA_IFNAME, link->name);
	if (link->mac)
		mnl_attr_put(header, IFLA_ADDRESS, MAC_SIZE, link->mac);
	if (link->mtu)
		mnl_attr_put_u32(header, IFLA_MTU, link->mtu);
}

/* One that nobody else has: of unicast, and locally administered. */
static int choose_mac(uint8_t mac[MAC_SIZE], struct error *err)
{
	if (getrandom(mac, MAC_SIZE, 0) != MAC_SIZE)
		return error_errno(err, errno, "choose a MAC address");
	mac[0] = (uint8_t)((mac[0] & ~1) | 2);
	return 0;
}

int link_make_bridge(struct rtnl *rtnl, const char *name, uint32_t mtu, struct error *err)
{
	uint8_t mac[MAC_SIZE];
	const struct link_new link = { .name = name, .mac = mac, .mtu = mtu };
	union rtnl_request request;
	struct nlmsghdr *header = &request.header;
	struct nlattr *info, *data;
	int r = choose_mac(mac, err);

	if (r < 0)
		return r;
	/* With an address of its own it does not take that of a port, which goes with the port. */
	begin_new(&request);
	put_link(header, &link);
	mnl_attr_put_u32(header, IFLA_GROUP, LINK_GROUP);
	info = mnl_attr_nest_start(header, IFLA_LINKINFO);
	mnl_attr_put_strz(header, IFLA_INFO_KIND, "bridge");
	data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
	/*
	 * Nobody asks who is in which multicast group, so all get all in any case; but the kernel
	 * would start that anew on all ports with each one that comes.
	 */
	mnl_attr_put_u8(header, IFLA_BR_MCAST_SNOOPING, 0);
	mnl_attr_nest_end(header, data);
	mnl_attr_nest_end(header, info);
	r = rtnl_talk(rtnl, &request, err);
	if (r < 0)
		return error_context(err, "make the bridge \"%s\"", name);
	return link_find_index(rtnl, name, err);
}

/* The kernel does not say which of the two names is taken. */
static int explain_taken(struct rtnl *rtnl, const struct link_new *host,
			 const struct link_new *peer, struct error *err)
{
	if (link_find_index(rtnl, host->name, NULL) > 0)
		return error_set(err, EEXIST, "there is already a network device \"%s\"",
				 host->name);
	return error_set(err, EEXIST,
			 "the container's network namespace already has a device \"%s\"",
			 peer->name);
}

/* One queue is what a pair needs; the kernel's choice is as many as there can be processors. */
static void put_queues(struct nlmsghdr *header)
{
	mnl_attr_put_u32(header, IFLA_NUM_TX_QUEUES, 1);
	mnl_attr_put_u32(header, IFLA_NUM_RX_QUEUES, 1);
}

/*
 * A packet of a container to a port that it publishes itself goes back to where it came from, which
 * a bridge does not do by itself: with br_netfilter, published ports are known in the bridge.
 */
static void set_hairpin(struct rtnl_batch *batch, const char *name)
{
	union rtnl_request request;
	struct nlmsghdr *header = &request.header;
	struct nlattr *info, *data;

	rtnl_begin(&request, RTM_NEWLINK, 0, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(header, IFLA_IFNAME, name);
	info = mnl_attr_nest_start(header, IFLA_LINKINFO);
	mnl_attr_put_strz(header, IFLA_INFO_SLAVE_KIND, "bridge");
	data = mnl_attr_nest_start(header, IFLA_INFO_SLAVE_DATA);
	mnl_attr_put_u8(header, IFLA_BRPORT_MODE, 1);
	mnl_attr_nest_end(header, data);
	mnl_attr_nest_end(header, info);
	rtnl_batch_add(batch, &request, "set the hairpin mode of \"%s\"", name);
}

int link_make_veth(struct rtnl *rtnl, const struct link_new *host, int master,
		   const struct link_new *peer, int netns, struct error *err)
{
	auto_rtnl_batch struct rtnl_batch batch = { 0 };
	union rtnl_request request;
	struct nlmsghdr *header = &request.header;
	struct ifinfomsg *link = begin_new(&request);
	struct nlattr *info, *data, *other;
	int r;

	link->ifi_flags = IFF_UP;
	link->ifi_change = IFF_UP;
	put_link(header, host);
	put_queues(header);
	mnl_attr_put_u32(header, IFLA_GROUP, LINK_GROUP);
	if (master)
		mnl_attr_put_u32(header, IFLA_MASTER, (uint32_t)master);
	info = mnl_attr_nest_start(header, IFLA_LINKINFO);
	mnl_attr_put_strz(header, IFLA_INFO_KIND, "veth");
	data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
	other = mnl_attr_nest_start(header, VETH_INFO_PEER);
	mnl_nlmsg_put_extra_header(header, sizeof(struct ifinfomsg));
	put_link(header, peer);
	put_queues(header);
	mnl_attr_put_u32(header, IFLA_NET_NS_FD, (uint32_t)netns);
	mnl_attr_nest_end(header, other);
	mnl_attr_nest_end(header, data);
	mnl_attr_nest_end(header, info);
	rtnl_batch_add(&batch, &request, "make the veth pair \"%s\", \"%s\"", host->name,
		       peer->name);
	if (master) {
		set_hairpin(&batch, host->name);
		/* It has no carrier yet, so it has said nothing. */
		link_batch_quiet(&batch, host->name);
	}
	r = rtnl_batch_talk(rtnl, &batch, err);
	return r == -EEXIST ? explain_taken(rtnl, host, peer, err) : r;
}

static int make_macvlan(struct rtnl *rtnl, int parent, const struct link_new *link, int netns,
			struct error *err)
{
	union rtnl_request request;
	struct nlmsghdr *header = &request.header;
	struct nlattr *info, *data;

	begin_new(&request);
	put_link(header, link);
	mnl_attr_put_u32(header, IFLA_LINK, (uint32_t)parent);
	mnl_attr_put_u32(header, IFLA_NET_NS_FD, (uint32_t)netns);
	info = mnl_attr_nest_start(header, IFLA_LINKINFO);
	mnl_attr_put_strz(header, IFLA_INFO_KIND, "macvlan");
	data = mnl_attr_nest_start(header, IFLA_INFO_DATA);
	mnl_attr_put_u32(header, IFLA_MACVLAN_MODE, MACVLAN_MODE_BRIDGE);
	mnl_attr_nest_end(header, data);
	mnl_attr_nest_end(header, info);
	return rtnl_talk(rtnl, &request, err);
}

static int rename_inside(int netns, const char *from, const char *to, struct error *err)
{
	auto_close int own = sys_open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC, 0);
	auto_rtnl struct rtnl inside = { NULL };
	int r = own < 0 ? error_errno(err, own, "open /proc/self/ns/net") :
			  rtnl_open_in(&inside, netns, own, err);

	if (r == 0)
		r = link_find_index(&inside, from, err);
	if (r > 0)
		r = link_rename(&inside, r, to, err);
	if (r == -EEXIST)
		error_set(err, EEXIST,
			  "the container's network namespace already has a device \"%s\"", to);
	if (r < 0 && inside.socket)
		link_remove(&inside, from, NULL);
	return r;
}

/*
 * Until 6.14 the kernel refuses a name that the host has, too, as every "eth0". So it is made under
 * one that nobody has.
 */
int link_make_macvlan(struct rtnl *rtnl, int parent, const struct link_new *link, int netns,
		      struct error *err)
{
	struct link_new first = *link;
	char name[IF_NAMESIZE];
	uint32_t number;
	int r = 0;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		r = error_errno(err, errno, "choose a name");
	snprintf(name, sizeof(name), "gocker%08x", number);
	first.name = name;
	if (r == 0)
		r = make_macvlan(rtnl, parent, &first, netns, err);
	if (r == 0)
		r = rename_inside(netns, name, link->name, err);
	if (r < 0 && r != -EEXIST)
		error_context(err, "make the macvlan \"%s\"", link->name);
	return r;
}

int link_remove(struct rtnl *rtnl, const char *name, struct error *err)
{
	union rtnl_request request;
	int r;

	rtnl_begin(&request, RTM_DELLINK, 0, sizeof(struct ifinfomsg));
	mnl_attr_put_strz(&request.header, IFLA_IFNAME, name);
	r = rtnl_talk(rtnl, &request, err);
	if (r == -ENODEV)
		return 0;
	return r < 0 ? error_context(err, "remove the network device \"%s\"", name) : 0;
}

int link_remove_abandoned(struct rtnl *rtnl, const char *name, struct error *err)
{
	const struct timespec pause = { .tv_nsec = 50000 };
	const int64_t end = clock_now() + PATIENCE;

	while (link_find_index(rtnl, name, NULL) >= 0 && clock_now() < end)
		nanosleep(&pause, NULL);
	/* Where it is gone, this waits until all that belongs to it is gone, too. */
	return link_remove(rtnl, name, err);
}
