/* network_values.h - the keys of an interface, and a reader for the value of each */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "spec/network.h"

struct network_key {
	const char *name;
	unsigned int types, required; /* bits 1 << enum spec_interface_type: may, must have it */

	/*
	 * Reads the value into the members of that name, whose former content goes.
	 * Return: 0; -EINVAL with what is wrong, without the place.
	 */
	int (*read)(const char *text, struct arena *arena, struct spec_interface *interface,
		    struct error *err);
};

enum { NETWORK_KEYS = 12 };

/* In the order in which they are read: the type is the first. */
extern const struct network_key network_keys[NETWORK_KEYS];
