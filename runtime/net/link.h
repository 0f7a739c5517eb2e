/* link.h - network links: found, moved, named, brought up */
#pragma once
#include <net/if.h>
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/net/rtnl.h"

/* The group of links that are made by us, IFLA_GROUP. */
enum { LINK_GROUP = 0x676b };

struct link_state {
	char name[IF_NAMESIZE];
	int index;
	int master; /* index of the bridge, bond ... that it is a port of; 0: none */
	bool is_up, is_bridge;
	bool is_ours; /* of LINK_GROUP */
};

/*
 * Brings lo of this process's network namespace up, without allocating memory.
 * Return: 0 or -errno of socket(2) or netdevice(7).
 */
int link_set_loopback_up(struct error *err);

/* Return: 0; -ENODEV: there is no such link; -errno of netlink(7). */
int link_find(struct rtnl *rtnl, const char *name, struct link_state *state, struct error *err);

/* All links, in the arena. Return: how many or -errno of netlink(7). */
int link_list(struct rtnl *rtnl, struct arena *arena, struct link_state **links,
	      struct error *err);

/* As link_find, with one system call. Return: its index; -ENODEV; -errno of netdevice(7). */
int link_find_index(struct rtnl *rtnl, const char *name, struct error *err);

/* The link is down. Return: 0; -EEXIST where the name is taken; -errno of netlink(7). */
int link_rename(struct rtnl *rtnl, int index, const char *name, struct error *err);

/*
 * Moves the link into the network namespace netns and gives it that name there, at once. It is down
 * then, without addresses, and a port of nothing; its index may be another.
 * Return: 0; -EEXIST where the name is taken there; -EINVAL where links of its kind stay where they
 * are; -errno of netlink(7).
 */
int link_move(struct rtnl *rtnl, int index, int netns, const char *name, struct error *err);

/*
 * Adds to the batch: the link has no IPv6 address of its own accord, and so sends nothing into the
 * network to find out whether others have that one, and who is a router. The kernel may be without
 * IPv6: such a batch tolerates EAFNOSUPPORT.
 */
void link_batch_quiet(struct rtnl_batch *batch, const char *name);

int link_set_up(struct rtnl *rtnl, int index, struct error *err);
int link_set_master(struct rtnl *rtnl, int index, int master, struct error *err);
