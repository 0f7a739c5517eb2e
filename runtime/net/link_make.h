/* link_make.h - virtual links: bridge, veth, macvlan, made in one request each */
#pragma once
#include <stdint.h>

#include "base/error.h"
#include "runtime/net/rtnl.h"

/* Bridges and the host's ends of pairs are of LINK_GROUP from the beginning. */

/*
 * Makes a bridge, which is down, has no address, and a MAC address that stays when ports come and
 * go. Return: its index; -EEXIST; -errno.
 */
int link_make_bridge(struct rtnl *rtnl, const char *name, uint32_t mtu, struct error *err);

/* What an end of a pair, or a macvlan, has from the beginning. */
struct link_new {
	const char *name;
	const uint8_t *mac; /* NULL: the kernel's choice */
	uint32_t mtu;       /* 0: the kernel's choice */
};

/*
 * Makes a veth pair: host is here, up and a port of the bridge master (0: none), peer is in the
 * network namespace netns, down, both under their final names. A port of the bridge is in hairpin
 * mode.
 * Return: 0; -EEXIST where a name is taken, with which; -errno of netlink(7), veth(4).
 */
int link_make_veth(struct rtnl *rtnl, const struct link_new *host, int master,
		   const struct link_new *peer, int netns, struct error *err);

/* Makes a macvlan in bridge mode on the link parent, in netns, down. Return: 0 or -errno. */
int link_make_macvlan(struct rtnl *rtnl, int parent, const struct link_new *link, int netns,
		      struct error *err);

/* Return: 0 (also where there is none of that name) or -errno. */
int link_remove(struct rtnl *rtnl, const char *name, struct error *err);

/*
 * As link_remove, for the end of a pair whose other one is in a network namespace that has just
 * lost its last process. The kernel's worker that takes the namespace apart removes both ends
 * within a millisecond where it has nothing else to do; a request for the same waits 15 to 25 for
 * RCU's grace periods. So it is waited for, for 2 milliseconds at most.
 */
int link_remove_abandoned(struct rtnl *rtnl, const char *name, struct error *err);
