/* network_state.h - the container's network as state.json has it */
#pragma once
#include <stddef.h>

#include "runtime/container/network.h"
#include "runtime/net/leases.h"
#include "runtime/net/nat.h"

/* The addresses of an interface, with the lengths of their networks, in the container's arena. */
struct ip_prefix *network_addresses(struct container *container,
				    const struct spec_state_interface *noted, size_t *len);

/* The first of each family: where published ports lead. */
struct nat_target network_target(const struct ip_prefix *addresses, size_t len);

/* The container's lease of an address. Return: 0 or -errno of readlink(2). */
int network_lease(struct container *container, const struct ip *ip, struct lease *lease,
		  struct error *err);
