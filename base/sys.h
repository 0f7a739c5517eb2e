/* sys.h - system calls that glibc lacks or that are wanted with -errno instead of errno */
#pragma once
#include <linux/openat2.h>
#include <linux/sched.h>
#include <signal.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

struct mount_attr;

/* Each: Return: >= 0 or -errno of the system call in section 2. They say nothing. */
int sys_open(const char *path, int flags, mode_t mode);
int sys_openat(int dirfd, const char *path, int flags, mode_t mode);

/* EAGAIN (a rename raced with the look-up) and EINTR are retried, openat2(2). */
int sys_openat2(int dirfd, const char *path, const struct open_how *how);

/* A fork with namespaces; args->stack stays 0. Returns twice, as fork(2). */
pid_t sys_clone3(struct clone_args *args);

int sys_pidfd_open(pid_t pid, unsigned int flags);
int sys_pidfd_send_signal(int pidfd, int signal);
int sys_close_range(unsigned int first, unsigned int last, unsigned int flags);

int sys_fsopen(const char *type, unsigned int flags);
int sys_fsconfig(int fd, unsigned int command, const char *key, const void *value, int aux);
int sys_fsmount(int fd, unsigned int flags, unsigned int attributes);
int sys_open_tree(int dirfd, const char *path, unsigned int flags);
int sys_move_mount(int from_fd, const char *from_path, int to_fd, const char *to_path,
		   unsigned int flags);
int sys_mount_setattr(int dirfd, const char *path, unsigned int flags, struct mount_attr *attr,
		      size_t size);
int sys_pivot_root(const char *new_root, const char *put_old);
int sys_setns(int fd, int types);
int sys_unshare(int types);
int sys_waitid_exit(int id_type, id_t id, siginfo_t *info);
