/* nat_element.h - elements of the sets and maps of the table "inet gocker" */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/ip.h"
#include "runtime/net/nat_table.h"
#include "runtime/net/nft.h"

/* As the kernel has it: numbers in network byte order, each part filled up to 4 bytes with 0. */
struct nat_element {
	uint8_t set;    /* enum nat_set_id */
	bool is_behind; /* the first that is no longer in a range */
	uint8_t key[NAT_KEY_SIZE], data[NAT_DATA_SIZE];
};

/* Room for the elements that nat_element_network makes. */
enum { NAT_NETWORK_ELEMENTS = 2 };

struct nat_element nat_element_link(enum nat_set_id set, const char *name);

/* The network's range. Return: how many elements that takes; none for family 0. */
size_t nat_element_network(const struct ip_prefix *network,
			   struct nat_element elements[NAT_NETWORK_ELEMENTS]);

/*
 * Adds elements, with the table where it is missing, in one transaction. flags: NLM_F_EXCL: it is
 * an error (EEXIST) where one of them is there. Return: 0 or -errno, as nft_commit.
 */
int nat_elements_add(struct nft *nft, const struct nat_element *elements, size_t len,
		     uint16_t flags, struct error *err);

/* Removes elements, all or none. Return: 0; -ENOENT where one is not there; -errno. */
int nat_elements_remove(struct nft *nft, const struct nat_element *elements, size_t len,
			struct error *err);

/*
 * Looks for the elements, none of them of a range. found is true for those that are there, whose
 * data is then as it is there. Return: how many are there, none where there is no table; -errno.
 */
int nat_elements_find(struct nft *nft, struct nat_element *elements, size_t len, bool *found,
		      struct error *err);

/* All elements of a set, in the arena. Return: how many, none where there is no table; -errno. */
int nat_elements_list(struct nft *nft, enum nat_set_id set, struct arena *arena,
		      struct nat_element **elements, struct error *err);
