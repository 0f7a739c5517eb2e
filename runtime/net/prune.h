/* prune.h - removes what containers have left behind in the host's network */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "runtime/net/rtnl.h"

/*
 * Removes the leases of containers that are gone, ports that lead to addresses nobody has, bridges
 * that nobody uses, and behind the last of them what the host does for all. *removed says what, a
 * text for each, in the arena, ended by NULL, also where something fails.
 * Return: 0 or -errno of open(2), netlink(7).
 */
int prune_all(struct rtnl *rtnl, struct arena *arena, char ***removed, struct error *err);

/*
 * Removes a bridge that no container is on: one that is not ours is only forgotten.
 * Return: 0; -ENOENT: it is not known; -EBUSY with who is on it; -errno.
 */
int prune_bridge(struct rtnl *rtnl, const char *name, struct error *err);
