/* pidfs.c - what tells a process from all others by its pidfd, for less than procfs asks */
#include "base/pidfs.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"

/* The headers are older than the kernel: struct pidfd_info and its ioctl of linux/pidfd.h. */
struct info {
	uint64_t mask, cgroup;
	uint32_t ids[11];
	int32_t exit_code;
	uint32_t dump, signal;
};

enum { INFO_DUMP = 1 << 4, DUMPED = 1 << 0 };

/* _IOWR(0xff, 11, struct info), whose type differs among C libraries. */
static const long get_info = 3L << 30 | (long)sizeof(struct info) << 16 | 0xff << 8 | 11;

/*
 * poll(2) is silent about a first thread that has ended before the others, which is a zombie in
 * procfs. How memory would be dumped is told for as long as it has some.
 */
static bool has_memory(int pidfd)
{
	struct info info = { .mask = INFO_DUMP };

	return syscall(SYS_ioctl, pidfd, get_info, &info) == 0 && info.mask & INFO_DUMP &&
	       info.dump && !(info.dump & DUMPED);
}

static bool has_ended(int pidfd)
{
	struct pollfd end = { .fd = pidfd, .events = POLLIN };

	return poll(&end, 1, 0) == 1 && end.revents & POLLIN;
}

int pidfs_identify(int pidfd, uint64_t *inode)
{
	struct stat st;

	/* There an inode has the lower half of the number. */
	if (ULONG_MAX < UINT64_MAX)
		return -EOPNOTSUPP;
	/* A pidfd that is not on pidfs, where all have one inode, knows nothing of memory. */
	if (!has_memory(pidfd) || fstat(pidfd, &st) < 0 || !st.st_ino)
		return -EOPNOTSUPP;
	*inode = st.st_ino;
	return 0;
}

int pidfs_is_alive(pid_t pid, uint64_t inode)
{
	auto_close int pidfd = pid > 0 && inode ? sys_pidfd_open(pid, 0) : -EAGAIN;
	struct stat st;

	if (pidfd < 0 || fstat(pidfd, &st) < 0 || st.st_ino != inode)
		return -EAGAIN;
	/* Nearly all live, and its end comes after that of its memory: one question is enough. */
	if (has_memory(pidfd))
		return 1;
	return has_ended(pidfd) ? 0 : -EAGAIN;
}

int pidfs_read_boot_id(char id[PIDFS_BOOT_ID_SIZE])
{
	auto_close int fd =
		sys_open("/proc/sys/kernel/random/boot_id", O_RDONLY | O_CLOEXEC | O_NOFOLLOW, 0);
	char text[PIDFS_BOOT_ID_SIZE + 1];
	ssize_t len;

	if (fd < 0)
		return fd;
	len = read(fd, text, sizeof(text));
	if (len < 0)
		return -errno;
	/* 36 characters and the end of their line. */
	if (len != PIDFS_BOOT_ID_SIZE || text[len - 1] != '\n')
		return -EINVAL;
	memcpy(id, text, PIDFS_BOOT_ID_SIZE - 1);
	id[PIDFS_BOOT_ID_SIZE - 1] = 0;
	return 0;
}
