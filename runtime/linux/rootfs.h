/* rootfs.h - the container's root: attached, looked into, completed, made "/" */
#pragma once
#include <limits.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * All that is named by a path inside the container goes through here. What is below the root is
 * hostile, also while we work: a look-up never leaves the root (openat2(2), RESOLVE_IN_ROOT),
 * symlinks are taken as the container will see them, and what comes next works on the descriptor,
 * not on the path. Paths may be absolute or relative; both are meant below the root. The caller's
 * umask is 0.
 */

/*
 * Makes the mounts of this (new) mount namespace receive from the host and never give back, then
 * attaches the tree at path, where hooks expect it, or over "/" where root of a user namespace may
 * not go to path. The process's own root stays where it is until rootfs_pivot.
 * tree_fd: a detached clone (mount_open_source), still the caller's.
 * propagation: rootfsPropagation (MS_SLAVE ..., 0). MS_SHARED leaves the host's mounts shared;
 * MS_SLAVE lets the root receive from the host; the root is private otherwise.
 * rootfs_set_propagation does what has to come last.
 * Return: an O_PATH descriptor of the container's root; -errno of mount_setattr(2), move_mount(2).
 */
int rootfs_attach(int tree_fd, const char *path, unsigned long propagation, struct error *err);

/* Return: a close-on-exec descriptor; -errno of openat2(2), with the path in the message. */
int rootfs_open(int root, const char *path, int flags, struct error *err);

/*
 * Opens a directory or file (anything but a directory) and makes what is missing, parents with mode
 * 0755. Dangling symlinks are completed inside the root.
 * Return: an O_PATH descriptor; -ENOTDIR or -EISDIR where something else is there; -ELOOP after 40
 * symlinks; -ENAMETOOLONG; -errno of openat(2), mkdirat(2), mknodat(2).
 */
int rootfs_ensure_directory(int root, const char *path, mode_t mode, struct error *err);
int rootfs_ensure_file(int root, const char *path, mode_t mode, struct error *err);

/* As rootfs_ensure_file (0644), but what path itself is may be a symlink, too. Return: the same. */
int rootfs_ensure_entry(int root, const char *path, struct error *err);

/* As rootfs_ensure_directory (0755), but a symlink in the path is refused. Return: also -ELOOP. */
int rootfs_ensure_plain_directory(int root, const char *path, struct error *err);

/*
 * Opens (and makes) the directory that holds path; name gets the last component.
 * Return: as rootfs_ensure_directory; -EINVAL where path has no last component ("/", "a/..").
 */
int rootfs_ensure_parent(int root, const char *path, char name[NAME_MAX + 1], struct error *err);

/*
 * Makes a symlink, and the directories above it. One that says the same may be there.
 * Return: 0; -EEXIST where something else is there; -errno as rootfs_ensure_parent, symlinkat(2).
 */
int rootfs_make_link(int root, const char *path, const char *target, struct error *err);

/*
 * Makes the container's root "/" and the working directory, and lets go of the host's mounts
 * without a trace on the host, also where they are shared with it.
 * Return: 0; -errno of pivot_root(2), umount2(2).
 */
int rootfs_pivot(int root, struct error *err);

/*
 * After rootfs_pivot or rootfs_move: the mount at "/", and none below it, becomes read-only.
 * Return: 0 or -errno.
 */
int rootfs_set_readonly(struct error *err);

/*
 * After rootfs_pivot or rootfs_move: what rootfsPropagation asks of "/". MS_SHARED makes a new peer
 * group, MS_UNBINDABLE forbids binds of it; the others were done by rootfs_attach.
 * Return: 0 or -errno.
 */
int rootfs_set_propagation(unsigned long propagation, struct error *err);
