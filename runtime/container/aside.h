/* aside.h - what a thread does while the process goes on: waits and work of the kernel */
#pragma once
#include <pthread.h>
#include <stdbool.h>

#include "base/error.h"

/*
 * The kernel makes a network namespace in 0.6 milliseconds, work that another processor can do. The
 * same thread ends the sealing of the program (self_exe.h), which waits for an RCU grace period.
 * It allocates nothing and ends before the process is cloned.
 */
struct aside {
	pthread_t thread;
	bool runs;
	bool makes_network;
	int netns; /* -1: not made */
	struct error err;
};

#define ASIDE_NONE { .netns = -1 }

/* Begins, with a network namespace if that is asked for; nothing where no thread can be made. */
void aside_start(struct aside *aside, bool makes_network);

/*
 * Waits for the end. Return: the descriptor of the network namespace, close-on-exec and the
 * caller's; -ENOENT where there is none, as none was asked for or no thread could be made; -errno
 * of unshare(2), open(2), ioctl(2).
 */
int aside_finish(struct aside *aside, struct error *err);

/* Waits for the end and drops the namespace. Safe where nothing runs. */
void aside_abandon(struct aside *aside);
