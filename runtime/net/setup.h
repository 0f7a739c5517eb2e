/* setup.h - a link made usable: addresses, routes, up, in one batch of messages */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "base/ip.h"
#include "runtime/net/rtnl.h"
#include "spec/network.h"

struct setup {
	const char *name; /* of the link */
	bool has_loopback; /* bring lo up as well */
	const struct ip_prefix *addresses;
	size_t addresses_len;
	struct ip gateway4, gateway6; /* default routes; family 0: none */
	const struct spec_route *routes;
	size_t routes_len;
	bool is_autonomous; /* has IPv6 of its own accord (RFC 4862), also without such addresses */
	const uint8_t *mac; /* NULL: as it is */
	uint32_t mtu;       /* 0: as it is */
};

/*
 * Does it all with one sendmsg(2); IPv6 addresses are usable at once (no DAD). What fails is named.
 * Return: 0 or -errno of rtnetlink(7).
 */
int setup_link(struct rtnl *rtnl, const struct setup *setup, struct error *err);
