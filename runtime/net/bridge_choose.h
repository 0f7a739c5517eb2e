/* bridge_choose.h - the networks of a new bridge */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "base/ip.h"

/* Networks that others have; whose is for a message. */
struct bridge_taken {
	struct ip_prefix network;
	const char *whose;
};

/*
 * Whether a network that was asked for is free. Return: 0; -EADDRINUSE with whose it is.
 */
int bridge_choose_check(const struct ip_prefix *address, const struct bridge_taken *taken,
			size_t len, struct error *err);

/*
 * The first host of the first private /24 that is free, from 10.0.0.0 on; the whole of 10.0.0.0/8,
 * then 172.16.0.0/12 and 192.168.0.0/16 are looked at. *overlapped is what 10.0.0.0/24 could not be
 * had for, NULL: it could. Return: 0; -ENOSPC.
 */
int bridge_choose_v4(const struct bridge_taken *taken, size_t len, struct ip_prefix *address,
		     const struct bridge_taken **overlapped, struct error *err);

/* The first host of a network that nobody else has, RFC 4193. Return: 0; -errno of getrandom(2). */
int bridge_choose_v6(struct ip_prefix *address, struct error *err);
