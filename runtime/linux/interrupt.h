/* interrupt.h - the user's signals as errors, while something is waited for */
#pragma once
#include <poll.h>
#include <signal.h>
#include <time.h>

#include "base/error.h"

enum { INTERRUPT_SIGNALS = 4 };

/* What interrupt_catch has changed in this process. */
struct interrupt {
	struct sigaction child, before[INTERRUPT_SIGNALS];
	sigset_t blocked, while_waiting;
};

/*
 * From here to interrupt_restore SIGINT, SIGTERM, SIGHUP and SIGQUIT end the waiting only, unless
 * they are ignored. One that comes between two waitings ends the next.
 *
 * By handlers and ppoll(2), not by a signalfd: every engine's seccomp filter lets these pass.
 */
void interrupt_catch(struct interrupt *interrupt);
void interrupt_restore(const struct interrupt *interrupt);

/*
 * Waits as ppoll(2) does, also until a child of this process has ended.
 * Return: 0 where there is something to look for; -EINTR after a signal, said in err; -errno.
 */
int interrupt_poll(const struct interrupt *interrupt, struct pollfd *fds, nfds_t len,
		   const struct timespec *timeout, struct error *err);

/* Catches the signals while it waits until fd is readable. Return: 0 or -EINTR, -errno. */
int interrupt_await(int fd, struct error *err);
