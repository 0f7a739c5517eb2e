/* networking.h - the options that say on which network the container is */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "bundles/request.h"
#include "spec/config.h"

/* What becomes of config.json. */
struct networking {
	bool has_namespace;            /* of the network, else the host's */
	struct spec_pair *annotations; /* gocker-config(5), "Network" */
	size_t annotations_len;
};

/*
 * Reads --network and what belongs to it. Without them, root's containers are on a bridge, those of
 * other users on the host's network.
 * Return: 0; -EINVAL with the option named.
 */
int networking_read(const struct request *request, bool rootless, struct arena *arena,
		    struct networking *networking, struct error *err);

/* Puts it into a config that has the defaults. */
void networking_apply(const struct networking *networking, struct arena *arena,
		      struct spec_config *config);
