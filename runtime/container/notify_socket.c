/* notify_socket.c - lets the container's program tell systemd that it is ready, sd_notify(3) */
#include "runtime/container/notify_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "base/sys.h"
#include "base/unix_socket.h"
#include "runtime/container/store.h"

enum { MESSAGE_MAX = 4096, BARRIER_TIMEOUT_MS = 30 * 1000 };

static const char directory[] = "notify";

const char notify_socket_directory[] = "/run/notify";
const char notify_socket_path[] = "/run/notify/notify.sock";
const char notify_socket_link[] = "notify";

const char *notify_socket_of_host(void)
{
	const char *host = getenv("NOTIFY_SOCKET");

	return host && *host ? host : NULL;
}

const char *notify_socket_place(struct arena *arena)
{
	const char *host = notify_socket_of_host();
	struct sockaddr_un address;

	if (!host || host[0] != '/' || !host[1] || strcmp(host, path_join(arena, "/", host)) != 0)
		return NULL;
	if (strlen(host) + 1 + strlen(notify_socket_link) >= sizeof(address.sun_path))
		return NULL;
	return path_is_below(host, "/run/systemd") ? NULL : host;
}

int notify_socket_make(int entry, struct arena *arena, const char **path, struct error *err)
{
	auto_close int place_fd = -1;
	char *place;
	int r;

	if (mkdirat(entry, directory, 0755) < 0)
		return error_errno(err, errno, "make the directory \"%s\" of the state directory",
				   directory);
	place_fd = sys_openat(entry, directory, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (place_fd < 0)
		return error_errno(err, place_fd, "open the directory \"%s\"", directory);
	if (symlinkat(path_basename(notify_socket_path), place_fd, notify_socket_link) < 0)
		return error_errno(err, errno, "make the symlink \"%s\"", notify_socket_link);
	r = store_path(entry, arena, &place, err);
	if (r < 0)
		return r;
	*path = arena_printf(arena, "%s/%s", place, directory);
	return 0;
}

int notify_socket_listen(int entry, struct error *err)
{
	auto_close int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	auto_close int place = sys_openat(entry, directory, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	struct sockaddr_un address;

	if (place == -ENOENT)
		return -ENOENT;
	if (sock < 0 || place < 0)
		return error_errno(err, sock < 0 ? errno : place, "make the notify socket");
	address = unix_socket_address(place, path_basename(notify_socket_path));
	if (bind(sock, (struct sockaddr *)&address, sizeof(address)) < 0)
		return error_errno(err, errno, "bind the notify socket");
	/* Every user of the container may be the one whose program is ready. */
	if (chmod(address.sun_path, 0777) < 0)
		return error_errno(err, errno, "open the notify socket to all users");
	return take_fd(&sock);
}

/* "@name" is an abstract address, unix(7). Return: a connected socket or -errno. */
static int connect_host(const char *host)
{
	auto_close int sock = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	int r = -EAFNOSUPPORT;

	if (sock < 0)
		return -errno;
	if (*host == '/')
		r = unix_socket_connect_path(sock, host);
	else if (*host == '@')
		r = unix_socket_connect_abstract(sock, host + 1);
	return r < 0 ? r : take_fd(&sock);
}

static void tell_host(const char *host, pid_t main_pid)
{
	auto_close int sock = connect_host(host);
	char text[64];
	int len = snprintf(text, sizeof(text), "MAINPID=%d\nREADY=1", main_pid);
	int r = sock < 0 ? sock : fd_send(sock, text, (size_t)len, NULL, 0);

	if (r < 0)
		log_warning("NOTIFY_SOCKET: \"%s\" cannot be told that the container is ready: %s",
			    host, strerror(-r));
}

static bool says_ready(const char *message)
{
	static const char ready[] = "READY=1";

	for (const char *line = message; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, ready, strlen(ready)) &&
		    (!line[strlen(ready)] || line[strlen(ready)] == '\n'))
			return true;
	}
	return false;
}

int notify_socket_forward(int sock, const char *host, pid_t main_pid)
{
	char message[MESSAGE_MAX + 1];
	ssize_t len = recv(sock, message, MESSAGE_MAX, MSG_DONTWAIT);

	if (len < 0)
		return 0;
	message[len] = 0;
	if (!says_ready(message))
		return 0;
	tell_host(host, main_pid);
	return 1;
}

/* The host closes the descriptor when it has read what was sent before it, sd_notify_barrier(3). */
static void await_host(const char *host)
{
	auto_close int sock = connect_host(host), reader = -1;
	struct pollfd poll_fd = { .events = POLLIN };
	int ends[2];

	if (sock < 0 || pipe2(ends, O_CLOEXEC) < 0)
		return;
	reader = ends[0];
	poll_fd.fd = reader;
	fd_send(sock, "BARRIER=1", strlen("BARRIER=1"), &ends[1], 1);
	close(ends[1]);
	if (poll(&poll_fd, 1, BARRIER_TIMEOUT_MS) == 0)
		log_warning("NOTIFY_SOCKET: \"%s\" has not been read for %d seconds", host,
			    BARRIER_TIMEOUT_MS / 1000);
}

void notify_socket_await(int sock, const char *host, int pidfd, pid_t pid)
{
	struct pollfd fds[] = {
		{ .fd = sock, .events = POLLIN },
		{ .fd = pidfd, .events = POLLIN },
	};

	for (;;) {
		if (poll(fds, 2, -1) < 0 && errno != EINTR)
			return;
		if (fds[0].revents && notify_socket_forward(sock, host, pid) == 1) {
			await_host(host);
			return;
		}
		/* What it has sent before its end was looked for above. */
		if (fds[1].revents && !fds[0].revents)
			return;
	}
}
