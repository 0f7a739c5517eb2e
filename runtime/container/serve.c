/* serve.c - the runtime's side of the conversation with a process that sets itself up */
#include "runtime/container/serve.h"

#include <errno.h>
#include <inttypes.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/proc.h"
#include "base/sys.h"
#include "runtime/container/hooks.h"
#include "runtime/container/sync.h"
#include "runtime/container/unit.h"
#include "runtime/linux/interrupt.h"
#include "runtime/linux/tty.h"

/* From giving up its memory, when its files in /proc become root's, to its end. */
enum { END_MILLISECONDS = 500 };

void serve_watch_memory(struct serve *serve, const struct cgroup *cgroup,
			const struct spec_resources *resources)
{
	bool has_limit = resources && resources->memory && resources->memory->limit;

	if (has_limit && cgroup_count_oom_kills(cgroup, &serve->oom_kills) == 0)
		serve->watched = cgroup;
}

void serve_await_move(const struct serve *serve, int sync)
{
	/* Without the runtime nobody would hear of the error. */
	if (serve->needs_move && sync_expect(sync, SYNC_MOVED, NULL) < 0)
		_exit(1);
}

static int move(struct serve *serve, const struct container *container, struct error *err)
{
	int r = unit_attach(container, serve->pid, err);

	if (r == 0)
		r = sync_send(serve->sync, SYNC_MOVED, 0, NULL, -1);
	/* Where it has ended, its end is told next. */
	if (r == 0 || r == -EPIPE)
		return 1;
	serve_kill(serve);
	serve_close(serve);
	return error_context(err, "a process of this cgroup may not be born in the container's");
}

static int explain_clone(const struct serve *serve, const struct cgroup *cgroup, struct error *err)
{
	bool has_cgroup = cgroup_clone_fd(cgroup) >= 0;

	/* cgroups(7), "Delegation containment". */
	if (serve->pid == -EACCES && has_cgroup)
		return error_errno(err, serve->pid,
				   "make a process in its cgroup, without the right to "
				   "cgroup.procs of the one above that and the caller's (start "
				   "gocker in a cgroup of the user: systemd-run --user --scope)");
	error_errno(err, serve->pid, "make a process");
	/* On v1 the process enters its cgroup later, and the limit does not keep it out. */
	return has_cgroup ? cgroup_explain_fork(cgroup, serve->pid, err) : serve->pid;
}

int serve_clone(struct serve *serve, uint64_t namespaces, const struct container *container,
		int *sync, struct error *err)
{
	int cgroup_fd = cgroup_clone_fd(&container->cgroup);
	struct clone_args args = {
		.flags = namespaces | CLONE_PIDFD | (cgroup_fd < 0 ? 0 : CLONE_INTO_CGROUP),
		.pidfd = (uintptr_t)&serve->pidfd,
		.exit_signal = SIGCHLD,
		.cgroup = cgroup_fd < 0 ? 0 : (uint64_t)cgroup_fd,
	};
	auto_close int process_end = -1;
	int r = sync_pair(&serve->sync, &process_end, err);

	if (r < 0)
		return r;
	serve->needs_move = false;
	serve->pid = sys_clone3(&args);
	if (serve->pid == -EACCES && cgroup_fd >= 0 && container->state.systemd) {
		serve->needs_move = true;
		args.flags &= ~(uint64_t)CLONE_INTO_CGROUP;
		serve->pid = sys_clone3(&args);
	}
	if (serve->pid == 0) {
		fd_close(&serve->sync);
		*sync = take_fd(&process_end);
		return 0;
	}
	if (serve->pid > 0)
		return serve->needs_move ? move(serve, container, err) : 1;
	fd_close(&serve->sync);
	return explain_clone(serve, &container->cgroup, err);
}

static int take_terminal(struct serve *serve, const struct process_request *request, int *master,
			 struct error *err)
{
	char name[TTY_NAME_SIZE];
	int r;

	if (!request->console_socket) {
		serve->master = take_fd(master);
		/* The program may ask for the size as soon as it runs; no terminal, no size. */
		tty_copy_size(STDIN_FILENO, serve->master);
		return 0;
	}
	r = tty_name(*master, name, err);
	return r < 0 ? r : tty_send(request->console_socket, *master, name, err);
}

/* Return: whether the kernel has killed it for want of memory; then that is said. */
static bool explain_oom_kill(const struct serve *serve, struct error *err)
{
	uint64_t kills, limit;

	if (!serve->watched || cgroup_count_oom_kills(serve->watched, &kills) < 0 ||
	    kills <= serve->oom_kills || cgroup_memory_limit(serve->watched, &limit) < 0)
		return false;
	error_set(err, ENOMEM,
		  "the container's process was killed while it was set up, because it needs more "
		  "memory than its limit of %" PRIu64 " bytes (/linux/resources/memory/limit)",
		  limit);
	return true;
}

