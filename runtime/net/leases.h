/* leases.h - which container has which address of a bridge: /run/gocker/.net/<bridge>/ */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/ip.h"

/* Who has an address: a container, by its root directory (an absolute path) and its id. */
struct lease {
	struct ip ip;
	char *root, *id;
};

/*
 * A lease is a symlink with the address for its name, which leads to its container's state
 * directory. It counts for as long as that is there. The lock on the directory of leases,
 * bridge_open, is the caller's.
 */

/*
 * Chooses an address of the network that nobody has, in constant time, the one behind the last
 * choice first; it is not taken by that. gateway is never chosen, nor is network's own address.
 * Return: 0; -ENOSPC where all are taken; -errno of open(2).
 */
int leases_choose(int directory, const struct ip_prefix *network, const struct ip *gateway,
		  struct ip *ip, struct error *err);

/*
 * Takes an address for a container; once more is no error.
 * Return: 0; -EADDRINUSE with its holder; -errno of symlink(2).
 */
int leases_take(int directory, const struct lease *lease, struct error *err);

/* Gives it back, if it is that container's. Return: 0 (also where there is none) or -errno. */
int leases_give(int directory, const struct lease *lease, struct error *err);

/* Whose the address is now. Return: 0; -ENOENT: nobody's; -errno. */
int leases_find(int directory, const struct ip *ip, struct arena *arena, struct lease *lease,
		struct error *err);

/* All that count, ordered by address, in the arena. Return: how many or -errno. */
int leases_list(int directory, struct arena *arena, struct lease **leases, struct error *err);

/* Return: 1: one counts; 0: none; -errno. */
int leases_has_any(int directory, struct error *err);

/* Removes those of containers that are gone. Return: how many or -errno. */
int leases_prune(int directory, struct error *err);
