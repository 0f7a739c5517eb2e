/* bridge_make.c - what a bridge is made of: its networks, its link, its entries in the table */
#include "runtime/net/bridge_make.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/sys.h"
#include "runtime/net/address.h"
#include "runtime/net/bridge_choose.h"
#include "runtime/net/bridge_record.h"
#include "runtime/net/forwarding.h"
#include "runtime/net/link.h"
#include "runtime/net/link_make.h"
#include "runtime/net/routes.h"
#include "runtime/net/setup.h"

struct making {
	struct rtnl *rtnl;
	const struct bridge_request *request;
	struct bridge *bridge;
	struct link_state link;    /* index 0: there is none */
	struct address *addresses; /* that it has */
	struct arena arena;
};

static bool is_same_network(const struct ip_prefix *a, const struct ip_prefix *b)
{
	return a->length == b->length && ip_prefix_has(a, &b->ip);
}

static int check_network(const struct bridge *bridge, const struct ip_prefix *asked,
			 const struct ip_prefix *has, struct error *err)
{
	char asked_text[IP_TEXT_SIZE], has_text[IP_TEXT_SIZE];
	struct ip_prefix network = ip_prefix_network(asked);

	if (!asked->ip.family || !has->ip.family || is_same_network(asked, has))
		return 0;
	return error_set(err, EEXIST, "the bridge \"%s\" has the address %s, not one in %s",
			 bridge->name, ip_prefix_format(has, has_text),
			 ip_prefix_format(&network, asked_text));
}

static int check_missing(const struct bridge *bridge, bool needs, const struct ip_prefix *has,
			 const char *family, struct error *err)
{
	if (!needs || has->ip.family)
		return 1;
	if (bridge->is_made)
		return 0;
	return error_set(err, EADDRNOTAVAIL, "the bridge \"%s\" has no %s address", bridge->name,
			 family);
}

int bridge_make_check(const struct bridge_request *request, const struct bridge *bridge,
		      struct error *err)
{
	int r = check_network(bridge, &request->address4, &bridge->address4, err), r6;

	if (r == 0)
		r = check_network(bridge, &request->address6, &bridge->address6, err);
	if (r < 0)
		return r;
	if (request->nat != bridge->nat)
		return error_set(err, EEXIST,
				 "the networks of the bridge \"%s\" are %s by another container",
				 bridge->name, bridge->nat ? "masqueraded" : "not masqueraded");
	r = check_missing(bridge, request->needs4, &bridge->address4, "IPv4", err);
	if (r < 0)
		return r;
	r6 = check_missing(bridge, request->needs6, &bridge->address6, "IPv6", err);
	return r6 < 0 ? r6 : r && r6;
}

struct nat_link bridge_make_nat(const struct bridge *bridge)
{
	struct nat_link link = { .name = bridge->name };

	if (bridge->nat && bridge->address4.ip.family)
		link.network4 = ip_prefix_network(&bridge->address4);
	if (bridge->nat && bridge->address6.ip.family)
		link.network6 = ip_prefix_network(&bridge->address6);
	return link;
}

static int write_record(const struct bridge *bridge, int index, struct error *err)
{
	const struct bridge_record record = {
		.index = index,
		.made = bridge->is_made,
		.nat = bridge->nat,
		.address4 = bridge->address4,
		.address6 = bridge->address6,
	};

	return bridge_record_write(bridge->directory, &record, err);
}

/* Looks at the link of that name, and what it has. */
static int look(struct making *making, struct error *err)
{
	const char *name = making->bridge->name;
	int r = link_find(making->rtnl, name, &making->link, err);

	if (r == -ENODEV)
		return 0;
	if (r == 0 && !making->link.is_bridge)
		return error_set(err, ENOTUNIQ, "the network device \"%s\" is no bridge", name);
	if (r == 0)
		r = address_list(making->rtnl, making->link.index, &making->arena,
				 &making->addresses, err);
	return r < 0 ? error_context(err, "look at the bridge \"%s\"", name) : 0;
}

