/* userns.c - user namespaces in which nobody lives, made for their id maps */
#include "runtime/linux/userns.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/sys.h"
#include "runtime/linux/idmap.h"

/* A process in a new user namespace, which it keeps alive until the pipe is closed. */
struct holder {
	pid_t pid;
	int pidfd;
	int pipe; /* its end of file sends the holder home */
};

_Noreturn static void hold(int pipe)
{
	char byte;

	while (read(pipe, &byte, 1) < 0 && errno == EINTR)
		;
	_exit(0);
}

static int start_holder(struct holder *holder, struct error *err)
{
	struct clone_args args = {
		.flags = CLONE_NEWUSER | CLONE_PIDFD,
		.pidfd = (uintptr_t)&holder->pidfd,
		.exit_signal = SIGCHLD,
	};
	int ends[2];

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, errno, "make a pipe");
	holder->pid = sys_clone3(&args);
	if (holder->pid == 0) {
		close(ends[1]);
		hold(ends[0]);
	}
	close(ends[0]);
	holder->pipe = ends[1];
	if (holder->pid < 0) {
		fd_close(&holder->pipe);
		return error_errno(err, holder->pid, "make a user namespace");
	}
	return 0;
}

static void end_holder(struct holder *holder)
{
	siginfo_t info;

	fd_close(&holder->pipe);
	sys_waitid_exit(P_PIDFD, (id_t)holder->pidfd, &info);
	fd_close(&holder->pidfd);
}

static int open_namespace(int proc, pid_t pid, struct error *err)
{
	char path[32];
	int fd;

	snprintf(path, sizeof(path), "%d/ns/user", (int)pid);
	fd = sys_openat(proc, path, O_RDONLY | O_CLOEXEC, 0);
	return fd < 0 ? error_errno(err, fd, "open /proc/%s", path) : fd;
}

int userns_make(const struct spec_id_mapping *uids, size_t uids_len,
		const struct spec_id_mapping *gids, size_t gids_len, struct error *err)
{
	auto_close int proc = sys_open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	struct holder holder;
	int r;

	if (proc < 0)
		return error_errno(err, proc, "open /proc");
	r = start_holder(&holder, err);
	if (r < 0)
		return r;
	log_debug("made a user namespace for the maps of mounts");
	r = idmap_write(proc, holder.pid, uids, uids_len, gids, gids_len, err);
	if (r == 0)
		r = open_namespace(proc, holder.pid, err);
	end_holder(&holder);
	return r;
}
