/* kill.c - sends a signal to a container */
#include "runtime/container/kill.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>

#include "base/fd.h"
#include "base/sys.h"

enum { END_TIMEOUT_MS = 10 * 1000 };

static int kill_process(const struct container *container, int signal, struct error *err)
{
	auto_close int pidfd = container_open_process(container, err);
	int r;

	if (pidfd < 0)
		return pidfd;
	r = sys_pidfd_send_signal(pidfd, signal);
	if (r == -ESRCH)
		return error_set(err, ESRCH, "container not running");
	return r < 0 ? error_errno(err, r, "send signal %d", signal) : 0;
}

static bool has_processes(const struct cgroup *cgroup)
{
	pid_t *pids;
	size_t len;
	int r = cgroup_pids(cgroup, true, &pids, &len, NULL);

	if (r == 0)
		free(pids);
	return r < 0 || len;
}

static int kill_all(struct container *container, int signal, struct error *err)
{
	int r = container_open_cgroup(container, err);

	if (r < 0)
		return r;
	if (!container->cgroup.len)
		return container->state.pid ? kill_process(container, signal, err) : 0;
	return cgroup_kill(&container->cgroup, signal, err);
}

/* Also what the first process has left when it ended. */
static int kill_rest(struct container *container, struct error *err)
{
	int r = container_open_cgroup(container, err);

	if (r < 0)
		return r;
	if (!container->state.pid && !has_processes(&container->cgroup))
		return error_set(err, ESRCH, "container not running");
	return kill_all(container, SIGKILL, err);
}

/* What the freezer of v1 holds does not die before it is let go; cgroup_kill does that. */
static int kill_paused(struct container *container, struct error *err)
{
	int r = kill_process(container, SIGKILL, err);

	if (r == 0)
		r = container_open_cgroup(container, err);
	if (r == 0)
		r = cgroup_kill(&container->cgroup, SIGKILL, err);
	/* Nobody is left in it, who could resume it. */
	if (r == 0)
		cgroup_thaw(&container->cgroup, NULL);
	return r;
}

int kill_container(struct container *container, int signal, bool all, struct error *err)
{
	if (all)
		return kill_all(container, signal, err);
	if (signal == SIGKILL && !container_owns_pids(container))
		return kill_rest(container, err);
	if (signal == SIGKILL && container->state.status == SPEC_STATUS_PAUSED)
		return kill_paused(container, err);
	return kill_process(container, signal, err);
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

int kill_known(int pidfd, const struct cgroup *cgroup, struct error *err)
{
	int r;

	if (pidfd >= 0)
		sys_pidfd_send_signal(pidfd, SIGKILL);
	r = cgroup_kill(cgroup, SIGKILL, err);
	return r == 0 && pidfd >= 0 ? await_end(pidfd, err) : r;
}

int kill_whole(struct container *container, struct error *err)
{
	auto_close int pidfd = -1;
	int r = container_open_cgroup(container, err);

	if (r < 0)
		return r;
	if (container->state.pid)
		pidfd = container_open_process(container, err);
	if (container->state.pid && pidfd < 0 && pidfd != -ESRCH)
		return pidfd;
	return kill_known(pidfd, &container->cgroup, err);
}
