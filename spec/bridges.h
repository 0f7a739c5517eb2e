/* bridges.h - what `network ls` tells of the bridges that containers are on, also as JSON */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* An address of a container; one with several is there several times. */
struct spec_bridge_container {
	char *id, *root; /* its name, and the directory of its state's directory */
	char *address;
	char **ports; /* "8080:80/tcp", NULL-terminated, never NULL */
};

struct spec_bridge {
	char *name;
	bool made;        /* by gocker, and removed by it */
	bool nat;
	char **addresses; /* "10.0.0.1/24": of the host, NULL-terminated, never NULL */
	struct spec_bridge_container *containers;
	size_t containers_len;
};

/* Adds them as an array, with a newline behind it. */
void spec_bridges_write(const struct spec_bridge *bridges, size_t len, struct buf *out);
