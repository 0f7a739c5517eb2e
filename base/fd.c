/* fd.c - file descriptors: who owns them, and sending them to another process */
#include "base/fd.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static unsigned long call_token[FD_TOKEN_LEN];

void fd_set_token(const uint64_t token[FD_TOKEN_LEN])
{
	for (size_t i = 0; i < FD_TOKEN_LEN; i++)
		call_token[i] = (unsigned long)token[i];
}

void fd_close(int *fd)
{
	int saved = errno;

	if (*fd >= 0)
		syscall(SYS_close, *fd, 0, 0, call_token[0], call_token[1], call_token[2]);
	*fd = -1;
	errno = saved;
}

int take_fd(int *fd)
{
	int taken = *fd;

	*fd = -1;
	return taken;
}

int fd_set_cloexec(int fd, bool cloexec)
{
	return fcntl(fd, F_SETFD, cloexec ? FD_CLOEXEC : 0) < 0 ? -errno : 0;
}

/* number: SYS_sendmsg or SYS_recvmsg. Return: as those, with errno. */
static ssize_t call_with_token(long number, int sock, struct msghdr *message, int flags)
{
	ssize_t done;

	do
		done = syscall(number, sock, message, flags, call_token[0], call_token[1],
			       call_token[2]);
	while (done < 0 && errno == EINTR);
	return done;
}

union control {
	char data[CMSG_SPACE(sizeof(int) * FD_PASS_MAX)];
	struct cmsghdr align;
};

int fd_send(int sock, const void *data, size_t len, const int *fds, size_t fds_len)
{
	union control control = { 0 };
	struct iovec part = { .iov_base = (void *)data, .iov_len = len };
	struct msghdr message = { .msg_iov = &part, .msg_iovlen = 1 };
	ssize_t sent;

	if (fds_len > FD_PASS_MAX)
		return -E2BIG;
	if (fds_len) {
		struct cmsghdr *header = &control.align;

		message.msg_control = control.data;
		message.msg_controllen = CMSG_SPACE(sizeof(int) * fds_len);
		header->cmsg_level = SOL_SOCKET;
		header->cmsg_type = SCM_RIGHTS;
		header->cmsg_len = CMSG_LEN(sizeof(int) * fds_len);
		memcpy(CMSG_DATA(header), fds, sizeof(int) * fds_len);
	}
	sent = call_with_token(SYS_sendmsg, sock, &message, MSG_NOSIGNAL);
	return sent < 0 ? -errno : 0;
}

/* Takes the descriptors out of a received message; those for which there is no room are closed. */
static size_t take_descriptors(struct msghdr *message, int *fds, size_t room)
{
	size_t taken = 0;

	for (struct cmsghdr *header = CMSG_FIRSTHDR(message); header;
	     header = CMSG_NXTHDR(message, header)) {
		size_t len;

		if (header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS)
			continue;
		len = (header->cmsg_len - CMSG_LEN(0)) / sizeof(int);
		for (size_t i = 0; i < len; i++) {
			int fd;

			memcpy(&fd, CMSG_DATA(header) + i * sizeof(int), sizeof(fd));
			if (taken < room)
				fds[taken++] = fd;
			else
				close(fd);
		}
	}
	return taken;
}

ssize_t fd_receive(int sock, void *data, size_t len, int *fds, size_t *fds_len)
{
	int taken[FD_PASS_MAX];
	size_t taken_len, room = *fds_len < FD_PASS_MAX ? *fds_len : FD_PASS_MAX;
	union control control = { 0 };
	struct iovec part = { .iov_base = data, .iov_len = len };
	struct msghdr message = {
		.msg_iov = &part,
		.msg_iovlen = 1,
		.msg_control = control.data,
		.msg_controllen = sizeof(control.data),
	};
	ssize_t received;

	received = call_with_token(SYS_recvmsg, sock, &message, MSG_CMSG_CLOEXEC);
	if (received < 0)
		return -errno;
	taken_len = take_descriptors(&message, taken, room);
	if (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC)) {
		for (size_t i = 0; i < taken_len; i++)
			close(taken[i]);
		return -EMSGSIZE;
	}
	for (size_t i = 0; i < taken_len; i++)
		fds[i] = taken[i];
	*fds_len = taken_len;
	return received;
}
