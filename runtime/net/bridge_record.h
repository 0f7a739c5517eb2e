/* bridge_record.h - what is known of a bridge: bridge.json in its directory */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/ip.h"

struct bridge_record {
	int32_t index; /* of the link; 0: not all of it has been made yet */
	bool made;     /* by us */
	bool nat;
	struct ip_prefix address4, address6; /* of the host on it; family 0: none */
};

/* Return: 0; -ENOENT: there is none; -EINVAL where it is broken; -errno of open(2), read(2). */
int bridge_record_read(int directory, struct bridge_record *record, struct error *err);

/* Replaces it. Return: 0 or -errno of open(2), write(2). */
int bridge_record_write(int directory, const struct bridge_record *record, struct error *err);
