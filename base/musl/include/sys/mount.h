/* mount.h - musl's, with the calls of Linux 5.2 that glibc has there */
#pragma once
#include_next <sys/mount.h>

#include <linux/mount.h>
#include <stddef.h>

int open_tree(int dirfd, const char *path, unsigned int flags);
int move_mount(int from_dirfd, const char *from, int to_dirfd, const char *to, unsigned int flags);
int fsopen(const char *type, unsigned int flags);
int fspick(int dirfd, const char *path, unsigned int flags);
int fsconfig(int fs, unsigned int cmd, const char *key, const void *value, int aux);
int fsmount(int fs, unsigned int flags, unsigned int attributes);
int mount_setattr(int dirfd, const char *path, unsigned int flags, struct mount_attr *attr,
		  size_t size);
