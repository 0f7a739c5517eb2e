/* child.c - runs another program to its end: what it reads, what it says, how long it may take */
#include "runtime/linux/child.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/deadline.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"
#include "runtime/linux/fd_sweep.h"
#include "runtime/linux/interrupt.h"
#include "runtime/linux/signals.h"

enum {
	SAID_MAX = 1024,
	QUOTED_SIZE = SAID_MAX + 16,
	SIGNAL_NAME_SIZE = 64,
	CHUNK = 4096,
	DRAIN_MAX = 64, /* chunks */
};

/* The two ends of a pipe. */
struct channel {
	int read, write;
};

struct child {
	const struct child_request *request;
	pid_t pid;
	int status; /* with which it has exited; -1: it has not */
	struct channel input, output;
	struct channel report; /* why it could not be executed; closed by execve(2) */
	size_t input_sent;
	char said[SAID_MAX + 1]; /* the last part of its output */
	size_t said_len;
	bool is_said_cut;
};

#define CHANNEL_NONE { .read = -1, .write = -1 }

static int channel_open(struct channel *channel, struct error *err)
{
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, errno, "make a pipe");
	channel->read = ends[0];
	channel->write = ends[1];
	return 0;
}

static void channel_close(struct channel *channel)
{
	fd_close(&channel->read);
	fd_close(&channel->write);
}

/* A filter may not know close_range(2); all but the preserved ones are close-on-exec anyway. */
static int close_others_on_exec(int preserved, struct error *err)
{
	int r = fd_sweep(0, NULL);

	for (int i = 0; r < 0 && i < preserved; i++) {
		int failure = fd_set_cloexec(STDERR_FILENO + 1 + i, true);

		if (failure < 0 && failure != -EBADF)
			return error_errno(err, failure, "mark a descriptor close-on-exec");
	}
	return 0;
}

static int set_up(const struct child *child, struct error *err)
{
	const struct child_request *request = child->request;

	prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL);
	if (setsid() < 0)
		return error_errno(err, errno, "make a session");
	if (dup2(child->input.read, STDIN_FILENO) < 0 ||
	    dup2(request->output < 0 ? child->output.write : request->output, STDOUT_FILENO) < 0 ||
	    dup2(request->error < 0 ? child->output.write : request->error, STDERR_FILENO) < 0)
		return error_errno(err, errno, "duplicate a descriptor");
	if (request->directory >= 0 && fchdir(request->directory) < 0)
		return error_errno(err, errno, "change the directory");
	return close_others_on_exec(request->preserved_fds, err);
}

_Noreturn static void execute(const struct child *child)
{
	const struct child_request *request = child->request;
	char *const usual[] = { (char *)request->path, NULL };
	struct error err = { 0 };
	int r = set_up(child, &err);

	if (r == 0)
		r = signals_reset(&err);
	if (r == 0) {
		execve(request->path, request->args && *request->args ? request->args : usual,
		       request->env);
		error_errno(&err, errno, "exec");
	}
	file_write_fd(child->report.write, &err, sizeof(err));
	_exit(127);
}

/* What there is room for; it need not be read. */
static void send_input(struct child *child)
{
	const struct child_request *request = child->request;
	ssize_t len = write(child->input.write, request->input + child->input_sent,
			    request->input_len - child->input_sent);

	if (len > 0)
		child->input_sent += (size_t)len;
	if (child->input_sent == request->input_len)
		fd_close(&child->input.write);
}

static void keep_last(struct child *child, const char *data, size_t len)
{
	size_t kept = child->said_len;

	if (len > SAID_MAX) {
		data += len - SAID_MAX;
		len = SAID_MAX;
		child->is_said_cut = true;
	}
	if (kept + len > SAID_MAX) {
		kept = SAID_MAX - len;
		memmove(child->said, child->said + child->said_len - kept, kept);
		child->is_said_cut = true;
	}
	memcpy(child->said + kept, data, len);
	child->said_len = kept + len;
}

/* Return: whether there was something. */
static bool take_output(struct child *child)
{
	char chunk[CHUNK];
	ssize_t len = read(child->output.read, chunk, sizeof(chunk));

	if (len == 0)
		fd_close(&child->output.read);
	if (len > 0)
		keep_last(child, chunk, (size_t)len);
	return len > 0;
}

