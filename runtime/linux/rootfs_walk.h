/* rootfs_walk.h - looks a path up below the container's root, and makes what is missing of it */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

/* The ground of rootfs.h, which has the messages. plain: a symlink on the way is refused. */

/* Return: a descriptor, close-on-exec, or -errno of openat2(2); -ELOOP at a symlink. */
int rootfs_walk_open(int root, const char *path, int flags, bool plain);

/*
 * Makes what is missing: directories with mode 0755, at the end what mode says (S_IFDIR or S_IFREG
 * with its rights).
 * Return: an O_PATH descriptor of the end; -ENOTDIR, -EISDIR where something else is there; -ELOOP
 * after 40 symlinks; -ENAMETOOLONG; -errno of openat(2), mkdirat(2), mknodat(2).
 */
int rootfs_walk(int root, const char *path, mode_t mode, bool plain);
