/* bridge_root.c - the folder of all that is known of bridges, and its lock */
#include "runtime/net/bridge_root.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"

const char bridge_root[] = "/run/gocker/.net";

static const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;

/* The folder above it is that of containers, and as open as store_open() makes that. */
static int make_root(struct error *err)
{
	static const char above[] = "/run/gocker";
	auto_close int fd = -1;
	int r = file_make_directories(above, 0711);

	if (r == 0)
		r = fd = sys_open(above, flags, 0);
	if (r < 0)
		return error_errno(err, r, "make the directory \"%s\"", above);
	r = directory_check_owner(fd, above, err);
	if (r == 0 && mkdirat(fd, ".net", 0700) < 0 && errno != EEXIST)
		r = error_errno(err, errno, "make the directory \"%s\"", bridge_root);
	return r;
}

int bridge_root_open(bool make, struct error *err)
{
	auto_close int fd = sys_open(bridge_root, flags, 0);
	int r;

	if (fd == -ENOENT && make) {
		r = make_root(err);
		if (r < 0)
			return r;
		fd = sys_open(bridge_root, flags, 0);
	}
	if (fd < 0)
		return error_errno(err, fd, "open the directory \"%s\"", bridge_root);
	r = directory_check_owner(fd, bridge_root, err);
	return r < 0 ? r : take_fd(&fd);
}

int bridge_root_lock(struct error *err)
{
	auto_close int fd = bridge_root_open(true, err);
	int r;

	if (fd < 0)
		return fd;
	do
		r = flock(fd, LOCK_EX);
	while (r < 0 && errno == EINTR);
	return r < 0 ? error_errno(err, errno, "lock \"%s\"", bridge_root) : take_fd(&fd);
}
