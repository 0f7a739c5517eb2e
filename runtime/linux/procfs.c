/* procfs.c - a /proc that nobody else has touched */
#include "runtime/linux/procfs.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"

enum { ROOT_INODE = 1 }; /* PROC_ROOT_INO */

static int private_make(void)
{
	auto_close int context = sys_fsopen("proc", FSOPEN_CLOEXEC);
	int r;

	if (context < 0)
		return context;
	r = sys_fsconfig(context, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (r < 0)
		return r;
	return sys_fsmount(context, FSMOUNT_CLOEXEC,
			   MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC);
}

/* Any other procfs, such as a bind mount of a directory of it, has another inode as its root. */
static int check(int fd, struct error *err)
{
	struct statfs fs;
	struct stat st;

	if (fstatfs(fd, &fs) < 0 || fstat(fd, &st) < 0)
		return error_errno(err, errno, "look at /proc");
	if (fs.f_type != PROC_SUPER_MAGIC || st.st_ino != ROOT_INODE)
		return error_set(err, EINVAL, "/proc is not a procfs");
	return 0;
}

static int present_open(struct error *err)
{
	const struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	auto_close int fd = sys_openat2(AT_FDCWD, "/proc", &how);
	int r;

	if (fd < 0)
		return error_errno(err, fd, "open /proc");
	r = check(fd, err);
	return r < 0 ? r : take_fd(&fd);
}

int procfs_open_private(struct error *err)
{
	int fd = private_make();

	return fd < 0 ? present_open(err) : fd;
}

int procfs_open_own(int proc_fd, const char *path, int flags)
{
	/*
	 * thread-self is the one symlink on the way; the kernel computes its text in the pid
	 * namespace of this procfs, and NO_XDEV holds against whatever is mounted on it.
	 */
	const struct open_how how = {
		.flags = (unsigned int)(flags | O_CLOEXEC | O_NOCTTY),
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS | RESOLVE_NO_XDEV,
	};
	char own[128];
	int len = snprintf(own, sizeof(own), "thread-self/%s", path);

	if (len < 0 || (size_t)len >= sizeof(own))
		return -ENAMETOOLONG;
	return sys_openat2(proc_fd, own, &how);
}

/* Kernel files take a value whole or not at all: one write(2), and a short one is a failure. */
static int value_write(int fd, const char *value)
{
	size_t len = strlen(value);
	ssize_t written;

	do
		written = write(fd, value, len);
	while (written < 0 && errno == EINTR);
	if (written < 0)
		return -errno;
	return (size_t)written == len ? 0 : -EIO;
}

int procfs_set(int proc_fd, const char *path, const char *value)
{
	const struct open_how how = {
		.flags = O_WRONLY | O_CLOEXEC | O_NOCTTY,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	auto_close int fd = sys_openat2(proc_fd, path, &how);

	return fd < 0 ? fd : value_write(fd, value);
}

int procfs_set_own(int proc_fd, const char *path, const char *value)
{
	auto_close int fd = procfs_open_own(proc_fd, path, O_WRONLY);

	return fd < 0 ? fd : value_write(fd, value);
}
