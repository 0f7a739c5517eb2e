/* rebirth.c - one process more, where namespaces can be entered by birth alone */
#include "runtime/container/rebirth.h"

#include <errno.h>
#include <sched.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/container/sync.h"
#include "runtime/linux/ns.h"

int rebirth_run(int sync, uint64_t namespaces, const struct cgroup *cgroup, struct error *err)
{
	auto_close int pidfd = -1;
	struct clone_args args = {
		.flags = namespaces | CLONE_PARENT | CLONE_PIDFD,
		.pidfd = (uintptr_t)&pidfd,
	};
	pid_t pid = sys_clone3(&args);

	if (pid == 0)
		return 0;
	if (pid < 0) {
		const char *hint =
			pid == -ENOMEM ? " (has the first one of the pid namespace ended?)" : "";

		error_errno(err, pid, "make the second process that it takes to join namespaces%s",
			    hint);
		cgroup_explain_fork(cgroup, pid, err);
		return ns_explain_making(namespaces, pid, err);
	}
	/* If nobody hears it, nobody sends the child on, either. */
	sync_send(sync, SYNC_PLACED, pid, NULL, pidfd);
	_exit(0);
}
