/* rtnl.h - requests to the kernel's network configuration, rtnetlink(7) */
#pragma once
#include <libmnl/libmnl.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"

/* A conversation with the network namespace in which it was opened, wherever its owner is now. */
struct rtnl {
	struct mnl_socket *socket; /* NULL: none */
	uint32_t sequence;
};

enum { RTNL_REQUEST_SIZE = 512 };

/* Where a request is put together; no request of ours has as much as RTNL_REQUEST_SIZE bytes. */
union rtnl_request {
	struct nlmsghdr header;
	char data[RTNL_REQUEST_SIZE];
};

/* Return: 0 or -errno of socket(2). The conversation is the caller's: rtnl_close. */
int rtnl_open(struct rtnl *rtnl, struct error *err);

/*
 * As rtnl_open, in the network namespace netns; own is that of this process, which has one thread
 * and comes back to it. Return: 0; -errno of setns(2), socket(2).
 */
int rtnl_open_in(struct rtnl *rtnl, int netns, int own, struct error *err);

/* Lets the kernel say more than an errno where it refuses a request; two system calls. */
void rtnl_want_words(struct rtnl *rtnl);

/*
 * Begins a request: type RTM_*, flags NLM_F_* beside NLM_F_REQUEST and NLM_F_ACK. Its own header
 * (struct ifinfomsg ...) of size bytes is zeroed. Return: that header.
 */
void *rtnl_begin(union rtnl_request *request, uint16_t type, uint16_t flags, size_t size);

/*
 * Sends a request and waits for its acknowledgement.
 * Return: 0; -errno of the kernel, with its own explanation where it gives one.
 */
int rtnl_talk(struct rtnl *rtnl, union rtnl_request *request, struct error *err);

/* Requests that are sent together, in their order. Start with { 0 }. */
struct rtnl_batch {
	struct buf requests, names;
	int tolerated; /* an errno that is no failure of any of them; 0: none */
};

/* Adds a copy of the request; the name is what it does, for a message about its failure. */
void rtnl_batch_add(struct rtnl_batch *batch, const union rtnl_request *request, const char *fmt,
		    ...) __attribute__((format(printf, 3, 4)));

/*
 * Sends them, up to 64 with one sendmsg(2), and waits until the last has been answered. Behind one
 * that fails the others of that message are still carried out.
 * Return: 0; -errno of the first that failed, with its name.
 */
int rtnl_batch_talk(struct rtnl *rtnl, struct rtnl_batch *batch, struct error *err);

void rtnl_batch_free(struct rtnl_batch *batch);

#define auto_rtnl_batch __attribute__((cleanup(rtnl_batch_free)))

/*
 * Sends a request and calls read for each object that comes back; data is passed on. read returns
 * MNL_CB_OK or, with errno set, MNL_CB_ERROR.
 * Return: 0; -EINTR where a dump has changed meanwhile and is to be asked for again; -errno.
 */
int rtnl_ask(struct rtnl *rtnl, union rtnl_request *request, mnl_cb_t read, void *data,
	     struct error *err);

/* Safe on { NULL } and twice. */
void rtnl_close(struct rtnl *rtnl);

#define auto_rtnl __attribute__((cleanup(rtnl_close)))
