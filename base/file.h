/* file.h - whole files: read, written, replaced */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include "base/buf.h"
#include "base/error.h"

/*
 * Adds the content of a file to buf. path is relative to dirfd as in openat(2).
 * Return: 0, or -errno of openat(2), read(2); -EFBIG where it has more than max bytes.
 */
int file_read_at(int dirfd, const char *path, size_t max, struct buf *buf);

/* Adds all that can be read from fd to buf. Return: 0, -errno of read(2) or -EFBIG. */
int file_read_fd(int fd, size_t max, struct buf *buf);

/*
 * As file_read_fd, of a regular file that has size bytes by fstat(2): where it is as long as that,
 * one read(2) shows it.
 */
int file_read_sized(int fd, size_t size, size_t max, struct buf *buf);

/* Writes all. Return: 0 or -errno of write(2). */
int file_write_fd(int fd, const void *data, size_t len);

/*
 * Writes text in one write(2) to an existing file: how the kernel's files (cgroup, sysctl, uid_map)
 * are set.
 * Return: 0, or -errno of openat(2), write(2). Says nothing.
 */
int file_set_at(int dirfd, const char *path, const char *text);

/*
 * Replaces a file whole: written under another name beside it, then renamed over it.
 * Return: 0, or -errno of openat(2), write(2), renameat(2); nothing is left on failure.
 */
int file_replace_at(int dirfd, const char *name, const void *data, size_t len, mode_t mode);

/*
 * Makes a directory and those above it.
 * Return: 0 (also where it is there), -ENOTDIR where something else is there, -errno of mkdir(2).
 */
int file_make_directories(const char *path, mode_t mode);

/*
 * Removes a directory with all that is in it, never across a mount, never through a symlink.
 * Return: 0 (also where it is not there) or -errno of the first failure.
 */
int file_remove_tree_at(int dir, const char *name);
