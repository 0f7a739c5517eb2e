/* interrupt.c - SIGINT, SIGTERM and SIGHUP as errors, so that everything made is taken back */
#include "bundles/interrupt.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/table.h"

static const struct name_value caught[] = {
	{ "SIGINT", SIGINT },
	{ "SIGTERM", SIGTERM },
	{ "SIGHUP", SIGHUP },
	{ 0 },
};
static sigset_t caught_set;
static volatile sig_atomic_t noted;

static void note(int signal)
{
	noted = signal;
}

void interrupt_catch(void)
{
	/* No SA_RESTART: what waits shall come back and look. */
	struct sigaction action = { .sa_handler = note };
	struct sigaction before;

	sigemptyset(&action.sa_mask);
	sigemptyset(&caught_set);
	for (const struct name_value *row = caught; row->name; row++) {
		/* What nohup(1), or a shell for a job in the background, has ignored stays so. */
		sigaction((int)row->value, NULL, &before);
		if (before.sa_handler == SIG_IGN)
			continue;
		sigaction((int)row->value, &action, NULL);
		sigaddset(&caught_set, (int)row->value);
	}
	sigprocmask(SIG_UNBLOCK, &caught_set, NULL);
}

bool interrupt_is_pending(void)
{
	return noted;
}

int interrupt_check(struct error *err)
{
	if (!noted)
		return 0;
	return error_set(err, EINTR, "interrupted by %s", table_name_of(caught, noted));
}

int interrupt_sleep(unsigned int milliseconds, struct error *err)
{
	struct timespec time = { .tv_sec = milliseconds / 1000,
				 .tv_nsec = milliseconds % 1000 * 1000000L };
	sigset_t during;

	/* A signal between the look at the flag and the waiting would be missed: ppoll(2). */
	sigprocmask(SIG_BLOCK, &caught_set, &during);
	if (!noted)
		ppoll(NULL, 0, &time, &during);
	sigprocmask(SIG_SETMASK, &during, NULL);
	return interrupt_check(err);
}

void interrupt_finish(void)
{
	if (!noted)
		return;
	signal(noted, SIG_DFL);
	raise(noted);
}
