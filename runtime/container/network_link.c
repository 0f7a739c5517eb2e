/* network_link.c - the network that the annotations ask for: links made, ports open, and back */
#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/container/network_state.h"
#include "runtime/net/bridge.h"
#include "runtime/net/forwarding.h"
#include "runtime/net/leases.h"
#include "runtime/net/link.h"
#include "runtime/net/link_make.h"
#include "runtime/net/nat.h"
#include "runtime/net/setup.h"

/* Both network namespaces. */
struct ends {
	struct rtnl host, inside;
	int netns;
	bool has_route4, has_route6; /* one default route of each family is enough */
};

static int open_ends(struct ends *ends, int netns, struct error *err)
{
	auto_close int own = sys_open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC, 0);
	int r = own < 0 ? error_errno(err, own, "open /proc/self/ns/net") :
			  rtnl_open(&ends->host, err);

	if (r == 0)
		r = rtnl_open_in(&ends->inside, netns, own, err);
	if (r < 0)
		return r;
	ends->netns = netns;
	rtnl_want_words(&ends->host);
	rtnl_want_words(&ends->inside);
	return 0;
}

static void close_ends(struct ends *ends)
{
	rtnl_close(&ends->host);
	rtnl_close(&ends->inside);
}

/* The first interface that has a gateway has the default route of its family. */
static struct ip choose_gateway(bool *has_route, const struct ip *asked, const struct ip *usual,
				bool has_address)
{
	struct ip gateway = { .family = 0 };

	if (asked->family || has_address)
		gateway = asked->family ? *asked : *usual;
	if (*has_route)
		gateway.family = 0;
	*has_route |= gateway.family;
	return gateway;
}

/* The container's end, which is there. */
static int set_up_inside(struct ends *ends, const struct spec_interface *interface,
			 const struct network_end *end, const struct ip_prefix *addresses,
			 size_t len, struct error *err)
{
	struct nat_target own = network_target(addresses, len);
	struct setup setup = {
		.name = interface->name,
		.addresses = addresses,
		.addresses_len = len,
		.routes = interface->routes,
		.routes_len = interface->routes_len,
		.is_autonomous = interface->type == SPEC_INTERFACE_MACVLAN ||
				 interface->type == SPEC_INTERFACE_HOST_DEVICE,
	};

	setup.gateway4 = choose_gateway(&ends->has_route4, &interface->gateway4, &end->gateway4,
					own.ip4.family);
	setup.gateway6 = choose_gateway(&ends->has_route6, &interface->gateway6, &end->gateway6,
					own.ip6.family);
	if (interface->type == SPEC_INTERFACE_HOST_DEVICE) {
		setup.mac = interface->has_mac ? interface->mac : NULL;
		setup.mtu = interface->mtu;
	}
	return setup_link(&ends->inside, &setup, err);
}

/* The host's end of a pair that is on no bridge: it is the gateway itself. */
static int set_up_outside(struct ends *ends, const struct spec_interface *interface,
			  const char *link, const struct ip_prefix *addresses, size_t len,
			  struct error *err)
{
	struct ip_prefix own[2];
	struct setup setup = { .name = link, .addresses = own };
	struct nat_link nat = { .name = link };
	int r;

	for (size_t i = 0; i < len && setup.addresses_len < 2; i++) {
		bool is_v4 = addresses[i].ip.family == AF_INET;
		const struct ip *gateway = is_v4 ? &interface->gateway4 : &interface->gateway6;
		struct ip_prefix network = ip_prefix_network(&addresses[i]);

		if (!gateway->family || !ip_prefix_has(&network, gateway))
			continue;
		own[setup.addresses_len++] = (struct ip_prefix){ *gateway, network.length };
		if (interface->nat)
			*(is_v4 ? &nat.network4 : &nat.network6) = network;
	}
	/* The table first: it keeps the host's loopback closed, which forwarding opens. */
	r = nat_add_link(&nat, err);
	if (r == 0)
		r = forwarding_enable(&ends->host, link, interface->gateway6.family, err);
	return r < 0 ? r : setup_link(&ends->host, &setup, err);
}

