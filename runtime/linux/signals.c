/* signals.c - signals by name, and a clean slate for the container's process */
#include "runtime/linux/signals.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <strings.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/number.h"
#include "base/table.h"

/*
 * The kernel's range, not the C library's: SIGRTMIN is 34 with glibc and 35 with musl, and the
 * tools that call us count from 34.
 */
enum { REALTIME_MIN = 34, SIGNAL_MAX = 64 };

static const struct name_value names[] = {
	{ "ABRT", SIGABRT }, { "ALRM", SIGALRM }, { "BUS", SIGBUS }, { "CHLD", SIGCHLD },
	{ "CLD", SIGCHLD }, { "CONT", SIGCONT }, { "FPE", SIGFPE }, { "HUP", SIGHUP },
	{ "ILL", SIGILL }, { "INT", SIGINT }, { "IO", SIGIO }, { "IOT", SIGIOT },
	{ "KILL", SIGKILL }, { "PIPE", SIGPIPE }, { "POLL", SIGPOLL }, { "PROF", SIGPROF },
	{ "PWR", SIGPWR }, { "QUIT", SIGQUIT }, { "SEGV", SIGSEGV }, { "STKFLT", SIGSTKFLT },
	{ "STOP", SIGSTOP }, { "SYS", SIGSYS }, { "TERM", SIGTERM }, { "TRAP", SIGTRAP },
	{ "TSTP", SIGTSTP }, { "TTIN", SIGTTIN }, { "TTOU", SIGTTOU }, { "URG", SIGURG },
	{ "USR1", SIGUSR1 }, { "USR2", SIGUSR2 }, { "VTALRM", SIGVTALRM },
	{ "WINCH", SIGWINCH }, { "XCPU", SIGXCPU }, { "XFSZ", SIGXFSZ },
	{ "RTMIN", REALTIME_MIN }, { "RTMAX", SIGNAL_MAX }, { 0 },
};

/* Reads RTMIN+n and RTMAX-n. Return: the number or -EINVAL. */
static int realtime_parse(const char *name)
{
	uint64_t distance;

	if (strncasecmp(name, "RTMIN+", 6) && strncasecmp(name, "RTMAX-", 6))
		return -EINVAL;
	if (number_parse_u64(name + 6, SIGNAL_MAX - REALTIME_MIN, &distance) < 0)
		return -EINVAL;
	return name[5] == '+' ? REALTIME_MIN + (int)distance : SIGNAL_MAX - (int)distance;
}

static int name_parse(const char *text)
{
	const char *name = strncasecmp(text, "SIG", 3) ? text : text + 3;

	for (const struct name_value *row = names; row->name; row++)
		if (!strcasecmp(row->name, name))
			return (int)row->value;
	return realtime_parse(name);
}

int signals_parse(const char *text, int *signal, struct error *err)
{
	uint64_t number;
	int r = number_parse_u64(text, SIGNAL_MAX, &number);

	r = r < 0 ? name_parse(text) : (int)number;
	if (r < 0)
		return error_set(err, EINVAL, "unknown signal \"%s\"", text);
	*signal = r;
	return 0;
}

int signals_reset(struct error *err)
{
	/*
	 * Zeros are SIG_DFL without flags in every architecture's struct. By the system call,
	 * because the C library refuses the two signals that it uses itself, and they are inherited
	 * as well.
	 */
	static const union {
		char size[64];
		void *align;
	} action_default;
	const unsigned long none[SIGNAL_MAX / 8 / sizeof(long)] = { 0 };

	for (int i = 1; i <= SIGNAL_MAX; i++) {
		if (i == SIGKILL || i == SIGSTOP)
			continue;
		if (syscall(SYS_rt_sigaction, i, &action_default, NULL, sizeof(none)) < 0)
			return error_errno(err, errno, "reset signal %d", i);
	}
	if (syscall(SYS_rt_sigprocmask, SIG_SETMASK, none, NULL, sizeof(none)) < 0)
		return error_errno(err, errno, "unblock signals");
	return 0;
}
