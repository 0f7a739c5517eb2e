/* rebirth.c - one process more, where namespaces can be entered by birth alone */
#include "runtime/container/rebirth.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/container/sync.h"
#include "runtime/linux/ns.h"

/* The other end is closed when its last process, the one that tells of this one, has ended. */
static void await_end_of_file(int fd)
{
	char byte;

	while (read(fd, &byte, 1) < 0 && errno == EINTR)
		;
}

int rebirth_run(int sync, uint64_t namespaces, const struct cgroup *cgroup, struct error *err)
{
	auto_close int pidfd = -1, told = -1, telling = -1;
	int ends[2];
	struct clone_args args = {
		.flags = namespaces | CLONE_PARENT | CLONE_PIDFD,
		.pidfd = (uintptr_t)&pidfd,
	};
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, errno, "make a pipe");
	told = ends[0];
	telling = ends[1];
	pid = sys_clone3(&args);
	if (pid == 0) {
		/* Nothing that it sends may come before it was told of. */
		fd_close(&telling);
		await_end_of_file(told);
		return 0;
	}
	if (pid < 0) {
		const char *hint =
			pid == -ENOMEM ? " (has the first one of the pid namespace ended?)" : "";

		error_errno(err, pid, "make the second process that it takes to join namespaces%s",
			    hint);
		cgroup_explain_fork(cgroup, pid, err);
		return ns_explain_making(namespaces, pid, err);
	}
	/* If nobody hears it, nobody sends the child on, either. */
	sync_send(sync, SYNC_PLACED, 0, NULL, pidfd);
	_exit(0);
}
