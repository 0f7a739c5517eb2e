/* conntrack.h - what the kernel remembers of flows of UDP, and how it forgets one */
#pragma once
#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"
#include "base/ip.h"

/* One direction's packets; ports in host byte order. */
struct conntrack_way {
	struct ip source, target;
	uint16_t source_port, target_port;
};

/* back: of the packets that answer, as they come: from where those of the flow were led to. */
struct conntrack_flow {
	struct conntrack_way there, back;
	bool is_led;         /* its target is another than it was sent to */
	bool is_masqueraded; /* its source is */
};

/*
 * Makes the kernel forget each flow of UDP of the family that is_stale says so of; the next packet
 * begins a new one, with the rules of then. Without a flow of anybody in this network namespace it
 * takes some microseconds, else as long as the kernel goes through its whole table: 5 to 10 ms.
 * sock: of NETLINK_NETFILTER.
 * Return: 0, also where the kernel keeps no such table; -errno of netlink(7).
 */
int conntrack_forget_udp(struct mnl_socket *sock, uint8_t family,
			 bool (*is_stale)(const struct conntrack_flow *flow, const void *data),
			 const void *data, struct error *err);
