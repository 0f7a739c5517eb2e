/* network.h - the network that the annotations ask for: addresses leased, links made, ports open */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/container/container.h"
#include "runtime/net/devices.h"
#include "spec/network.h"

/* The host's end of an interface. */
struct network_end {
	int index;                    /* of its bridge; 0: it is on none */
	struct ip gateway4, gateway6; /* the bridge's own addresses; family 0: none */
};

/* What a create needs until its container is on the network. Start with { 0 }. */
struct network {
	struct spec_network spec; /* its len is 0 where there is nothing to do */
	struct network_end *ends; /* per interface */
	const char *hosts;        /* the path of the hosts(5) of its first bridge; NULL: none */
	const char *resolver;     /* the path of its resolv.conf(5); NULL: none */
};

/*
 * Reads the annotations. makes_namespace: the network namespace will be a new one; only then there
 * is something to do.
 * Return: 0; -EINVAL with the place of what is wrong; -EPERM where the caller is not root.
 */
int network_plan(struct container *container, bool makes_namespace, struct network *network,
		 struct error *err);

/*
 * Leases the addresses, makes bridges that are missing, writes the hosts(5) and resolv.conf(5).
 * What is taken is in state.json before. On failure, network_release.
 * Return: 0; -EADDRINUSE with the holder of an address or a port; -errno of bridge_open().
 */
int network_reserve(struct network *network, struct container *container, struct error *err);

/* Adds the devices of the host that the container gets, those of netDevices before them. */
void network_list_devices(const struct network *network, struct container *container,
			  struct spec_net_device **devices, size_t *len);

/*
 * Makes the links in the network namespace netns, which stays the caller's; publishes the ports.
 * On failure, network_release. Return: 0; -EADDRINUSE with the holder of a port; -errno.
 */
int network_connect(const struct network *network, struct container *container, int netns,
		    struct error *err);

/*
 * Takes back all that state.json names, be it there or not; what is another container's by now
 * stays. A bridge that nobody needs goes, too.
 * Return: 0 or -errno of netlink(7), the first one, after all has been tried.
 */
int network_release(struct container *container, struct error *err);

/*
 * After the end of a container whose state.json tells nothing: takes back what belongs to no
 * container. Return: 0 or -errno of netlink(7).
 */
int network_release_unknown(struct container *container, struct error *err);
