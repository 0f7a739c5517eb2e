/* network_state.c - the container's network as state.json has it */
#include "runtime/container/network_state.h"

#include "base/strv.h"
#include "runtime/container/store.h"

struct ip_prefix *network_addresses(struct container *container,
				    const struct spec_state_interface *noted, size_t *len)
{
	size_t n = strv_len(noted->addresses);
	struct ip_prefix *all = arena_array(&container->arena, n, sizeof(*all));

	*len = 0;
	for (size_t i = 0; i < n; i++)
		if (ip_prefix_parse(noted->addresses[i], &all[*len], NULL) == 0)
			++*len;
	return all;
}

struct nat_target network_target(const struct ip_prefix *addresses, size_t len)
{
	struct nat_target target = { .ip4.family = 0 };

	for (size_t i = len; i-- > 0;)
		*(addresses[i].ip.family == AF_INET ? &target.ip4 : &target.ip6) = addresses[i].ip;
	return target;
}

int network_lease(struct container *container, const struct ip *ip, struct lease *lease,
		  struct error *err)
{
	*lease = (struct lease){ .ip = *ip, .id = container->state.id };
	return store_path(container->store, &container->arena, &lease->root, err);
}
