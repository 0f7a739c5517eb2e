/* network.c - the network that the annotations ask for: what is taken for it before it is made */
#include "runtime/container/network.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/proc.h"
#include "base/strv.h"
#include "runtime/container/network_state.h"
#include "runtime/container/store.h"
#include "runtime/net/bridge.h"
#include "runtime/net/listeners.h"
#include "runtime/net/names.h"
#include "runtime/net/netlink.h"
#include "runtime/net/resolver.h"

static const char resolver_file[] = "resolv.conf";

int network_plan(struct container *container, bool makes_namespace, struct network *network,
		 struct error *err)
{
	struct spec_network *spec = &network->spec;
	int r = spec_network_read(&container->config, &container->arena, spec, err);

	if (r < 0)
		return r;
	if (!makes_namespace)
		spec->len = 0;
	r = spec->len ? netlink_load(err) : 0;
	if (r < 0)
		return r;
	for (size_t i = 0; i < spec->len && !proc_is_real_root(); i++)
		if (spec->interfaces[i].type != SPEC_INTERFACE_NONE)
			return error_set(err, EPERM,
					 "%s: only root can connect a container to the host's "
					 "links: use the host's network, or the annotation "
					 "run.gocker.network.user",
					 spec_interface_place(&spec->interfaces[i], "type",
							      &container->arena));
	network->ends = arena_array(&container->arena, spec->len, sizeof(*network->ends));
	return 0;
}

void network_list_devices(const struct network *network, struct container *container,
			  struct spec_net_device **devices, size_t *len)
{
	const struct spec_linux *linux = container->config.linux;
	size_t n = linux ? linux->netDevices_len : 0;
	struct spec_net_device *all =
		arena_array(&container->arena, n + network->spec.len, sizeof(*all));

	if (n)
		memcpy(all, linux->netDevices, n * sizeof(*all));
	for (size_t i = 0; i < network->spec.len; i++) {
		const struct spec_interface *interface = &network->spec.interfaces[i];

		if (interface->type == SPEC_INTERFACE_HOST_DEVICE)
			all[n++] = (struct spec_net_device){ interface->device, interface->name };
	}
	*devices = all;
	*len = n;
}

/* The place of an interface's key in front of what went wrong with it. */
static int blame(struct container *container, const struct spec_interface *interface,
		 const char *key, struct error *err)
{
	return error_context(err, "%s", spec_interface_place(interface, key, &container->arena));
}

/* Names of links are the host's: one that nobody has, and that says whose kind it is. */
static int choose_link(struct container *container, char **name, struct error *err)
{
	uint32_t number;

	if (getrandom(&number, sizeof(number), 0) != sizeof(number))
		return error_errno(err, errno, "choose a name for the link");
	*name = arena_printf(&container->arena, "veth%08x", number);
	return 0;
}

/* Adds an address to those that state.json names. */
static void note_address(struct container *container, struct spec_state_interface *noted,
			 const struct ip_prefix *prefix)
{
	size_t n = strv_len(noted->addresses);
	char text[IP_TEXT_SIZE];
	char **all = arena_array(&container->arena, n + 2, sizeof(*all));
	if (n)
		memcpy(all, noted->addresses, n * sizeof(*all));
	all[n] = arena_strdup(&container->arena, ip_prefix_format(prefix, text));
	noted->addresses = all;
}

/* The address of the bridge's own end: the gateway that is asked for, else the network's first. */
static struct ip_prefix bridge_address(const struct spec_interface *interface, uint8_t family)
{
	const struct ip *gateway = family == AF_INET ? &interface->gateway4 : &interface->gateway6;
	struct ip_prefix address = { .ip.family = 0 };

	for (size_t i = 0; i < interface->addresses_len; i++) {
		const struct ip_prefix *asked = &interface->addresses[i];

		if (asked->ip.family != family)
			continue;
		address = ip_prefix_network(asked);
		address.ip = gateway->family ? *gateway : ip_prefix_host(&address, 0);
		break;
	}
	return address;
}

static struct bridge_request bridge_request(const struct spec_interface *interface)
{
	struct bridge_request request = {
		.name = interface->bridge,
		.address4 = bridge_address(interface, AF_INET),
		.address6 = bridge_address(interface, AF_INET6),
		.nat = interface->nat,
		.mtu = interface->mtu,
	};

	request.needs4 = interface->has_auto4 || request.address4.ip.family;
	request.needs6 = interface->has_auto6 || request.address6.ip.family;
	return request;
}

static int choose_address(struct container *container, struct bridge *bridge,
			  const struct ip_prefix *own, struct spec_state_interface *noted,
			  struct error *err)
{
	struct ip_prefix network = ip_prefix_network(own), chosen = network;
	int r = leases_choose(bridge->directory, &network, &own->ip, &chosen.ip, err);

	if (r == 0)
		note_address(container, noted, &chosen);
	return r;
}

/* What a container is called by its neighbours: its id, and its host name where that is another. */
static const char *names_of(struct container *container)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_.-";
	const char *id = container->state.id, *name = container->config.hostname;

	if (!name || !*name || name[strspn(name, letters)] || !strcmp(id, name))
		return id;
	return arena_printf(&container->arena, "%s %s", id, name);
}