/* It ended without a word: how is all that can be told. */
static int explain_end(struct serve *serve, struct error *err)
{
	siginfo_t info = { 0 };

	if (sys_waitid_exit(P_PIDFD, (id_t)serve->pidfd, &info) == 0) {
		serve->pid = -1;
		if (info.si_code == CLD_KILLED && info.si_status == SIGKILL &&
		    explain_oom_kill(serve, err))
			return -ENOMEM;
		if (info.si_code == CLD_KILLED || info.si_code == CLD_DUMPED)
			return error_set(err, EPIPE,
					 "the container's process was killed by signal %d (%s) "
					 "while it was set up",
					 info.si_status, strsignal(info.si_status));
	}
	return error_set(err, EPIPE, "the container's process ended while it was set up");
}

/*
 * The state first: hooks look at the container, and a create that is killed now left one. A hook
 * without end is freed by `delete --force`, which kills the process.
 */
static int run_hooks(struct serve *serve, struct error *err)
{
	struct container *container = serve->container;
	int r = container ? container_set_process(container, serve->pid, serve->pidfd, err) :
			    error_set(err, EPROTO, "hooks of a process that has none");

	if (r == 0)
		r = container_set_status(container, SPEC_STATUS_CREATING, err);
	if (r == 0)
		r = hooks_run_outside(container, HOOKS_PRESTART, serve->pidfd, err);
	if (r == 0)
		r = hooks_run_outside(container, HOOKS_CREATE_RUNTIME, serve->pidfd, err);
	if (r < 0)
		return r;
	r = sync_send(serve->sync, SYNC_HOOKS_DONE, 0, NULL, -1);
	return r < 0 ? error_errno(err, r, "send to the container's process") : 0;
}

/* The first process has ended, or is about to. */
static int adopt(struct serve *serve, int *pidfd, struct error *err)
{
	pid_t pid = proc_pid_of_pidfd(*pidfd);
	siginfo_t info;

	if (pid < 0)
		return error_errno(err, pid, "find the container's process by its pidfd");
	sys_waitid_exit(P_PIDFD, (id_t)serve->pidfd, &info);
	fd_close(&serve->pidfd);
	serve->pid = pid;
	serve->pidfd = take_fd(pidfd);
	return 1;
}

/*
 * Where it is killed just before it tells of its child, no end of file comes: the child has the
 * socket, too. It ends with the cgroup then.
 */
static int await_packet(const struct serve *serve)
{
	struct pollfd fds[] = {
		{ .fd = serve->sync, .events = POLLIN },
		{ .fd = serve->pidfd, .events = POLLIN },
	};
	int r;

	do
		r = poll(fds, 2, -1);
	while (r < 0 && errno == EINTR);
	if (r < 0)
		return -errno;
	return fds[0].revents ? 0 : -EPIPE;
}

/*
 * request: NULL while the process is being placed; that comes first, and once.
 * Return: 1 when it is as far as is awaited, 0 to go on, -errno.
 */
static int answer(struct serve *serve, const struct process_request *request, struct error *err)
{
	struct sync_message message;
	auto_close int fd = -1;
	/* A hook of the process may take longer than the user likes. */
	bool may_take_long = serve->container && serve->container->state.hooks;
	int r = may_take_long ? interrupt_await(serve->sync, err) : 0;

	if (r < 0)
		return r;
	r = sync_receive(serve->sync, &message, &fd);
	if (r == -EPIPE || r == -ECONNRESET)
		return explain_end(serve, err);
	if (r < 0)
		return error_errno(err, r, "receive from the container's process");
	if (message.type == SYNC_LOG) {
		log_write((enum log_level)message.number, message.text);
		return 0;
	}
	if (message.type == SYNC_ERROR)
		return sync_take_error(&message, err);
	if (!request && message.type == SYNC_PLACED)
		return fd < 0 ? 1 : adopt(serve, &fd, err);
	if (request && message.type == SYNC_TERMINAL && fd >= 0 && serve->master < 0)
		return take_terminal(serve, request, &fd, err);
	if (request && message.type == SYNC_HOOKS)
		return run_hooks(serve, err);
	if (request && message.type == SYNC_READY)
		return 1;
	/* It is in the container already, where others may have made it say what they like. */
	return error_set(err, EPROTO, "message %u of the container's process is out of place",
			 message.type);
}

int serve_until_placed(struct serve *serve, struct error *err)
{
	int r;

	do {
		r = await_packet(serve);
		r = r < 0 ? explain_end(serve, err) : answer(serve, NULL, err);
	} while (r == 0);
	return r < 0 ? r : 0;
}

int serve_until_ready(struct serve *serve, const struct spec_process *spec,
		      const struct process_request *request, struct error *err)
{
	int r;

	do
		r = answer(serve, request, err);
	while (r == 0);
	return r < 0 || !spec ? r : process_set_limits(spec, serve->pid, err);
}

bool serve_has_ended(const struct serve *serve)
{
	struct pollfd end = { .fd = serve->pidfd, .events = POLLIN };

	return poll(&end, 1, END_MILLISECONDS) > 0;
}

void serve_kill(struct serve *serve)
{
	siginfo_t info;

	if (serve->pid < 0)
		return;
	sys_pidfd_send_signal(serve->pidfd, SIGKILL);
	sys_waitid_exit(P_PIDFD, (id_t)serve->pidfd, &info);
	serve->pid = -1;
}

void serve_close(struct serve *serve)
{
	fd_close(&serve->pidfd);
	fd_close(&serve->sync);
	fd_close(&serve->master);
	fd_close(&serve->notify);
}
