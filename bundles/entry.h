/* entry.h - the names in an archive, which nobody may trust */
#pragma once
#include "base/error.h"
#include "bundles/rootfs.h"

enum {
	ENTRY_NAME_SIZE = 4096, /* PATH_MAX, with the NUL */
	ENTRY_COMPONENT_MAX = 255,
	ENTRY_DEPTH_MAX = 128,
};

/*
 * Writes the name without "./" and repeated slashes; "." is the root itself. kind ("name", "hard
 * link to") stands in the message.
 * Return: 0; -EINVAL where it is absolute, empty or has ".."; -ENAMETOOLONG where it, one of its
 * components or their number is too large.
 */
int entry_clean_name(const char *kind, const char *name, char clean[ENTRY_NAME_SIZE],
		     struct error *err);

/*
 * Makes what is missing of the directories above the cleaned name, 0755 and owned by the root of
 * the policy.
 * Return: 0; -ELOOP where one of them is a symlink; -ENOTDIR where one is no directory; or -errno
 * of openat2(2), mkdirat(2), fchownat(2).
 */
int entry_make_parents(int rootfs_fd, const char *name, const struct rootfs_policy *policy,
		       struct error *err);
