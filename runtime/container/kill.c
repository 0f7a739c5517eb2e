/* kill.c - sends a signal to a container */
#include "runtime/container/kill.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>

#include "base/fd.h"
#include "base/sys.h"

enum { END_TIMEOUT_MS = 10 * 1000 };

int kill_container(struct container *container, int signal, bool all, struct error *err)
{
	auto_close int pidfd = -1;
	int r;

	if (all) {
		r = container_open_cgroup(container, err);
		return r < 0 ? r : cgroup_kill(&container->cgroup, signal, err);
	}
	pidfd = container_open_process(container, err);
	if (pidfd < 0)
		return pidfd;
	r = sys_pidfd_send_signal(pidfd, signal);
	if (r == -ESRCH)
		return error_set(err, ESRCH, "container not running");
	return r < 0 ? error_errno(err, r, "send signal %d", signal) : 0;
}

/* A process that its parent does not reap is gone for us: a zombie's pidfd is readable, too. */
static int await_end(int pidfd, struct error *err)
{
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };
	int r;

	do
		r = poll(&poll_fd, 1, END_TIMEOUT_MS);
	while (r < 0 && errno == EINTR);
	if (r == 0)
		return error_set(err, ETIMEDOUT, "the container's process does not end");
	return r < 0 ? error_errno(err, errno, "wait for the container's process") : 0;
}

int kill_whole(struct container *container, struct error *err)
{
	auto_close int pidfd = -1;
	int r = container_open_cgroup(container, err);

	if (r < 0)
		return r;
	if (container->state.pid) {
		pidfd = container_open_process(container, err);
		if (pidfd >= 0)
			sys_pidfd_send_signal(pidfd, SIGKILL);
		else if (pidfd != -ESRCH)
			return pidfd;
	}
	r = cgroup_kill(&container->cgroup, SIGKILL, err);
	if (r == 0 && pidfd >= 0)
		r = await_end(pidfd, err);
	return r;
}