/* Return: 1 when it has ended, 0, -errno. The zombie stays: until then nobody gets its pid. */
static int has_ended(const struct child *child, struct error *err)
{
	siginfo_t info = { 0 };

	if (waitid(P_PID, (id_t)child->pid, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
		return error_errno(err, errno, "wait for its end");
	return info.si_pid == child->pid;
}

/* Return: 1 when it has ended, 0, -errno. */
static int wait_once(struct child *child, const struct interrupt *interrupt,
		     const struct deadline *deadline, struct error *err)
{
	const struct child_request *request = child->request;
	struct pollfd fds[] = { { .fd = child->output.read, .events = POLLIN },
				{ .fd = child->input.write, .events = POLLOUT },
				{ .fd = request->watched, .events = POLLIN } };
	struct timespec rest;
	int r = has_ended(child, err);

	if (r != 0)
		return r;
	if (request->timeout && !deadline_rest(deadline, &rest))
		return error_set(err, ETIMEDOUT, "ran past specified timeout of %lld.0s",
				 (long long)request->timeout);
	r = interrupt_poll(interrupt, fds, 3, request->timeout ? &rest : NULL, err);
	if (r < 0)
		return r;
	if (fds[0].revents)
		take_output(child);
	if (fds[1].revents)
		send_input(child);
	return fds[2].revents ? error_set(err, ESRCH, "%s", request->watched_end) : 0;
}

/* Some of it may have made sessions of their own; those are no part of it any more. */
static void kill_group(const struct child *child)
{
	kill(-child->pid, SIGKILL);
	/* If it has not come to making the group yet. */
	kill(child->pid, SIGKILL);
}

/* The output as it stands behind a message; nothing where it has said nothing. */
static const char *quote_said(struct child *child, char quoted[QUOTED_SIZE])
{
	size_t len = child->said_len;

	while (len && strchr("\n\r\t ", child->said[len - 1]))
		len--;
	for (size_t i = 0; i < len; i++)
		if (!child->said[i])
			child->said[i] = ' ';
	*quoted = 0;
	if (len)
		snprintf(quoted, QUOTED_SIZE, ": \"%s%.*s\"", child->is_said_cut ? "..." : "",
			 (int)len, child->said);
	return quoted;
}

static const char *signal_name(int signal, char name[SIGNAL_NAME_SIZE])
{
	snprintf(name, SIGNAL_NAME_SIZE, "%s", strsignal(signal));
	*name = (char)tolower((unsigned char)*name);
	return name;
}

static int explain_end(struct child *child, const siginfo_t *info, struct error *err)
{
	struct error report;

	if (read(child->report.read, &report, sizeof(report)) == sizeof(report))
		return error_set(err, report.num, "%s", report.text);
	if (info->si_code != CLD_EXITED) {
		char name[SIGNAL_NAME_SIZE];

		return error_set(err, ECHILD, "killed by signal %d (%s)", info->si_status,
				 signal_name(info->si_status, name));
	}
	child->status = info->si_status;
	if (info->si_status)
		return error_set(err, ECHILD, "exit status %d", info->si_status);
	return 0;
}

static int attend(struct child *child, const struct interrupt *interrupt, struct error *err)
{
	struct deadline deadline = deadline_start(child->request->timeout);
	struct error cause = { 0 };
	char quoted[QUOTED_SIZE];
	siginfo_t info = { 0 };
	int r, rest = DRAIN_MAX;

	fd_close(&child->output.write);
	fd_close(&child->report.write);
	do
		r = wait_once(child, interrupt, &deadline, &cause);
	while (r == 0);
	if (r < 0)
		kill_group(child);
	sys_waitid_exit(P_PID, (id_t)child->pid, &info);
	while (rest-- > 0 && take_output(child))
		;
	if (r > 0)
		r = explain_end(child, &info, &cause);
	return r < 0 ? error_set(err, r, "%s%s", cause.text, quote_said(child, quoted)) : 0;
}

static int start(struct child *child, struct error *err)
{
	int r = channel_open(&child->input, err);

	if (r == 0)
		r = channel_open(&child->output, err);
	if (r == 0)
		r = channel_open(&child->report, err);
	if (r < 0)
		return r;
	/* Only these ends; the child's wait as usual. */
	fcntl(child->input.write, F_SETFL, O_NONBLOCK);
	fcntl(child->output.read, F_SETFL, O_NONBLOCK);
	child->pid = fork();
	if (child->pid == 0)
		execute(child);
	return child->pid < 0 ? error_errno(err, errno, "make a process") : 0;
}

int child_run(const struct child_request *request, int *status, struct error *err)
{
	struct child child = {
		.request = request,
		.status = -1,
		.input = CHANNEL_NONE,
		.output = CHANNEL_NONE,
		.report = CHANNEL_NONE,
	};
	struct interrupt interrupt;
	int r;

	interrupt_catch(&interrupt);
	r = start(&child, err);
	if (r == 0)
		r = attend(&child, &interrupt, err);
	interrupt_restore(&interrupt);
	*status = child.status;
	/* The input's reading end was kept as well: so nobody gets a SIGPIPE by writing to it. */
	channel_close(&child.input);
	channel_close(&child.output);
	channel_close(&child.report);
	return r;
}
