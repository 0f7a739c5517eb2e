/* network.c - our annotations that describe the container's network */
#include "spec/network.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/number.h"
#include "spec/network_check.h"
#include "spec/network_text.h"
#include "spec/network_values.h"

const char spec_network_prefix[] = "org.gocker.net.";

/* The values that are there, by number and by row of network_keys. */
struct found {
	const char *values[SPEC_NETWORK_INTERFACES_MAX][NETWORK_KEYS];
	bool has[SPEC_NETWORK_INTERFACES_MAX];
	size_t count;
};

static const struct network_key *find_key(const char *name)
{
	for (size_t i = 0; i < NETWORK_KEYS; i++)
		if (!strcmp(network_keys[i].name, name))
			return &network_keys[i];
	return NULL;
}

/* "NUMBER.KEY": what stands behind the prefix. */
static int find_place(const char *text, uint64_t *number, const struct network_key **key,
		      struct error *err)
{
	const char *dot = strchr(text, '.');
	size_t len = dot ? (size_t)(dot - text) : 0;
	char digits[8] = "";

	if (len < sizeof(digits))
		memcpy(digits, text, len);
	if (!dot || number_parse_between(digits, 0, SPEC_NETWORK_INTERFACES_MAX - 1, number) < 0)
		return error_set(err, EINVAL, "wants an interface's number, 0 to %d, and a key "
				 "behind \"%s\"", SPEC_NETWORK_INTERFACES_MAX - 1,
				 spec_network_prefix);
	*key = find_key(dot + 1);
	if (!*key)
		return error_set(err, EINVAL, "there is no such key: see gocker-config(5)");
	return 0;
}

static int find_values(const struct spec_config *config, struct found *found, struct error *err)
{
	size_t len = strlen(spec_network_prefix);

	for (size_t i = 0; i < config->annotations_len; i++) {
		const struct spec_pair *pair = &config->annotations[i];
		const struct network_key *key;
		uint64_t number;

		if (strncmp(pair->key, spec_network_prefix, len) != 0)
			continue;
		if (find_place(pair->key + len, &number, &key, err) < 0)
			return error_context(err, "config.json: /annotations/%.100s", pair->key);
		found->values[number][key - network_keys] = pair->value;
		found->count += !found->has[number];
		found->has[number] = true;
	}
	return 0;
}

static int read_value(const struct network_key *key, const char *value, struct arena *arena,
		      struct spec_interface *interface, struct error *err)
{
	/* The type is read first, where it is not known yet. */
	unsigned int type = key == network_keys ? key->required : 1u << interface->type;
	const char *name = table_name_of(spec_interface_types, interface->type);

	if (!value && !(key->required & type))
		return 0;
	if (!value)
		return key == network_keys ? error_set(err, EINVAL, "is required") :
			error_set(err, EINVAL, "is required for type %s", name);
	if (!(key->types & type))
		return error_set(err, EINVAL, "is not for type %s", name);
	return key->read(value, arena, interface, err);
}

/* What is there where the annotations do not say it. */
static void set_defaults(struct spec_interface *interface)
{
	bool has_addresses = interface->addresses_len || interface->has_auto6;

	interface->nat &= interface->type == SPEC_INTERFACE_BRIDGE ||
			  interface->type == SPEC_INTERFACE_VETH;
	if (interface->type == SPEC_INTERFACE_NONE)
		return;
	if (!interface->name)
		interface->name = "eth0";
	if (interface->type != SPEC_INTERFACE_BRIDGE)
		return;
	if (!interface->bridge)
		interface->bridge = "gocker0";
	if (!has_addresses)
		interface->has_auto4 = true;
}

static int read_interface(const char *const *values, struct arena *arena,
			  struct spec_interface *interface, struct error *err)
{
	interface->nat = true;
	for (size_t i = 0; i < NETWORK_KEYS; i++)
		if (read_value(&network_keys[i], values[i], arena, interface, err) < 0)
			return network_text_place(interface->number, network_keys[i].name, err);
	set_defaults(interface);
	return 0;
}

/* The host's end of a pair has the first of the addresses where the gateway is not said. */
static void set_gateways(struct spec_interface *interface)
{
	for (size_t i = 0; i < interface->addresses_len; i++) {
		const struct ip_prefix *address = &interface->addresses[i];
		struct ip *gateway = address->ip.family == AF_INET ? &interface->gateway4 :
								     &interface->gateway6;

		if (interface->type == SPEC_INTERFACE_VETH && !gateway->family)
			*gateway = ip_prefix_host(address, 0);
	}
}

int spec_network_read(const struct spec_config *config, struct arena *arena,
		      struct spec_network *network, struct error *err)
{
	struct spec_network read = { 0 };
	struct found found = { 0 };
	int r = find_values(config, &found, err);

	if (r < 0)
		return r;
	read.interfaces = arena_array(arena, found.count, sizeof(*read.interfaces));
	for (unsigned int i = 0; i < SPEC_NETWORK_INTERFACES_MAX && r == 0; i++) {
		if (!found.has[i])
			continue;
		read.interfaces[read.len].number = i;
		r = read_interface(found.values[i], arena, &read.interfaces[read.len++], err);
	}
	if (r == 0)
		r = network_check(&read, err);
	if (r < 0)
		return r;
	for (size_t i = 0; i < read.len; i++)
		set_gateways(&read.interfaces[i]);
	*network = read;
	return 0;
}

const char *spec_interface_place(const struct spec_interface *interface, const char *key,
				 struct arena *arena)
{
	return arena_printf(arena, "config.json: /annotations/%s%u.%s", spec_network_prefix,
			    interface->number, key);
}
