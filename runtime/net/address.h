/* address.h - the addresses of a network link */
#pragma once
#include <netinet/in.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/net/rtnl.h"

/* What an attribute of an address message holds; len is 0 where it is absent. */
struct address_bytes {
	uint8_t len;
	uint8_t data[sizeof(struct in6_addr)];
};

struct address {
	struct address *next;
	uint8_t family; /* AF_INET, AF_INET6 */
	uint8_t prefix; /* length, in bits */
	uint32_t flags; /* IFA_F_*, those that belong to the address and not to its present state */
	uint32_t metric;
	struct address_bytes local, address, broadcast; /* IFA_LOCAL ..., rtnetlink(7) */
};

/*
 * Reads the addresses of a link that somebody has given it for good and for all: permanent, of
 * global scope. The list is in the arena, in the kernel's order; NULL: none.
 * Return: 0 or -errno of netlink(7).
 */
int address_list(struct rtnl *rtnl, int index, struct arena *arena, struct address **list,
		 struct error *err);

/* Gives a link all of them. Return: 0; -errno of netlink(7), with the address in the message. */
int address_add_all(struct rtnl *rtnl, int index, const struct address *list, struct error *err);
