/* mount_lock.c - mounts whose flags a user namespace cannot take off */
#include "runtime/linux/mount_lock.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/linux/mount.h"

/* What the helper tells of a source; the descriptor comes along where there is no error. */
struct answer {
	int result;
	struct error err;
};

_Noreturn static void open_all(const struct mount_lock *sources, size_t len, int sock)
{
	for (size_t i = 0; i < len; i++) {
		struct answer answer = { 0 };
		auto_close int fd = mount_open_source(sources[i].path, sources[i].how,
						      &answer.err);

		answer.result = fd < 0 ? fd : 0;
		if (fd_send(sock, &answer, sizeof(answer), &fd, fd >= 0) < 0)
			break;
	}
	_exit(0);
}

static int start_helper(const struct mount_lock *sources, size_t len, int *pidfd, int *sock,
			struct error *err)
{
	struct clone_args args = {
		.flags = CLONE_NEWUSER | CLONE_NEWNS | CLONE_PIDFD,
		.pidfd = (uintptr_t)pidfd,
		.exit_signal = SIGCHLD,
	};
	int ends[2];
	pid_t pid;

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) < 0)
		return error_errno(err, errno, "make a socket pair");
	pid = sys_clone3(&args);
	if (pid == 0) {
		close(ends[0]);
		open_all(sources, len, ends[1]);
	}
	close(ends[1]);
	*sock = ends[0];
	return pid < 0 ? error_errno(err, pid, "make a user namespace") : 0;
}

static int take_source(int sock, const struct mount_lock *source, struct error *err)
{
	struct answer answer;
	auto_close int fd = -1;
	size_t fds_len = 1;
	ssize_t n = fd_receive(sock, &answer, sizeof(answer), &fd, &fds_len);

	if (n != sizeof(answer))
		return error_set(err, n < 0 ? (int)n : EPIPE, "lock the flags of \"%s\"",
				 source->path);
	if (answer.result == -EACCES)
		return 0;
	if (answer.result < 0) {
		*err = answer.err;
		return answer.result;
	}
	fd_close(source->fd);
	*source->fd = take_fd(&fd);
	return 0;
}

int mount_lock_sources(const struct mount_lock *sources, size_t len, struct error *err)
{
	auto_close int pidfd = -1, sock = -1;
	siginfo_t info;
	int r = len ? start_helper(sources, len, &pidfd, &sock, err) : 0;

	for (size_t i = 0; r == 0 && i < len; i++)
		r = take_source(sock, &sources[i], err);
	fd_close(&sock);
	if (pidfd >= 0)
		sys_waitid_exit(P_PIDFD, (id_t)pidfd, &info);
	return r;
}
