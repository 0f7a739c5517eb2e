/* interrupt.c - the user's signals as errors, while something is waited for */
#include "runtime/linux/interrupt.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <string.h>

static const int signals[INTERRUPT_SIGNALS] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT };

static volatile sig_atomic_t noted;

static void note(int signal)
{
	if (signal != SIGCHLD)
		noted = signal;
}

void interrupt_catch(struct interrupt *interrupt)
{
	const struct sigaction action = { .sa_handler = note };
	sigset_t caught;

	noted = 0;
	sigemptyset(&caught);
	sigaddset(&caught, SIGCHLD);
	for (size_t i = 0; i < INTERRUPT_SIGNALS; i++) {
		/* What nohup(1), or a shell for a job in the background, has ignored stays so. */
		sigaction(signals[i], NULL, &interrupt->before[i]);
		if (interrupt->before[i].sa_handler != SIG_IGN)
			sigaddset(&caught, signals[i]);
	}
	sigprocmask(SIG_BLOCK, &caught, &interrupt->blocked);
	interrupt->while_waiting = interrupt->blocked;
	sigdelset(&interrupt->while_waiting, SIGCHLD);
	sigaction(SIGCHLD, &action, &interrupt->child);
	for (size_t i = 0; i < INTERRUPT_SIGNALS; i++) {
		if (!sigismember(&caught, signals[i]))
			continue;
		sigdelset(&interrupt->while_waiting, signals[i]);
		sigaction(signals[i], &action, NULL);
	}
}

void interrupt_restore(const struct interrupt *interrupt)
{
	sigaction(SIGCHLD, &interrupt->child, NULL);
	for (size_t i = 0; i < INTERRUPT_SIGNALS; i++)
		sigaction(signals[i], &interrupt->before[i], NULL);
	sigprocmask(SIG_SETMASK, &interrupt->blocked, NULL);
}

static int say(int signal, struct error *err)
{
	char name[64];

	snprintf(name, sizeof(name), "%s", strsignal(signal));
	*name = (char)tolower((unsigned char)*name);
	return error_set(err, EINTR, "interrupted by signal %d (%s)", signal, name);
}

int interrupt_poll(const struct interrupt *interrupt, struct pollfd *fds, nfds_t len,
		   const struct timespec *timeout, struct error *err)
{
	int r = ppoll(fds, len, timeout, &interrupt->while_waiting) < 0 ? -errno : 0;

	if (noted)
		return say(noted, err);
	if (r < 0 && r != -EINTR)
		return error_errno(err, r, "poll");
	/* After EINTR, the kernel has not written to these. */
	for (nfds_t i = 0; r < 0 && i < len; i++)
		fds[i].revents = 0;
	return 0;
}

int interrupt_await(int fd, struct error *err)
{
	struct pollfd readable = { .fd = fd, .events = POLLIN };
	struct interrupt interrupt;
	int r;

	interrupt_catch(&interrupt);
	do
		r = interrupt_poll(&interrupt, &readable, 1, NULL, err);
	while (r == 0 && !readable.revents);
	interrupt_restore(&interrupt);
	return r;
}
