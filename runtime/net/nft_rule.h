/* nft_rule.h - rules of nftables as rows of a table */
#pragma once
#include <linux/netfilter.h>
#include <linux/netfilter/nf_tables.h>
#include <stdbool.h>
#include <stdint.h>

#include "runtime/net/nft.h"

enum nft_step_kind {
	NFT_STEP_END, /* of a rule */
	NFT_STEP_META,
	NFT_STEP_PAYLOAD,
	NFT_STEP_WRITE, /* into a header, with the checksum behind it */
	NFT_STEP_CT,
	NFT_STEP_FIB,
	NFT_STEP_COMPARE,
	NFT_STEP_MASK, /* leaves those bits */
	NFT_STEP_LOOKUP,
	NFT_STEP_NAT,
	NFT_STEP_MASQUERADE,
	NFT_STEP_COUNTER,
	NFT_STEP_VERDICT,
};

/* An expression. Registers have 4 bytes and are counted from 0 on, NFT_REG32_00. */
struct nft_step {
	uint8_t kind;
	uint8_t reg; /* is filled (META, PAYLOAD, CT, FIB) or read; of NAT that of the address */
	uint8_t to;  /* LOOKUP in a map: the one for what is found; NAT: the one of the port */
	bool is_map;
	int what;         /* META, CT, FIB: which; PAYLOAD, WRITE: which header; NAT: NFPROTO_* */
			  /* VERDICT */
	uint32_t flags;   /* FIB: NFTA_FIB_F_*; LOOKUP: NFT_LOOKUP_F_INV; COMPARE: NFT_CMP_* */
	const char *name; /* LOOKUP: of the set; VERDICT: of the chain */
	uint8_t offset;   /* PAYLOAD, WRITE */
	uint8_t len;      /* PAYLOAD, WRITE, COMPARE */
	union {
		uint8_t bytes[16];
		uint32_t number; /* in the host's order, as META, CT, FIB have it */
	} data;                  /* COMPARE, MASK */
};

enum { NFT_STEPS_MAX = 16 };

/* Rules that are given out are on the stack or static; their names are not copied. */
struct nft_rule {
	const char *chain;
	struct nft_step steps[NFT_STEPS_MAX]; /* ends with NFT_STEP_END, or with the array */
};

/*
 * Adds the rule to a chain: as its last, or with a comment as its first. The comment is what nft(8)
 * and iptables-nft(8) show as one.
 */
void nft_rule_add(struct nft_messages *messages, uint8_t family, const char *table,
		  const struct nft_rule *rule, const char *comment);
