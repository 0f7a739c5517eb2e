/* mask.h - maskedPaths and readonlyPaths */
#pragma once
#include "base/error.h"

/*
 * Both run before rootfs_pivot or after it ("/" as root): they use descriptors below root only.
 * Paths that are not there are skipped. paths may be NULL. Read-only paths come first: a mask on a
 * path below one of them would be cloned with it otherwise.
 */

/*
 * Covers files with /dev/null and directories with one empty read-only tmpfs (a clone for each).
 * null_fd: O_PATH descriptor of a node that is attached in this mount namespace; it is checked.
 * context: mount_label_compose's, for the tmpfs; or NULL.
 * Return: 0; -EINVAL where null_fd is not the null device; -errno of openat2(2), move_mount(2).
 */
int mask_paths(int root, char *const *paths, int null_fd, const char *context, struct error *err);

/* Binds each path over itself, read-only with all below it. Return: 0 or -errno. */
int mask_make_readonly(int root, char *const *paths, struct error *err);
