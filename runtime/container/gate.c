/* gate.c - the socket where a created container's process waits for `start` */
#include "runtime/container/gate.h"

#include <errno.h>
#include <sys/socket.h>

#include "base/fd.h"
#include "base/sys.h"
#include "base/unix_socket.h"
#include "runtime/container/store.h"
#include "runtime/container/sync.h"

int gate_make(int entry, struct error *err)
{
	auto_close int gate = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);
	struct sockaddr_un address = unix_socket_address(entry, store_gate_file);

	if (gate < 0)
		return error_errno(err, errno, "make a socket");
	if (bind(gate, (struct sockaddr *)&address, sizeof(address)) < 0)
		return error_errno(err, errno, "bind the socket \"%s\" in the state directory",
				   store_gate_file);
	return take_fd(&gate);
}

int gate_attend(int gate, struct error *err)
{
	enum { CALLERS = 8 };

	return listen(gate, CALLERS) < 0 ? error_errno(err, errno, "listen at the gate") : 0;
}

int gate_wait(int gate, struct error *err)
{
	for (;;) {
		auto_close int caller = accept4(gate, NULL, NULL, SOCK_CLOEXEC);
		struct sync_message message;
		auto_close int fd = -1;

		if (caller < 0 && (errno == EINTR || errno == ECONNABORTED))
			continue;
		if (caller < 0)
			return error_errno(err, errno, "wait for start");
		if (sync_receive(caller, &message, &fd) == 0 && message.type == SYNC_EXECUTE)
			return take_fd(&caller);
	}
}

/* flags: of socket(2). Return: a socket or -errno. */
static int connect_gate(int entry, int flags)
{
	auto_close int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC | flags, 0);
	struct sockaddr_un address = unix_socket_address(entry, store_gate_file);
	int r = sock < 0 ? -errno : unix_socket_connect(sock, &address);

	return r < 0 ? r : take_fd(&sock);
}

int gate_connect(int entry, struct error *err)
{
	int sock = connect_gate(entry, 0);

	return sock < 0 ? error_errno(err, sock, "connect to the container's process") : sock;
}

int gate_is_attended(int entry, struct error *err)
{
	auto_close int sock = connect_gate(entry, SOCK_NONBLOCK);

	/* EAGAIN: many have asked already, and the process is stopped. */
	if (sock >= 0 || sock == -EAGAIN)
		return 1;
	if (sock == -ECONNREFUSED || sock == -ENOENT)
		return 0;
	return error_errno(err, sock, "look whether the container's process waits for start");
}

/* The kernel keeps for callers who it was that called listen(2): SO_PEERCRED, unix(7). */
int gate_find_process(int entry)
{
	auto_close int first = connect_gate(entry, SOCK_NONBLOCK);
	auto_close int second = -1;
	auto_close int pidfd = -1;
	struct ucred peer;
	socklen_t len = sizeof(peer);

	if (first < 0 || getsockopt(first, SOL_SOCKET, SO_PEERCRED, &peer, &len) < 0 ||
	    peer.pid <= 0)
		return -ESRCH;
	pidfd = sys_pidfd_open(peer.pid, 0);
	/* Whoever is at the gate now has been there all the time: nobody else has its number. */
	second = connect_gate(entry, SOCK_NONBLOCK);
	if (pidfd < 0 || (second < 0 && second != -EAGAIN))
		return -ESRCH;
	return take_fd(&pidfd);
}
