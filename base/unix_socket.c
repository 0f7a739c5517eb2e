/* unix_socket.c - addresses of unix(7) sockets: files, whatever the length of their path */
#include "base/unix_socket.h"

#include <errno.h>
#include <fcntl.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/sys.h"

struct sockaddr_un unix_socket_address(int dirfd, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };

	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d/%s", dirfd, name);
	return address;
}

static int connect_address(int sock, const struct sockaddr_un *address, size_t len)
{
	int r;

	do
		r = connect(sock, (const struct sockaddr *)address, (socklen_t)len);
	while (r < 0 && errno == EINTR);
	return r < 0 ? -errno : 0;
}

int unix_socket_connect(int sock, const struct sockaddr_un *address)
{
	return connect_address(sock, address, sizeof(*address));
}

int unix_socket_connect_path(int sock, const char *path)
{
	auto_close int file = sys_open(path, O_PATH | O_CLOEXEC, 0);
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	struct stat st;

	if (file < 0)
		return file;
	if (fstat(file, &st) < 0)
		return -errno;
	if (!S_ISSOCK(st.st_mode))
		return -ENOTSOCK;
	snprintf(address.sun_path, sizeof(address.sun_path), "/proc/self/fd/%d", file);
	return unix_socket_connect(sock, &address);
}

int unix_socket_connect_abstract(int sock, const char *name)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	size_t len = strlen(name);

	if (len >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path + 1, name, len);
	return connect_address(sock, &address, offsetof(struct sockaddr_un, sun_path) + 1 + len);
}
