/* prune.c - removes what containers have left behind in the host's network */
#include "runtime/net/prune.h"

#include <errno.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>

#include "runtime/net/bridge.h"
#include "runtime/net/leases.h"
#include "runtime/net/link.h"
#include "runtime/net/nat.h"
#include "runtime/net/port_ranges.h"
#include "runtime/net/routes.h"

struct report {
	struct arena *arena;
	char **lines;
	size_t len;
};

__attribute__((format(printf, 2, 3))) static void tell(struct report *report, const char *fmt, ...)
{
	char text[256];
	va_list args;

	va_start(args, fmt);
	vsnprintf(text, sizeof(text), fmt, args);
	va_end(args);
	report->lines[report->len++] = arena_strdup(report->arena, text);
	report->lines = arena_grow(report->arena, report->lines, report->len,
				   sizeof(*report->lines));
	report->lines[report->len] = NULL;
}

/* Where a port may lead: an address with a lease, or one behind a link without a bridge. */
struct known {
	struct arena *arena;
	struct ip *ips;
	size_t ips_len;
	struct ip_prefix *networks;
	size_t networks_len;
};

static bool has_owner(const struct known *known, const struct ip *ip)
{
	for (size_t i = 0; i < known->ips_len; i++)
		if (ip_is_equal(&known->ips[i], ip))
			return true;
	for (size_t i = 0; i < known->networks_len; i++)
		if (ip_prefix_has(&known->networks[i], ip))
			return true;
	return false;
}

/* Our ends of veth pairs exist for as long as their containers. */
static int add_networks(struct rtnl *rtnl, struct known *known, struct error *err)
{
	struct link_state *links;
	struct route *routes;
	int links_len = link_list(rtnl, known->arena, &links, err), len;

	if (links_len < 0)
		return links_len;
	len = routes_list(rtnl, known->arena, &routes, err);
	if (len < 0)
		return len;
	known->networks = arena_array(known->arena, (size_t)len, sizeof(*known->networks));
	for (int i = 0; i < len; i++)
		for (int j = 0; j < links_len; j++)
			if (links[j].index == routes[i].index && links[j].is_ours &&
			    !links[j].is_bridge && !links[j].master)
				known->networks[known->networks_len++] = routes[i].to;
	return 0;
}

static int prune_leases(struct rtnl *rtnl, const char *name, struct known *known,
			struct report *report, struct error *err)
{
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	struct lease *leases;
	int r = bridge_find(rtnl, name, &bridge, err), count;

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = leases_prune(bridge.directory, err);
	if (r > 0)
		tell(report, "%d lease%s of bridge \"%s\"", r, r == 1 ? "" : "s", name);
	count = r < 0 ? r : leases_list(bridge.directory, known->arena, &leases, err);
	for (int i = 0; i < count; i++) {
		known->ips = arena_grow(known->arena, known->ips, known->ips_len,
					sizeof(*known->ips));
		known->ips[known->ips_len++] = leases[i].ip;
	}
	return count < 0 ? count : 0;
}

static int prune_ports(const struct nat_port *ports, size_t len, const struct known *known,
		       struct report *report, struct error *err)
{
	struct nat_port *orphans = arena_array(known->arena, len, sizeof(*orphans));
	char port[SPEC_PORT_TEXT_SIZE], target[IP_TEXT_SIZE];
	size_t count = 0;
	int r;

	for (size_t i = 0; i < len; i++)
		if (!has_owner(known, &ports[i].target))
			orphans[count++] = ports[i];
	r = count ? nat_remove_ports(orphans, count, err) : 0;
	count = port_ranges_join(orphans, count);
	for (size_t i = 0; r == 0 && i < count; i++)
		tell(report, "port %s to %s", spec_port_format(&orphans[i].port, port),
		     ip_format(&orphans[i].target, target));
	return r;
}

static int release_bridge(struct rtnl *rtnl, const char *name, struct report *report,
			  struct error *err)
{
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	int r = bridge_find(rtnl, name, &bridge, err);

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	r = bridge_release(rtnl, &bridge, err);
	if (r > 0)
		tell(report, "bridge \"%s\"", name);
	return r < 0 ? r : 0;
}

int prune_all(struct rtnl *rtnl, struct arena *arena, char ***removed, struct error *err)
{
	struct report report = { .arena = arena };
	struct known known = { .arena = arena };
	struct nat_port *ports;
	char **names = NULL;
	/* Before the leases: who takes an address does so before its ports are published. */
	int len = nat_list(arena, &ports, err), r = len < 0 ? len : 0;

	report.lines = arena_grow(arena, NULL, 0, sizeof(*report.lines));
	report.lines[0] = NULL;
	if (r == 0)
		r = bridge_list(arena, &names, err);
	if (r == 0)
		r = add_networks(rtnl, &known, err);
	for (size_t i = 0; r == 0 && names[i]; i++)
		r = prune_leases(rtnl, names[i], &known, &report, err);
	if (r == 0)
		r = prune_ports(ports, (size_t)len, &known, &report, err);
	for (size_t i = 0; r == 0 && names[i]; i++)
		r = release_bridge(rtnl, names[i], &report, err);
	if (r == 0)
		r = bridge_release_host(rtnl, err);
	*removed = report.lines;
	return r < 0 ? r : 0;
}

/* Ports that lead to a network that goes. */
static int withdraw_network(const struct bridge *bridge, struct arena *arena, struct error *err)
{
	struct nat_port *ports;
	size_t count = 0;
	int len = nat_list(arena, &ports, err);

	for (int i = 0; i < len; i++)
		if (ip_prefix_has(&bridge->address4, &ports[i].target) ||
		    ip_prefix_has(&bridge->address6, &ports[i].target))
			ports[count++] = ports[i];
	if (len < 0 || !count)
		return len < 0 ? len : 0;
	return nat_remove_ports(ports, count, err);
}

int prune_bridge(struct rtnl *rtnl, const char *name, struct error *err)
{
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	auto_arena struct arena arena = { 0 };
	struct lease *leases;
	int r = bridge_find(rtnl, name, &bridge, err);

	if (r < 0)
		return r;
	r = leases_list(bridge.directory, &arena, &leases, err);
	if (r > 0)
		return error_set(err, EBUSY, "bridge \"%s\" is in use by container \"%s\"%s", name,
				 leases[0].id, r > 1 ? " and others" : "");
	if (r == 0)
		r = leases_prune(bridge.directory, err);
	if (r >= 0)
		r = withdraw_network(&bridge, &arena, err);
	if (r >= 0)
		r = bridge_release(rtnl, &bridge, err);
	return r < 0 ? r : 0;
}
