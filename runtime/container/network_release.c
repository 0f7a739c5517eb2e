/* network_release.c - takes back what a container's network has outside of it */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/proc.h"
#include "base/timestamp.h"
#include "runtime/container/network_state.h"
#include "runtime/net/bridge.h"
#include "runtime/net/link_make.h"
#include "runtime/net/names.h"
#include "runtime/net/prune.h"

/* The parts go on after a failure; the first one is told. */
struct result {
	int first;
	struct error *err;
};

static void keep_first(struct result *result, int r, struct error *cause)
{
	if (r < 0 && result->first == 0) {
		result->first = r;
		if (result->err)
			*result->err = *cause;
	}
	*cause = (struct error){ 0 };
}

/* An interface, and what there is to know about it. */
struct release {
	struct container *container;
	const struct spec_state_interface *noted;
	const struct spec_interface *interface; /* NULL: config.json does not tell */
	const struct ip_prefix *addresses;
	size_t addresses_len;
};

static int withdraw(const struct release *release, struct error *err)
{
	const struct spec_interface *interface = release->interface;
	struct nat_target target =
		network_target(release->addresses, release->addresses_len);

	if (!interface || !interface->ports_len)
		return 0;
	return nat_withdraw(interface->ports, interface->ports_len, &target, err);
}

/*
 * The kernel holds the network namespace by the socket that made the container's end, until a grace
 * period after its close: before, nobody needs to wait for the end of the namespace.
 */
static bool is_settled(const struct container *container)
{
	enum { SECOND = 1000000000, SETTLING = 30000000 /* nanoseconds */ };
	const char *created = container->state.created;
	char before[TIMESTAMP_SIZE];
	struct timespec time;

	clock_gettime(CLOCK_REALTIME, &time);
	time.tv_nsec -= SETTLING;
	if (time.tv_nsec < 0) {
		time.tv_sec--;
		time.tv_nsec += SECOND;
	}
	timestamp_write(&time, before);
	return created && strcmp(created, before) < 0;
}

static int remove_link(struct rtnl *rtnl, const struct release *release, struct error *err)
{
	const char *name = release->noted->link;

	return is_settled(release->container) ? link_remove_abandoned(rtnl, name, err) :
						link_remove(rtnl, name, err);
}

/* A pair that is on no bridge: its networks are in the table by its name. */
static void release_pair(struct rtnl *rtnl, const struct release *release, struct result *result)
{
	struct nat_link nat = { .name = release->noted->link };
	struct error cause = { 0 };

	keep_first(result, withdraw(release, &cause), &cause);
	if (!nat.name)
		return;
	for (size_t i = 0; i < release->addresses_len; i++) {
		const struct ip_prefix *address = &release->addresses[i];

		*(address->ip.family == AF_INET ? &nat.network4 : &nat.network6) =
			ip_prefix_network(address);
	}
	keep_first(result, nat_remove_link(&nat, &cause), &cause);
	keep_first(result, remove_link(rtnl, release, &cause), &cause);
	keep_first(result, bridge_release_host(rtnl, &cause), &cause);
}

/* Return: whether the address is still the container's; a delete may have come so far before. */
static bool has_lease(struct bridge *bridge, const struct lease *own)
{
	struct lease lease;

	return leases_find(bridge->directory, &own->ip, &bridge->arena, &lease, NULL) == 0 &&
	       !strcmp(lease.id, own->id) && !strcmp(lease.root, own->root);
}

/* The lease goes last: with it, the container's right to what is under its address ends. */
static void release_addresses(struct bridge *bridge, const struct release *release,
			      struct result *result)
{
	struct error cause = { 0 };

	for (size_t i = 0; i < release->addresses_len; i++) {
		struct lease lease;
		int r = network_lease(release->container, &release->addresses[i].ip, &lease,
				      &cause);

		keep_first(result, r, &cause);
		if (r < 0 || !has_lease(bridge, &lease))
			continue;
		keep_first(result, withdraw(release, &cause), &cause);
		keep_first(result, names_remove(bridge->directory, &lease.ip, &cause), &cause);
		keep_first(result, leases_give(bridge->directory, &lease, &cause), &cause);
	}
}

static void release_from_bridge(struct rtnl *rtnl, const struct release *release,
				struct result *result)
{
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	struct error cause = { 0 };
	int r = 0;

	if (release->noted->link)
		keep_first(result, remove_link(rtnl, release, &cause), &cause);
	r = bridge_find(rtnl, release->noted->bridge, &bridge, &cause);
	if (r == -ENOENT)
		return;
	keep_first(result, r, &cause);
	if (r < 0)
		return;
	release_addresses(&bridge, release, result);
	keep_first(result, bridge_release(rtnl, &bridge, &cause), &cause);
}

/* The ports are in the config alone. Without it they stay, until `network prune`. */
static void read_config(struct container *container, struct spec_network *spec)
{
	struct error cause = { 0 };
	int r = container_read_config(container, &cause);

	if (r == 0)
		r = spec_network_read(&container->config, &container->arena, spec, &cause);
	if (r < 0)
		log_warning("published ports may be left: %s", cause.text);
}

static const struct spec_interface *find_interface(const struct spec_network *spec,
						   uint32_t number)
{
	for (size_t i = 0; i < spec->len; i++)
		if (spec->interfaces[i].number == number)
			return &spec->interfaces[i];
	return NULL;
}

int network_release(struct container *container, struct error *err)
{
	const struct spec_state *state = &container->state;
	struct result result = { .err = err };
	struct spec_network spec = { NULL, 0 };
	auto_rtnl struct rtnl rtnl = { NULL };
	int r;

	if (!state->network_len)
		return 0;
	r = rtnl_open(&rtnl, err);
	if (r < 0)
		return r;
	read_config(container, &spec);
	for (size_t i = 0; i < state->network_len; i++) {
		struct release release = {
			.container = container,
			.noted = &state->network[i],
			.interface = find_interface(&spec, state->network[i].number),
		};

		release.addresses = network_addresses(container, release.noted,
						      &release.addresses_len);
		if (release.noted->bridge)
			release_from_bridge(&rtnl, &release, &result);
		else
			release_pair(&rtnl, &release, &result);
	}
	return result.first;
}

int network_release_unknown(struct container *container, struct error *err)
{
	auto_rtnl struct rtnl rtnl = { NULL };
	char **names;
	int r = proc_is_real_root() ? bridge_list(&container->arena, &names, err) : -ENOENT;

	if (r == -ENOENT || (r == 0 && !*names))
		return 0;
	if (r == 0)
		r = rtnl_open(&rtnl, err);
	return r < 0 ? r : prune_all(&rtnl, &container->arena, &names, err);
}
