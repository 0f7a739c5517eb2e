/* forwarding.h - lets the host forward for containers, and only for them */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/net/rtnl.h"

/*
 * Switches forwarding on for the link: for IPv4, and with v6 for IPv6, ip-sysctl. Where the host did
 * not forward, the links that it has stay closed to each other (nat_close_links), and that is noted
 * in bridge_root. IPv6 on the links that take routes from router advertisements goes on taking them
 * (accept_ra 2). Packets from the link to published ports of loopback are routed (route_localnet).
 * Return: 0 or -errno of write(2), netlink(7).
 */
int forwarding_enable(struct rtnl *rtnl, const char *link, bool v6, struct error *err);

/*
 * After the last link: as it was, where we have switched it on and the host has got no other link
 * since. Return: 0 or -errno.
 */
int forwarding_restore(struct rtnl *rtnl, struct error *err);
