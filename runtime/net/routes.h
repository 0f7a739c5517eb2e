/* routes.h - the host's routes */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/ip.h"
#include "runtime/net/rtnl.h"

struct route {
	struct ip_prefix to;
	int index; /* of the link; 0: none, or several */
};

/* Those of the table "main" of both families but the default ones, in the arena. Return: how many
 * or -errno of rtnetlink(7). */
int routes_list(struct rtnl *rtnl, struct arena *arena, struct route **routes, struct error *err);
