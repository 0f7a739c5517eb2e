/* unpack.h - a tar archive as the tree of a rootfs */
#pragma once
#include "base/error.h"
#include "bundles/rootfs.h"

enum { UNPACK_ENTRIES_MAX = 1000000 };

/*
 * Unpacks the tar archive (plain or gzip, bzip2, xz, zstd) at the offset of fd into the empty
 * directory rootfs_fd, which nobody else may be able to write to: attack A27. Device nodes are left
 * out, and what the policy does not keep. Changes the working directory and goes back.
 * Return: 0; -EINVAL where it is no archive, is empty, cut short or has an entry that could reach
 * outside; -EFBIG where it is beyond a limit; -ERANGE where an owner is outside of the policy's
 * ids; -EINTR after a signal; or -errno of the system calls.
 */
int unpack_archive(int fd, int rootfs_fd, const struct rootfs_policy *policy, struct error *err);
