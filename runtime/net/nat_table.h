/* nat_table.h - what the table "inet gocker" is made of */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"
#include "runtime/net/nft.h"

extern const char nat_table_name[]; /* "gocker" */

/* The sets and maps; those with 4 and 6 behind each other are of IPv4 and IPv6. */
enum nat_set_id {
	NAT_LINKS,    /* names of links: ours */
	NAT_HAIRPINS, /* twice the name of a link of ours: out to where it came in */
	NAT_CLOSED4,  /* names of links that do not forward to each other */
	NAT_CLOSED6,
	NAT_NETWORKS4, /* masqueraded */
	NAT_NETWORKS6,
	NAT_PORTS4, /* address, protocol, port: address, port */
	NAT_PORTS6,
	NAT_ANY4, /* protocol, port: address, port */
	NAT_ANY6,
	NAT_LOOPBACK6, /* protocol, port that ::1 has: the host's address for the container */
	NAT_SETS,
};

enum { NAT_NAME_SIZE = 16, NAT_KEY_SIZE = 32, NAT_DATA_SIZE = 20 };

struct nat_set {
	const char *name;
	uint32_t key_type, data_type; /* nft(8)'s numbers of types, for its listings */
	uint8_t key_len, data_len;    /* data_len 0: no map */
	bool has_ranges;
};

extern const struct nat_set nat_sets[NAT_SETS];

/* Return: whether there is the table; -errno. */
int nat_table_find(struct nft *nft, struct error *err);

/* Adds all that the table consists of. What is in its sets stays where it is there already. */
void nat_table_add(struct nft_messages *messages);
