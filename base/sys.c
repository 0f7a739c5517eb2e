/* sys.c - system calls that glibc lacks or that are wanted with -errno instead of errno */
#include "base/sys.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/pidfd.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

static int result(long r)
{
	return r < 0 ? -errno : (int)r;
}

int sys_open(const char *path, int flags, mode_t mode)
{
	return sys_openat(AT_FDCWD, path, flags, mode);
}

int sys_openat(int dirfd, const char *path, int flags, mode_t mode)
{
	int r;

	do
		r = result(openat(dirfd, path, flags, mode));
	while (r == -EINTR);
	return r;
}

int sys_openat2(int dirfd, const char *path, const struct open_how *how)
{
	int r;

	do
		r = result(syscall(SYS_openat2, dirfd, path, how, sizeof(*how)));
	while (r == -EAGAIN || r == -EINTR);
	return r;
}

pid_t sys_clone3(struct clone_args *args)
{
	return (pid_t)result(syscall(SYS_clone3, args, sizeof(*args)));
}

int sys_pidfd_open(pid_t pid, unsigned int flags)
{
	return result(pidfd_open(pid, flags));
}

int sys_pidfd_send_signal(int pidfd, int signal)
{
	return result(pidfd_send_signal(pidfd, signal, NULL, 0));
}

int sys_close_range(unsigned int first, unsigned int last, unsigned int flags)
{
	return result(close_range(first, last, (int)flags));
}

int sys_fsopen(const char *type, unsigned int flags)
{
	return result(fsopen(type, flags));
}

int sys_fsconfig(int fd, unsigned int command, const char *key, const void *value, int aux)
{
	return result(fsconfig(fd, command, key, value, aux));
}

int sys_fsmount(int fd, unsigned int flags, unsigned int attributes)
{
	return result(fsmount(fd, flags, attributes));
}

int sys_open_tree(int dirfd, const char *path, unsigned int flags)
{
	return result(open_tree(dirfd, path, flags));
}

int sys_move_mount(int from_fd, const char *from_path, int to_fd, const char *to_path,
		   unsigned int flags)
{
	return result(move_mount(from_fd, from_path, to_fd, to_path, flags));
}

int sys_mount_setattr(int dirfd, const char *path, unsigned int flags, struct mount_attr *attr,
		      size_t size)
{
	return result(mount_setattr(dirfd, path, flags, attr, size));
}

int sys_pivot_root(const char *new_root, const char *put_old)
{
	return result(syscall(SYS_pivot_root, new_root, put_old));
}

int sys_setns(int fd, int types)
{
	return result(setns(fd, types));
}

int sys_unshare(int types)
{
	return result(unshare(types));
}

int sys_waitid_exit(int id_type, id_t id, siginfo_t *info)
{
	int r;

	do
		r = result(waitid((idtype_t)id_type, id, info, WEXITED));
	while (r == -EINTR);
	return r;
}
