/* wait.c - stays with a process in the foreground: its signals, its terminal, its end */
#include "runtime/container/wait.h"

#include <errno.h>
#include <poll.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/sys.h"
#include "base/timings.h"
#include "runtime/container/notify_socket.h"
#include "runtime/linux/terminal_relay.h"
#include "runtime/linux/tty.h"

/* Never forwarded: they are about this process, or the kernel's to give. */
static const int own_signals[] = { SIGCHLD, SIGURG, SIGTTIN, SIGTTOU, SIGPIPE, SIGSEGV, SIGBUS,
				   SIGFPE,  SIGILL, SIGTRAP, SIGSYS, SIGABRT };

/* The user's side of the terminal while it is relayed. */
struct foreground {
	struct terminal_relay *relay; /* NULL: it is not */
	struct termios saved;
	bool is_raw;
};

int wait_open_signals(struct error *err)
{
	sigset_t set;
	int fd;

	sigfillset(&set);
	for (size_t i = 0; i < sizeof(own_signals) / sizeof(*own_signals); i++)
		if (own_signals[i] != SIGCHLD)
			sigdelset(&set, own_signals[i]);
	if (sigprocmask(SIG_BLOCK, &set, NULL) < 0)
		return error_errno(err, errno, "block signals");
	fd = signalfd(-1, &set, SFD_CLOEXEC | SFD_NONBLOCK);
	return fd < 0 ? error_errno(err, errno, "make a signalfd") : fd;
}

static int open_foreground(struct foreground *foreground, int master, struct error *err)
{
	if (master < 0)
		return 0;
	if (isatty(STDIN_FILENO)) {
		int r = tty_make_raw(STDIN_FILENO, &foreground->saved, err);

		if (r < 0)
			return r;
		foreground->is_raw = true;
	}
	foreground->relay = calloc(1, sizeof(*foreground->relay));
	if (!foreground->relay)
		out_of_memory();
	return terminal_relay_start(master, foreground->relay, err);
}

static void close_foreground(struct foreground *foreground)
{
	if (foreground->relay) {
		terminal_relay_drain(foreground->relay);
		terminal_relay_stop(foreground->relay);
		free(foreground->relay);
	}
	if (foreground->is_raw)
		tty_restore(STDIN_FILENO, &foreground->saved);
}

/* As a subreaper gocker inherits what the container's processes leave behind outside it. */
static void reap_others(pid_t pid)
{
	siginfo_t info;

	do {
		info.si_pid = 0;
		if (waitid(P_ALL, 0, &info, WEXITED | WNOHANG | WNOWAIT) < 0)
			return;
	} while (info.si_pid && info.si_pid != pid && waitpid(info.si_pid, NULL, 0) > 0);
}

static void forward_signals(const struct serve *serve, int signals)
{
	struct signalfd_siginfo info;

	while (read(signals, &info, sizeof(info)) == sizeof(info)) {
		int number = (int)info.ssi_signo;

		if (number == SIGCHLD)
			reap_others(serve->pid);
		else if (number == SIGWINCH && serve->master >= 0)
			tty_copy_size(STDIN_FILENO, serve->master);
		else
			sys_pidfd_send_signal(serve->pidfd, number);
	}
}

static void forward_ready(struct serve *serve)
{
	if (notify_socket_forward(serve->notify, notify_socket_of_host(), getpid()) == 1)
		fd_close(&serve->notify);
}

enum {
	POLL_END,
	POLL_SIGNALS,
	POLL_NOTIFY,
	POLL_RELAY,
	POLL_MAX = POLL_RELAY + TERMINAL_RELAY_FDS,
};

static int poll_until_end(struct foreground *foreground, struct serve *serve, int signals,
			  struct error *err)
{
	struct pollfd fds[POLL_MAX] = {
		[POLL_END] = { .fd = serve->pidfd, .events = POLLIN },
		[POLL_SIGNALS] = { .fd = signals, .events = POLLIN },
		[POLL_NOTIFY] = { .events = POLLIN },
	};
	struct terminal_relay *relay = foreground->relay;
	nfds_t len = relay ? POLL_MAX : POLL_RELAY;

	while (!fds[POLL_END].revents) {
		fds[POLL_NOTIFY].fd = serve->notify;
		if (relay)
			terminal_relay_poll_fds(relay, fds + POLL_RELAY);
		if (poll(fds, len, -1) < 0) {
			if (errno == EINTR)
				continue;
			return error_errno(err, errno, "poll");
		}
		if (fds[POLL_SIGNALS].revents)
			forward_signals(serve, signals);
		if (fds[POLL_NOTIFY].revents)
			forward_ready(serve);
		if (relay)
			terminal_relay_handle(relay, fds + POLL_RELAY);
	}
	return 0;
}

static int collect_status(struct serve *serve, struct error *err)
{
	siginfo_t info = { 0 };
	int r = sys_waitid_exit(P_PIDFD, (id_t)serve->pidfd, &info);

	if (r < 0)
		return error_errno(err, r, "wait for the container's process");
	serve->pid = -1;
	return info.si_code == CLD_EXITED ? info.si_status : 128 + info.si_status;
}

int wait_for_end(struct serve *serve, int signals, struct error *err)
{
	int64_t begin = timings_begin();
	struct foreground foreground = { 0 };
	int r = open_foreground(&foreground, serve->master, err);

	if (r == 0)
		r = poll_until_end(&foreground, serve, signals, err);
	close_foreground(&foreground);
	r = r < 0 ? r : collect_status(serve, err);
	timings_end(begin, "wait for its end");
	return r;
}