static struct ip_prefix prefix_of(const struct address *address)
{
	const struct address_bytes *own = address->local.len ? &address->local : &address->address;
	struct ip_prefix prefix = { .ip.family = address->family, .length = address->prefix };

	memcpy(prefix.ip.bytes, own->data, own->len);
	return prefix;
}

/* The first address of the family on the link, or the one in the network that is asked for. */
static struct ip_prefix find_address(const struct making *making, uint8_t family,
				     const struct ip_prefix *asked)
{
	struct ip_prefix found = { .ip.family = 0 };

	for (const struct address *address = making->addresses; address; address = address->next) {
		struct ip_prefix prefix = prefix_of(address);

		if (prefix.ip.family != family)
			continue;
		if (!found.ip.family || is_same_network(asked, &prefix))
			found = prefix;
	}
	return found;
}

/* Whose the bridge is, and what its record, which may be missing, does not say. */
static void recognize(struct making *making)
{
	const struct bridge_request *request = making->request;
	struct bridge *bridge = making->bridge;
	bool is_there = making->link.index;

	/* Nobody's any more: what was known of it is of no use. */
	if (!is_there && !bridge->is_made)
		bridge->address4 = bridge->address6 = (struct ip_prefix){ .ip.family = 0 };
	bridge->is_made = !is_there || making->link.is_ours;
	bridge->nat = request->nat;
	if (is_there && (!bridge->is_made || !bridge->address4.ip.family))
		bridge->address4 = find_address(making, AF_INET, &request->address4);
	if (is_there && (!bridge->is_made || !bridge->address6.ip.family))
		bridge->address6 = find_address(making, AF_INET6, &request->address6);
}

struct taken {
	struct bridge_taken *list;
	size_t len;
};

static void add_taken(struct making *making, struct taken *taken, const struct ip_prefix *network,
		      const char *whose)
{
	taken->list = arena_grow(&making->arena, taken->list, taken->len, sizeof(*taken->list));
	taken->list[taken->len++] = (struct bridge_taken){ ip_prefix_network(network), whose };
}

