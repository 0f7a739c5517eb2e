/* rootfs_move.h - makes the container's root "/" without pivot_root(2) (--no-pivot) */
#pragma once
#include "base/error.h"

/*
 * Instead of rootfs_pivot, where "/" cannot be changed because it is the initramfs: moves the
 * root over "/" and goes there. What else is mounted by the host is unmounted, but for "/" itself:
 * who may unmount gets there. Where a user namespace keeps the host's mounts locked, they stay as
 * well; whole procfs and sysfs are covered then, as the kernel would let the container mount its
 * own without the masks of the present ones (mount_too_revealing() in fs/namespace.c).
 * path: where rootfs_attach has put the root, on the host. /proc is the host's.
 * Return: 0; -EINVAL in a chroot, out of which `exec` would lead; -errno of mount_setattr(2),
 * move_mount(2), setns(2).
 */
int rootfs_move(int root, const char *path, struct error *err);
