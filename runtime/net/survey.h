/* survey.h - who is on which bridge, with which address and ports */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "runtime/net/rtnl.h"
#include "spec/bridges.h"

/*
 * Looks at all bridges that are known, sorted by name, their containers by address. Each is locked
 * for that moment only. Return: how many, in the arena; -errno of open(2), netlink(7).
 */
int survey_bridges(struct rtnl *rtnl, struct arena *arena, struct spec_bridge **bridges,
		   struct error *err);
