/* rootfs_shared.h - the container's root among the host's mounts, for want of a mount namespace */
#pragma once
#include <stdint.h>

#include "base/error.h"

/*
 * The number by which the kernel knows a mount, also a detached one that is attached later.
 * Return: 0; -errno of statx(2).
 */
int rootfs_shared_id(int tree_fd, uint64_t *id, struct error *err);

/*
 * Attaches a detached tree over the directory at path, and leaves all other mounts as they are.
 * What is mounted below the result comes and goes with it.
 * Return: an O_PATH descriptor of the container's root; -errno of mount_setattr(2), move_mount(2).
 */
int rootfs_shared_attach(int tree_fd, const char *path, struct error *err);

/* Makes it the root and the working directory of this process. Return: 0; -errno of chroot(2). */
int rootfs_shared_enter(int root, struct error *err);

/* As rootfs_shared_enter for another process: -ESTALE where path is not that mount any more. */
int rootfs_shared_join(const char *path, uint64_t id, struct error *err);

/*
 * Takes the mount and all below it away; those of others stay.
 * Return: 0 (also where it is gone); -ESTALE where another mount covers it; -errno of umount2(2).
 */
int rootfs_shared_detach(const char *path, uint64_t id, struct error *err);
