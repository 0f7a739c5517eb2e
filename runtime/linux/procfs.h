/* procfs.h - a /proc that nobody else has touched */
#pragma once
#include "base/error.h"

/*
 * Makes a procfs of the present pid namespace that is mounted nowhere, so that no mount of the
 * container can lie over its files (CVE-2019-16884, CVE-2025-52881). Where the kernel refuses one
 * (without CAP_SYS_ADMIN, or in a user namespace that sees /proc only with parts covered:
 * mount_too_revealing() in fs/namespace.c) the present /proc is opened and checked instead;
 * procfs_set notices what is mounted over its files. It may count the pids of another namespace.
 * Return: a descriptor, close-on-exec; -EINVAL where /proc is no procfs; or -errno of openat2(2),
 * fstatfs(2).
 */
int procfs_open_private(struct error *err);

/*
 * Writes value in one write(2) to a file below proc_fd; no symlink ("self" and "thread-self"
 * included), no mount and no way up is followed, so that the file is procfs's own.
 * Return: 0 or -errno of openat2(2), write(2); -ELOOP at a symlink, -EXDEV at a mount. It says
 * nothing.
 */
int procfs_set(int proc_fd, const char *path, const char *value);

/*
 * Opens a file of the calling thread ("attr/exec", "oom_score_adj") as procfs_set does.
 * Return: a descriptor, close-on-exec, or -errno as of procfs_set; -ENOENT where the pid namespace
 * of proc_fd does not have this process.
 */
int procfs_open_own(int proc_fd, const char *path, int flags);

/* Writes value as procfs_open_own opens. Return: 0 or -errno. Says nothing. */
int procfs_set_own(int proc_fd, const char *path, const char *value);
