/* forwarding.h - lets the host forward for containers, and only for them */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/net/rtnl.h"

/*
 * Switches forwarding on for the link: for IPv4, and with v6 for IPv6, ip-sysctl. Where the host
 * did not forward, the links that it has stay closed to each other (nat_close_links), and that is
 * noted in bridge_root. IPv6 on the links that take routes from router advertisements goes on
 * taking them (accept_ra 2); from a link of ours none are taken. Packets from the link to published
 * ports of loopback are routed (route_localnet). The lock of bridge_root is taken for that.
 * Return: 0 or -errno of write(2), netlink(7).
 */
int forwarding_enable(struct rtnl *rtnl, const char *link, bool v6, struct error *err);

/* For a link that stays: its loopback is its own again. What cannot be written is left. */
void forwarding_disable(const char *link);

/*
 * After the last link: as it was, where we have switched it on and the host has got no other link
 * since. The lock of bridge_root is the caller's.
 * Return: 1: it is as it was; 0: others may need it now; -errno.
 */
int forwarding_restore(struct rtnl *rtnl, struct error *err);
