/* netlink.h - what all conversations with the kernel over netlink(7) have in common */
#pragma once
#include <libmnl/libmnl.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

/*
 * Loads libmnl, before the command makes anything (library.h); never in a process that is in the
 * container, whose root has libraries of its own. Return: 0 (also where it is loaded); -ELIBACC
 * where it cannot be.
 */
int netlink_load(struct error *err);

/*
 * Opens a socket to the kernel, and to nobody else, of protocol NETLINK_*; flags: SOCK_NONBLOCK or
 * 0. It is close-on-exec and the caller's. Return: 0; -ELIBACC; -errno of socket(2),
 * connect(2).
 */
int netlink_open(int protocol, int flags, struct mnl_socket **sock, struct error *err);

/* Lets the kernel say more than an errno where it refuses a request; two system calls. */
void netlink_want_words(struct mnl_socket *sock);

/* Whether the messages in the buffer are whole. libmnl alone is led astray by lengths above
 * INT_MAX. */
bool netlink_is_sound(const void *buffer, size_t len);

/* What the kernel says about its refusal; "" where it says nothing. */
struct netlink_words {
	char text[128];
};

/*
 * Reads a message of type NLMSG_ERROR. Return: 0: it acknowledges a request; the -errno with which
 * the request was refused, and why; -EBADMSG where it is no such message.
 */
int netlink_read_error(const struct nlmsghdr *header, struct netlink_words *words);

/* Writes num and, in brackets, the words. Return: -num, 0 for 0. */
int netlink_tell(int num, const struct netlink_words *words, struct error *err);
