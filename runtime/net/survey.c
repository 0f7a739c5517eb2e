/* survey.c - who is on which bridge, with which address and ports */
#include "runtime/net/survey.h"

#include <errno.h>

#include "runtime/net/bridge.h"
#include "runtime/net/leases.h"
#include "runtime/net/nat.h"
#include "runtime/net/port_ranges.h"

struct ports {
	struct nat_port *list;
	size_t len;
};

static char **name_ports(const struct ports *ports, const struct ip *target, struct arena *arena)
{
	char **names = arena_grow(arena, NULL, 0, sizeof(*names)), text[SPEC_PORT_TEXT_SIZE];
	size_t len = 0;

	for (size_t i = 0; i < ports->len; i++) {
		if (!ip_is_equal(&ports->list[i].target, target))
			continue;
		names[len++] = arena_strdup(arena, spec_port_format(&ports->list[i].port, text));
		names = arena_grow(arena, names, len, sizeof(*names));
	}
	names[len] = NULL;
	return names;
}

static char **name_addresses(const struct bridge *bridge, struct arena *arena)
{
	const struct ip_prefix *addresses[] = { &bridge->address4, &bridge->address6 };
	char **names = arena_array(arena, 3, sizeof(*names)), text[IP_TEXT_SIZE];
	size_t len = 0;

	for (size_t i = 0; i < 2; i++)
		if (addresses[i]->ip.family)
			names[len++] = arena_strdup(arena, ip_prefix_format(addresses[i], text));
	return names;
}

/* Return: 1; 0: it is gone; -errno. */
static int survey_bridge(struct rtnl *rtnl, const char *name, const struct ports *ports,
			 struct arena *arena, struct spec_bridge *survey, struct error *err)
{
	auto_bridge struct bridge bridge = BRIDGE_NONE;
	struct lease *leases;
	char text[IP_TEXT_SIZE];
	int r = bridge_find(rtnl, name, &bridge, err), count;

	if (r < 0)
		return r == -ENOENT ? 0 : r;
	count = leases_list(bridge.directory, arena, &leases, err);
	if (count < 0)
		return count;
	*survey = (struct spec_bridge){
		.name = arena_strdup(arena, name),
		.made = bridge.is_made,
		.nat = bridge.nat,
		.addresses = name_addresses(&bridge, arena),
		.containers = arena_array(arena, (size_t)count, sizeof(*survey->containers)),
		.containers_len = (size_t)count,
	};
	for (int i = 0; i < count; i++)
		survey->containers[i] = (struct spec_bridge_container){
			.id = leases[i].id,
			.root = leases[i].root,
			.address = arena_strdup(arena, ip_format(&leases[i].ip, text)),
			.ports = name_ports(ports, &leases[i].ip, arena),
		};
	return 1;
}

int survey_bridges(struct rtnl *rtnl, struct arena *arena, struct spec_bridge **bridges,
		   struct error *err)
{
	struct spec_bridge *surveys;
	struct ports ports = { .len = 0 };
	size_t len = 0, found = 0;
	char **names;
	int r = bridge_list(arena, &names, err);

	if (r == 0 && names[0])
		r = nat_list(arena, &ports.list, err);
	if (r < 0)
		return r;
	ports.len = port_ranges_join(ports.list, (size_t)r);
	while (names[len])
		len++;
	surveys = arena_array(arena, len, sizeof(*surveys));
	for (size_t i = 0; i < len; i++) {
		r = survey_bridge(rtnl, names[i], &ports, arena, &surveys[found], err);
		if (r < 0)
			return error_context(err, "bridge \"%s\"", names[i]);
		found += (size_t)r;
	}
	*bridges = surveys;
	return (int)found;
}
