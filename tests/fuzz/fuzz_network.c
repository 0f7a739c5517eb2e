/* fuzz_network.c - annotations on the network: lines of "N.key=value" */
#include "spec/network.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

enum { ANNOTATIONS_MAX = 64 };

/* What spec_network_read says of each. */
static void check_interface(const struct spec_interface *interface)
{
	bool is_pair = interface->type == SPEC_INTERFACE_BRIDGE ||
		       interface->type == SPEC_INTERFACE_VETH;
	bool has4 = spec_interface_has_family(interface, AF_INET);
	bool has6 = spec_interface_has_family(interface, AF_INET6);
	struct error err;

	fuzz_check(!interface->name == (interface->type == SPEC_INTERFACE_NONE));
	fuzz_check(!interface->name || spec_link_name_check(interface->name, &err) == 0);
	fuzz_check(!interface->bridge == (interface->type != SPEC_INTERFACE_BRIDGE));
	fuzz_check(is_pair || (!interface->nat && !interface->ports_len));
	fuzz_check(!is_pair || has4 || has6);
	fuzz_check(has4 || !interface->gateway4.family);
	fuzz_check(has6 || !interface->gateway6.family);
	for (size_t i = 0; i < interface->addresses_len; i++)
		fuzz_check(ip_prefix_is_host(&interface->addresses[i]));
	for (size_t i = 0; i < interface->ports_len; i++) {
		const struct spec_port *port = &interface->ports[i];

		fuzz_check(port->count && port->host && port->container);
		fuzz_check(port->host + port->count - 1 <= UINT16_MAX);
		fuzz_check(port->container + port->count - 1 <= UINT16_MAX);
	}
	for (size_t i = 0; i < interface->routes_len; i++)
		fuzz_check(ip_prefix_is_network(&interface->routes[i].to));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	struct spec_pair pairs[ANNOTATIONS_MAX];
	struct spec_config config = { .annotations = pairs };
	char *text = fuzz_text(&arena, data, size), *line;
	struct spec_network network;
	struct error err = { 0 };
	int r;

	while (config.annotations_len < ANNOTATIONS_MAX && (line = fuzz_line(&text))) {
		struct spec_pair *pair = &pairs[config.annotations_len++];
		char *equal = strchr(line, '=');

		if (equal)
			*equal = '\0';
		pair->key = arena_printf(&arena, "%s%s", spec_network_prefix, line);
		pair->value = equal ? equal + 1 : line + strlen(line);
	}
	r = spec_network_read(&config, &arena, &network, &err);
	if (r < 0)
		fuzz_check_error(r, &err);
	for (size_t i = 0; r == 0 && i < network.len; i++)
		check_interface(&network.interfaces[i]);
	return 0;
}
