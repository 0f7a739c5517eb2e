/* sync.h - the conversation between the runtime and the container's process */
#pragma once
#include <stdint.h>

#include "base/error.h"
#include "base/log.h"

/*
 * One packet of a SOCK_SEQPACKET socket each. The container's process speaks first, but for MOVED,
 * MAPPED and DEVICES; the end of file where a packet is awaited means that the other side is gone.
 */
enum sync_type {
	SYNC_MOVED = 1,  /* runtime: it is in its cgroup now, in which it was not born */
	SYNC_MAPPED,     /* runtime: the id maps of the user namespace are written */
	SYNC_NETWORK,    /* runtime: the network is as it shall be */
	SYNC_PLACED,     /* process: is in its namespaces; or its child is, by its pidfd */
	SYNC_LOG,        /* process: a message for the log; number is its level */
	SYNC_TERMINAL,   /* process: the master of its terminal, as descriptor */
	SYNC_LISTENER,   /* process: the descriptor for the seccomp agent; awaits EXECUTE again */
	SYNC_HOOKS,      /* process: asks for the prestart and createRuntime hooks */
	SYNC_HOOKS_DONE, /* runtime: they have run */
	SYNC_READY,      /* process: set up, waits to be sent on */
	SYNC_WAIT,       /* runtime: wait at the gate for `start`, this conversation is over */
	SYNC_EXECUTE,    /* runtime, `start`: run the program; the end of file says that it runs */
	SYNC_ERROR,      /* process: failed and ends; number is the errno, text the message */
};

struct sync_message {
	uint32_t type;
	int32_t number;
	char text[sizeof(((struct error *)0)->text)];
};

/* Return: 0 with two connected sockets, close-on-exec, or -errno of socketpair(2). */
int sync_pair(int *runtime, int *process, struct error *err);

/* fd is sent along if it is >= 0, text if it is not NULL. Return: 0 or -errno of sendmsg(2). */
int sync_send(int sock, enum sync_type type, int number, const char *text, int fd);

/*
 * Waits for a packet. *fd gets the descriptor that came along, or -1; the caller owns it.
 * Return: 0; -EPIPE at the end of file; -ECONNRESET where the other side has not read what was sent
 * and never will; -EPROTO for what is no packet of ours; -errno of recvmsg(2).
 */
int sync_receive(int sock, struct sync_message *message, int *fd);

/* As sync_receive for a side that awaits one type only. Return: 0 or -errno, said in err. */
int sync_expect(int sock, enum sync_type type, struct error *err);

/* Tells the failure to the other side, which shows it to the user. */
void sync_send_error(int sock, const struct error *err);

/* Takes the failure over from the other side. Return: its -errno. */
int sync_take_error(const struct sync_message *message, struct error *err);

/* Sends further log messages of this process through the socket; *sock must stay valid. */
void sync_divert_log(int *sock);
