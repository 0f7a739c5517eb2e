/* devices.h - network devices of the host that become the container's */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/net/address.h"
#include "runtime/net/link.h"
#include "runtime/net/rtnl.h"
#include "spec/config.h"

/* One that has been moved, and what it needs to come back as it was. */
struct devices_moved {
	const struct spec_net_device *spec;
	struct link_state before;
	struct address *addresses;
	char name[IF_NAMESIZE]; /* in the container */
};

/* The devices of a container, from their move until it is clear that they stay there. */
struct devices {
	int own_netns, netns;
	struct rtnl outside, inside;
	struct devices_moved *moved;
	size_t moved_len;
	struct arena arena;
};

#define DEVICES_NONE { .own_netns = -1, .netns = -1 }

/*
 * Moves the devices into another network namespace, netns, an open nsfs file that *devices takes
 * over: each gets its new name ("%d" in it becomes the first number that is free), keeps the
 * permanent addresses of global scope and is brought up (specification, "Network Devices").
 * Only the privileges over both namespaces are needed (CAP_NET_ADMIN, CAP_SYS_ADMIN).
 * Return: 0; -ENODEV, -EEXIST or another -errno of netlink(7) with the device's JSON place. All are
 * back where they were on failure.
 */
int devices_move(struct devices *devices, const struct spec_net_device *specs, size_t len,
		 int netns, struct error *err);

/*
 * Takes them back, with their names, addresses, state and bridge; what cannot be had back is a
 * warning in the log. The container's network namespace may have no process any more.
 */
void devices_return(struct devices *devices);

/* The devices stay where they are. Safe on DEVICES_NONE and twice. */
void devices_close(struct devices *devices);
