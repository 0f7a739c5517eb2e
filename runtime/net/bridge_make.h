/* bridge_make.h - what a bridge is made of: its networks, its link, its entries in the table */
#pragma once
#include "runtime/net/bridge.h"
#include "runtime/net/nat.h"

/*
 * Whether a bridge that is known has all that is asked for.
 * Return: 1; 0: something of it has to be made; -EEXIST where it cannot be had.
 */
int bridge_make_check(const struct bridge_request *request, const struct bridge *bridge,
		      struct error *err);

/*
 * Makes what is missing, whatever an earlier one has left that was killed: all of it may be done
 * again. The lock of the bridge is the caller's. Return: as bridge_open.
 */
int bridge_make(struct rtnl *rtnl, const struct bridge_request *request, struct bridge *bridge,
		struct error *err);

/* Its entry in the table. */
struct nat_link bridge_make_nat(const struct bridge *bridge);
