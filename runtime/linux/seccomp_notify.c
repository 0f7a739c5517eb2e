/* seccomp_notify.c - hands a listener for seccomp notifications to its agent */
#include "runtime/linux/seccomp_notify.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/unix_socket.h"

/* A backlog that is full makes connect(2) wait, a full buffer sendmsg(2). */
static int set_timeout(int sock)
{
	const struct timeval limit = { .tv_sec = 10 };

	return setsockopt(sock, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof(limit)) < 0 ? -errno : 0;
}

static int connect_agent(const char *path)
{
	auto_close int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r;

	if (sock < 0)
		return -errno;
	r = set_timeout(sock);
	if (r == 0)
		r = unix_socket_connect_path(sock, path);
	if (r < 0)
		return r == -EAGAIN ? -ETIMEDOUT : r;
	return take_fd(&sock);
}

/* The descriptor goes with the first byte, so that a stream cannot tear them apart. */
static int send_all(int sock, const char *document, size_t len, int listener)
{
	int r = fd_send(sock, document, 1, &listener, 1);

	for (size_t sent = 1; r == 0 && sent < len;) {
		ssize_t more = send(sock, document + sent, len - sent, MSG_NOSIGNAL);

		if (more >= 0)
			sent += (size_t)more;
		else if (errno != EINTR)
			r = -errno;
	}
	return r == -EAGAIN ? -ETIMEDOUT : r;
}

int seccomp_notify_send(const char *path, const void *document, size_t len, int listener,
			struct error *err)
{
	auto_close int sock = connect_agent(path);
	int r;

	if (sock < 0)
		return error_errno(err, sock, "connect to the seccomp agent at \"%s\"", path);
	r = send_all(sock, document, len, listener);
	return r < 0 ? error_errno(err, r, "send to the seccomp agent at \"%s\"", path) : 0;
}