/* Of bridges whose link is missing there is no route, but they have their networks. */
static int list_bridges(struct making *making, int root, struct taken *taken, struct error *err)
{
	char **names;
	int r = bridge_list(&making->arena, &names, err);

	for (; r == 0 && *names; names++) {
		auto_close int directory = -1;
		struct bridge_record record;
		const char *whose;

		if (!strcmp(*names, making->bridge->name))
			continue;
		directory = sys_openat(root, *names,
				       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
		if (directory < 0 || bridge_record_read(directory, &record, NULL) < 0)
			continue;
		whose = arena_printf(&making->arena, "the bridge \"%s\"", *names);
		add_taken(making, taken, &record.address4, whose);
		add_taken(making, taken, &record.address6, whose);
	}
	return r;
}

static int list_taken(struct making *making, int root, struct taken *taken, struct error *err)
{
	struct route *routes;
	int len = routes_list(making->rtnl, &making->arena, &routes, err);

	for (int i = 0; i < len; i++)
		if (!making->link.index || routes[i].index != making->link.index)
			add_taken(making, taken, &routes[i].to, "a route of the host");
	return len < 0 ? len : list_bridges(making, root, taken, err);
}

static int choose4(struct making *making, const struct taken *taken, struct error *err)
{
	const struct bridge_taken *other;
	struct bridge *bridge = making->bridge;
	int r;

	if (making->request->address4.ip.family) {
		bridge->address4 = making->request->address4;
		return bridge_choose_check(&bridge->address4, taken->list, taken->len, err);
	}
	r = bridge_choose_v4(taken->list, taken->len, &bridge->address4, &other, err);
	if (r == 0 && other) {
		char other_text[IP_TEXT_SIZE], own_text[IP_TEXT_SIZE];

		log_warning("10.0.0.0/24 overlaps %s of %s: the bridge \"%s\" gets %s",
			    ip_prefix_format(&other->network, other_text), other->whose,
			    bridge->name, ip_prefix_format(&bridge->address4, own_text));
	}
	return r;
}

static int choose6(struct making *making, const struct taken *taken, struct error *err)
{
	struct bridge *bridge = making->bridge;

	if (!making->request->address6.ip.family)
		return bridge_choose_v6(&bridge->address6, err);
	bridge->address6 = making->request->address6;
	return bridge_choose_check(&bridge->address6, taken->list, taken->len, err);
}

/*
 * Chooses the networks that are missing, and writes all down, under the lock that keeps others from
 * choosing the same.
 */
static int choose(struct making *making, struct error *err)
{
	const struct bridge_request *request = making->request;
	struct bridge *bridge = making->bridge;
	bool needs4 = request->needs4 && !bridge->address4.ip.family;
	bool needs6 = request->needs6 && !bridge->address6.ip.family;
	auto_close int root = bridge_root_lock(err);
	struct taken taken = { .len = 0 };
	int r = root < 0 ? root : 0;

	if (r == 0 && (needs4 || needs6))
		r = list_taken(making, root, &taken, err);
	if (r == 0 && needs4)
		r = choose4(making, &taken, err);
	if (r == 0 && needs6)
		r = choose6(making, &taken, err);
	return r < 0 ? r : write_record(bridge, 0, err);
}

static bool has_address(const struct making *making, const struct ip_prefix *wanted)
{
	for (const struct address *address = making->addresses; address; address = address->next) {
		struct ip_prefix prefix = prefix_of(address);

		if (is_same_network(&prefix, wanted) && ip_is_equal(&prefix.ip, &wanted->ip))
			return true;
	}
	return false;
}

static void add_missing(const struct making *making, const struct ip_prefix *wanted,
			struct ip_prefix *missing, size_t *len)
{
	if (wanted->ip.family && !has_address(making, wanted))
		missing[(*len)++] = *wanted;
}

/* What a link of ours lacks: one of somebody else stays as it is. */
static int dress(struct making *making, struct error *err)
{
	const struct bridge *bridge = making->bridge;
	struct ip_prefix missing[2];
	struct setup setup = { .name = bridge->name, .addresses = missing };

	if (!bridge->is_made)
		return 0;
	add_missing(making, &bridge->address4, missing, &setup.addresses_len);
	add_missing(making, &bridge->address6, missing, &setup.addresses_len);
	return setup_link(making->rtnl, &setup, err);
}

/* The table is there before anything is forwarded: it keeps the host's loopback closed. */
static int make_link(struct making *making, struct error *err)
{
	struct bridge *bridge = making->bridge;
	const struct nat_link nat = bridge_make_nat(bridge);
	int r = nat_add_link(&nat, err);

	if (r < 0)
		return r;
	bridge->index = making->link.index;
	if (!bridge->index)
		r = bridge->index = link_make_bridge(making->rtnl, bridge->name,
						     making->request->mtu, err);
	if (r >= 0)
		r = forwarding_enable(making->rtnl, bridge->name, bridge->address6.ip.family, err);
	if (r == 0)
		r = dress(making, err);
	return r < 0 ? r : write_record(bridge, bridge->index, err);
}

int bridge_make(struct rtnl *rtnl, const struct bridge_request *request, struct bridge *bridge,
		struct error *err)
{
	struct making making = { .rtnl = rtnl, .request = request, .bridge = bridge };
	int r = look(&making, err);

	if (r == 0) {
		recognize(&making);
		r = bridge_make_check(request, bridge, err);
	}
	if (r >= 0)
		r = choose(&making, err);
	if (r == 0)
		r = make_link(&making, err);
	arena_free(&making.arena);
	return r;
}
