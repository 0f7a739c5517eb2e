/* bridge.h - the bridges that containers are on, and what is known of each */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/ip.h"
#include "runtime/net/bridge_root.h"
#include "runtime/net/rtnl.h"

/* A bridge whose lock is held. Start with BRIDGE_NONE; strings are in its arena. */
struct bridge {
	struct arena arena;
	int directory; /* locked, flock(2) */
	char *name;
	int index;     /* of the link; 0: there is none */
	bool is_made;  /* by us, and removed by us when the last container leaves it */
	bool nat;
	struct ip_prefix address4, address6; /* those of the host on it; family 0: none */
};

#define BRIDGE_NONE { .directory = -1 }

/* What a bridge has to have for an interface; family 0: whatever it has, or (v4) the default. */
struct bridge_request {
	const char *name;
	struct ip_prefix address4, address6; /* of the host, with the length of the network */
	bool needs4, needs6;
	bool nat;
	uint32_t mtu; /* of a new one; 0: the kernel's choice */
};

/*
 * Opens a bridge, makes it where it is missing, and takes its lock. A new one has the addresses
 * that are asked for, else the first host of 10.0.0.0/24 or of the next such network that overlaps
 * no route of the host (which is said then), and of a random fd00::/8 network (RFC 4193); it is up,
 * it forwards, and its networks are in the table of nat.h. One that is there and not ours is taken
 * as it is, with its addresses.
 * Return: 0; -EEXIST where it has other networks than those asked for, or another nat; -ENOTUNIQ
 * where it is another kind of device; -EADDRNOTAVAIL where it is not ours and lacks an address;
 * -EADDRINUSE where a network that was asked for overlaps a route; -errno of netlink(7), open(2).
 */
int bridge_open(struct rtnl *rtnl, const struct bridge_request *request, struct bridge *bridge,
		struct error *err);

/*
 * Opens one that is known, for those that look or clean up. Return: 0; -ENOENT: it is not known;
 * -errno.
 */
int bridge_find(struct rtnl *rtnl, const char *name, struct bridge *bridge, struct error *err);

/*
 * Removes what nobody needs any more: where no lease is left, the link if it is ours, its networks
 * in the table, its directory; with the last one, the table, and forwarding as it was before.
 * Return: 1: it is gone; 0: it is in use; -errno.
 */
int bridge_release(struct rtnl *rtnl, struct bridge *bridge, struct error *err);

/*
 * The same for a link that is on no bridge, and has been removed: the table and forwarding, where
 * no bridge and no other such link needs them.
 * Return: 1: they are gone; 0: they are in use; -errno.
 */
int bridge_release_host(struct rtnl *rtnl, struct error *err);

/* The names of all that are known, sorted, ended by NULL. Return: 0 or -errno. */
int bridge_list(struct arena *arena, char ***names, struct error *err);

/* Gives up the lock. Safe on BRIDGE_NONE and twice. */
void bridge_close(struct bridge *bridge);

#define auto_bridge __attribute__((cleanup(bridge_close)))