static int make_link(struct ends *ends, const struct spec_interface *interface,
		     const struct network_end *end, const char *link, struct error *err)
{
	struct link_new host = { .name = link, .mtu = interface->mtu };
	struct link_new peer = {
		.name = interface->name,
		.mac = interface->has_mac ? interface->mac : NULL,
		.mtu = interface->mtu,
	};
	struct link_state parent;
	int r;

	if (link)
		return link_make_veth(&ends->host, &host, end->index, &peer, ends->netns, err);
	if (interface->type != SPEC_INTERFACE_MACVLAN)
		return 0;
	r = link_find(&ends->host, interface->device, &parent, err);
	if (r < 0)
		return error_context(err, "device \"%s\"", interface->device);
	return link_make_macvlan(&ends->host, parent.index, &peer, ends->netns, err);
}

/* Return: whether a container has leased the address of a bridge. */
static bool find_lease(struct rtnl *rtnl, const struct ip *ip, struct arena *arena,
		       struct lease *lease)
{
	char **bridges;

	if (!ip->family || bridge_list(arena, &bridges, NULL) < 0)
		return false;
	for (; *bridges; bridges++) {
		auto_bridge struct bridge bridge = BRIDGE_NONE;

		if (bridge_find(rtnl, *bridges, &bridge, NULL) == 0 &&
		    leases_find(bridge.directory, ip, arena, lease, NULL) == 0)
			return true;
	}
	return false;
}

/* Says which container the port is of. Return: -EADDRINUSE. */
static int name_holder(struct ends *ends, struct container *container,
		       const struct spec_port *port, struct error *err)
{
	char text[NAT_PORT_TEXT_SIZE];
	struct nat_target target;
	struct lease lease;

	if (nat_find(port, &target, NULL) == 0 &&
	    (find_lease(&ends->host, &target.ip4, &container->arena, &lease) ||
	     find_lease(&ends->host, &target.ip6, &container->arena, &lease)))
		return error_set(err, EADDRINUSE,
				 "port %s is published by container \"%s\"",
				 nat_port_format(port, text), lease.id);
	return error_set(err, EADDRINUSE, "port %s is published already",
			 nat_port_format(port, text));
}

static int publish(struct ends *ends, struct container *container,
		   const struct spec_interface *interface, const struct network_end *end,
		   const struct ip_prefix *addresses, size_t len, struct error *err)
{
	struct nat_target target = network_target(addresses, len);
	struct spec_port taken;
	int r;

	if (!interface->ports_len)
		return 0;
	target.host6 = interface->type == SPEC_INTERFACE_VETH ? interface->gateway6 :
								end->gateway6;
	r = nat_publish(interface->ports, interface->ports_len, &target, &taken, err);
	return r == -EADDRINUSE ? name_holder(ends, container, &taken, err) : r;
}

static int connect_interface(struct ends *ends, const struct network *network,
			     struct container *container, size_t i, struct error *err)
{
	const struct spec_interface *interface = &network->spec.interfaces[i];
	const struct spec_state_interface *noted = &container->state.network[i];
	const char *key = "type";
	size_t len;
	const struct ip_prefix *addresses = network_addresses(container, noted, &len);
	int r = make_link(ends, interface, &network->ends[i], noted->link, err);

	if (r == 0)
		r = set_up_inside(ends, interface, &network->ends[i], addresses, len, err);
	if (r == 0 && interface->type == SPEC_INTERFACE_VETH)
		r = set_up_outside(ends, interface, noted->link, addresses, len, err);
	if (r == 0) {
		key = "ports";
		r = publish(ends, container, interface, &network->ends[i], addresses, len, err);
	}
	return r < 0 ? error_context(err, "%s", spec_interface_place(interface, key,
								     &container->arena)) : 0;
}

int network_connect(const struct network *network, struct container *container, int netns,
		    struct error *err)
{
	struct ends ends = { .netns = -1 };
	int r = 0;

	if (!network->spec.len)
		return 0;
	r = open_ends(&ends, netns, err);
	for (size_t i = 0; r == 0 && i < network->spec.len; i++)
		if (network->spec.interfaces[i].type != SPEC_INTERFACE_NONE)
			r = connect_interface(&ends, network, container, i, err);
	close_ends(&ends);
	return r;
}