static int take_addresses(struct container *container, struct bridge *bridge,
			  const struct spec_state_interface *noted, struct error *err)
{
	const char *names = names_of(container);
	size_t len;
	const struct ip_prefix *addresses = network_addresses(container, noted, &len);
	int r = 0;

	for (size_t i = 0; r == 0 && i < len; i++) {
		struct lease lease;

		r = network_lease(container, &addresses[i].ip, &lease, err);
		if (r == 0)
			r = leases_take(bridge->directory, &lease, err);
		if (r == 0)
			r = names_add(bridge->directory, &lease.ip, names, err);
	}
	return r;
}

/* The addresses of an interface of a bridge, under the bridge's lock. */
static int lease_addresses(struct container *container, const struct spec_interface *interface,
			   struct bridge *bridge, struct spec_state_interface *noted,
			   struct error *err)
{
	int r = 0;

	for (size_t i = 0; i < interface->addresses_len; i++)
		note_address(container, noted, &interface->addresses[i]);
	if (interface->has_auto4)
		r = choose_address(container, bridge, &bridge->address4, noted, err);
	if (r == 0 && interface->has_auto6)
		r = choose_address(container, bridge, &bridge->address6, noted, err);
	if (r == 0)
		r = store_write_state(container->entry, &container->state, err);
	return r < 0 ? r : take_addresses(container, bridge, noted, err);
}

static int reserve_bridge(struct network *network, struct container *container,
			  struct rtnl *rtnl, size_t i, struct error *err)
{
	const struct spec_interface *interface = &network->spec.interfaces[i];
	struct bridge_request request = bridge_request(interface);
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	int r = bridge_open(rtnl, &request, &bridge, err);

	if (r < 0)
		return blame(container, interface, "bridge", err);
	network->ends[i] = (struct network_end){
		.index = bridge.index,
		.gateway4 = bridge.address4.ip,
		.gateway6 = bridge.address6.ip,
	};
	r = lease_addresses(container, interface, &bridge, &container->state.network[i], err);
	if (r < 0)
		return blame(container, interface, "address", err);
	if (!network->hosts)
		network->hosts = arena_printf(&container->arena, "%s/%s/%s", bridge_root,
					      bridge.name, names_file);
	return 0;
}

static int reserve_interface(struct network *network, struct container *container,
			     struct rtnl *rtnl, size_t i, struct error *err)
{
	const struct spec_interface *interface = &network->spec.interfaces[i];
	struct spec_state_interface *noted = &container->state.network[i];
	int r = listeners_check(interface->ports, interface->ports_len, err);

	if (r < 0)
		return blame(container, interface, "ports", err);
	if (interface->type == SPEC_INTERFACE_BRIDGE || interface->type == SPEC_INTERFACE_VETH)
		r = choose_link(container, &noted->link, err);
	if (r < 0)
		return r;
	if (interface->type == SPEC_INTERFACE_BRIDGE)
		return reserve_bridge(network, container, rtnl, i, err);
	for (size_t j = 0; j < interface->addresses_len; j++)
		note_address(container, noted, &interface->addresses[j]);
	return noted->link ? store_write_state(container->entry, &container->state, err) : 0;
}

/* In the state directory, to be bound into the container. */
static int write_resolver(struct network *network, struct container *container,
			  struct error *err)
{
	const struct spec_network *spec = &network->spec;
	auto_buf struct buf text = { 0 };
	bool is_wanted = false;
	char *directory;
	int r = 0;

	for (size_t i = 0; r == 0 && i < spec->len; i++) {
		const struct spec_interface *interface = &spec->interfaces[i];

		is_wanted |= interface->dns_len || interface->has_host_dns;
		r = resolver_write(interface->dns, interface->dns_len, interface->has_host_dns,
				   &text, err);
	}
	if (r < 0 || !is_wanted)
		return r;
	r = file_replace_at(container->entry, resolver_file, text.data, text.len, 0644);
	if (r < 0)
		return error_errno(err, r, "write %s in the state directory", resolver_file);
	r = store_path(container->entry, &container->arena, &directory, err);
	if (r == 0)
		network->resolver =
			arena_printf(&container->arena, "%s/%s", directory, resolver_file);
	return r;
}

int network_reserve(struct network *network, struct container *container, struct error *err)
{
	const struct spec_network *spec = &network->spec;
	struct spec_state *state = &container->state;
	auto_rtnl struct rtnl rtnl = { NULL };
	int r = 0;

	if (!spec->len)
		return 0;
	state->network = arena_array(&container->arena, spec->len, sizeof(*state->network));
	state->network_len = spec->len;
	for (size_t i = 0; i < spec->len; i++) {
		state->network[i].number = spec->interfaces[i].number;
		state->network[i].bridge = spec->interfaces[i].bridge;
	}
	r = rtnl_open(&rtnl, err);
	if (r < 0)
		return r;
	rtnl_want_words(&rtnl);
	for (size_t i = 0; r == 0 && i < spec->len; i++)
		r = reserve_interface(network, container, &rtnl, i, err);
	return r < 0 ? r : write_resolver(network, container, err);
}
