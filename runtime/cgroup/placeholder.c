/* placeholder.c - a process that does nothing but be somewhere until another one is there */
#include "runtime/cgroup/placeholder.h"

#include <signal.h>
#include <stdint.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"

_Noreturn static void stay(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, (unsigned long)SIGKILL);
	/* What happened before that tells nobody; and what the terminal sends is not for it. */
	if (getppid() != parent || setsid() < 0)
		_exit(1);
	/* Among them is the lock on the container. */
	sys_close_range(0, ~0U, 0);
	prctl(PR_SET_NAME, "gocker-place");
	for (;;)
		pause();
}

int placeholder_start(struct placeholder *placeholder, struct error *err)
{
	pid_t self = getpid();
	int pidfd;
	struct clone_args args = {
		.flags = CLONE_PIDFD,
		.pidfd = (uintptr_t)&pidfd,
		.exit_signal = SIGCHLD,
	};
	pid_t pid = sys_clone3(&args);

	if (pid == 0)
		stay(self);
	if (pid < 0)
		return error_errno(err, pid, "make a process");
	placeholder->pid = pid;
	placeholder->pidfd = pidfd;
	return 0;
}

void placeholder_end(struct placeholder *placeholder)
{
	siginfo_t info;

	if (placeholder->pidfd < 0)
		return;
	sys_pidfd_send_signal(placeholder->pidfd, SIGKILL);
	sys_waitid_exit(P_PIDFD, (id_t)placeholder->pidfd, &info);
	fd_close(&placeholder->pidfd);
	placeholder->pid = -1;
}
