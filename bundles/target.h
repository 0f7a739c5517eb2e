/* target.h - the bundle's directory: made whole or not at all */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * The bundle grows in a temporary directory inside its own, so that it can be renamed into place.
 * Start with TARGET_NONE, end with target_close.
 */
struct target {
	const char *path;
	int fd, temporary_fd, rootfs_fd;
	int made; /* directories, for directory_unmake */
	char temporary[sizeof(".gocker-bundle.XXXXXX")];
};

#define TARGET_NONE { .fd = -1, .temporary_fd = -1, .rootfs_fd = -1 }

/*
 * Before anything is made: can a bundle be made there?
 * Return: 0; -EEXIST where there is one and force is not set; -ENOTDIR; -errno of openat(2).
 */
int target_check(const char *path, bool force, struct error *err);

/* Makes the directory where it is not there (mode), and the temporary one. Return: 0 or -errno. */
int target_open(const char *path, mode_t mode, struct target *target, struct error *err);

/* Return: whether the directory, or one above it, keeps other users from what is in it. */
bool target_is_private(const struct target *target);

/*
 * Writes config.json and renames both into place; with force, over what is there.
 * Return: 0; -EEXIST; -errno of write(2), renameat2(2), and what was there is as before.
 */
int target_commit(struct target *target, const struct buf *config, bool force, struct error *err);

/*
 * Removes the temporary directory with all that is left in it, and unless keep, the directories
 * that were made.
 * Return: 0, or -errno where something cannot be removed.
 */
int target_close(struct target *target, bool keep, struct error *err);
