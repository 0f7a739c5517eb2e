/* aside.h - a thread that makes the network namespace while the process goes on */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "base/thread.h"

/*
 * The kernel makes a network namespace in 0.6 milliseconds, work that another processor can do. The
 * thread allocates nothing and ends before the process is cloned.
 */
struct aside {
	struct thread thread;
	bool runs;
	int netns; /* -1: not made */
	struct error err;
};

#define ASIDE_NONE { .netns = -1 }

/* Where no thread can be made, nothing begins. */
void aside_start(struct aside *aside);

/*
 * Waits for the end. Return: the descriptor of the network namespace, close-on-exec and the
 * caller's; -ENOENT where nothing was begun; -errno of unshare(2), open(2), ioctl(2).
 */
int aside_finish(struct aside *aside, struct error *err);

/* Waits for the end and drops the namespace. Safe where nothing runs. */
void aside_abandon(struct aside *aside);
