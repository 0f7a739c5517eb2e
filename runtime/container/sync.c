/* sync.c - the conversation between the runtime and the container's process */
#include "runtime/container/sync.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"

enum { HEADER_SIZE = offsetof(struct sync_message, text) };

int sync_pair(int *runtime, int *process, struct error *err)
{
	int pair[2];

	if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair) < 0)
		return error_errno(err, errno, "make a socket pair");
	*runtime = pair[0];
	*process = pair[1];
	return 0;
}

int sync_send(int sock, enum sync_type type, int number, const char *text, int fd)
{
	struct sync_message message = { .type = type, .number = number };
	size_t len = text ? strnlen(text, sizeof(message.text) - 1) : 0;

	if (len)
		memcpy(message.text, text, len);
	return fd_send(sock, &message, HEADER_SIZE + len, &fd, fd >= 0);
}

int sync_receive(int sock, struct sync_message *message, int *fd)
{
	size_t fds_len = 1;
	ssize_t len;

	*fd = -1;
	len = fd_receive(sock, message, sizeof(*message) - 1, fd, &fds_len);
	/* That is told before what the other side has still sent: its error, mostly. */
	if (len == -ECONNRESET) {
		fds_len = 1;
		len = fd_receive(sock, message, sizeof(*message) - 1, fd, &fds_len);
		if (len == 0)
			return -ECONNRESET;
	}
	if (len == 0)
		return -EPIPE;
	if (len < 0)
		return (int)len;
	if (len < HEADER_SIZE) {
		fd_close(fd);
		return -EPROTO;
	}
	((char *)message)[len] = 0;
	return 0;
}

int sync_expect(int sock, enum sync_type type, struct error *err)
{
	struct sync_message message;
	auto_close int fd = -1;
	int r = sync_receive(sock, &message, &fd);

	if (r == -EPIPE || r == -ECONNRESET)
		return error_set(err, EPIPE, "the other side of the conversation is gone");
	if (r < 0)
		return error_errno(err, r, "receive a message");
	if (message.type != type)
		return error_set(err, EPROTO, "message %u came where %u was awaited", message.type,
				 type);
	return 0;
}

void sync_send_error(int sock, const struct error *err)
{
	sync_send(sock, SYNC_ERROR, err->num, err->text, -1);
}

int sync_take_error(const struct sync_message *message, struct error *err)
{
	if (!*message->text)
		return error_errno(err, message->number, "the container's process gave no reason");
	return error_set(err, message->number, "%s", message->text);
}

static void send_log(enum log_level level, const char *message, void *sock)
{
	sync_send(*(int *)sock, SYNC_LOG, level, message, -1);
}

void sync_divert_log(int *sock)
{
	log_set_sink(send_log, sock);
}
