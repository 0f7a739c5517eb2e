/* nft.h - transactions with nftables and questions to it, over netlink */
#pragma once
#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* A conversation about the rules of the network namespace in which it was opened. */
struct nft {
	struct mnl_socket *socket; /* NULL: none */
	uint32_t sequence;
	bool has_removed; /* something, so that closing takes its time */
};

/* Return: 0; -EOPNOTSUPP where the kernel has no nftables; -errno of socket(2). */
int nft_open(struct nft *nft, struct error *err);

/*
 * Ends it. close(2) of any such socket waits for all that was removed to be freed, which takes the
 * kernel some 10 ms: so the first one that removed something, and five after it, are closed with
 * the program, which leaves the waiting to the kernel (late_close.h).
 * Safe on { NULL } and twice.
 */
void nft_close(struct nft *nft);

#define auto_nft __attribute__((cleanup(nft_close)))

/* Messages that are sent together. Start with { 0 }. */
struct nft_messages {
	struct buf data;
	struct buf names; /* of what each is about, ended by NUL */
	size_t begun;     /* where the last one is in data */
	uint32_t count;
};

/* How large a message can get: an attribute has not more. */
enum { NFT_MESSAGE_SIZE = 65536 };

/*
 * Begins a message: type NFT_MSG_*, family NFPROTO_*, flags NLM_F_* beside NLM_F_REQUEST. The name
 * of what it is about stands before the kernel's refusal of it. Attributes are added up to
 * NFT_MESSAGE_SIZE, then nft_end. Return: its header, which lives until the next one is begun.
 */
struct nlmsghdr *nft_begin(struct nft_messages *messages, uint16_t type, uint8_t family,
			   uint16_t flags, const char *name);
void nft_end(struct nft_messages *messages);

void nft_messages_free(struct nft_messages *messages);

#define auto_nft_messages __attribute__((cleanup(nft_messages_free)))

/*
 * Carries all of them out, or none: one batch with one sendmsg(2), however large.
 * Return: 0; -EOPNOTSUPP where the kernel has no nftables; -errno of the first that was refused,
 * with its name.
 */
int nft_commit(struct nft *nft, struct nft_messages *messages, struct error *err);

/* What is called for each object; number: of the question, from 0 on. Return: 0 or -errno. */
struct nft_reader {
	int (*read)(const struct nlmsghdr *header, uint32_t number, void *data);
	void *data;
};

/*
 * Asks for single objects, all messages at once: there are at most NFT_QUESTIONS_MAX of them. What
 * is not there (ENOENT) is not read. Return: 0 or -errno.
 */
enum { NFT_QUESTIONS_MAX = 64 };
int nft_ask(struct nft *nft, struct nft_messages *messages, const struct nft_reader *reader,
	    struct error *err);

/*
 * Asks for a list; messages has one, with the flag NLM_F_DUMP. Return: 0; -ENOENT; -EINTR where the
 * list changed meanwhile and is to be asked for again; -errno.
 */
int nft_list(struct nft *nft, struct nft_messages *messages, const struct nft_reader *reader,
	     struct error *err);
