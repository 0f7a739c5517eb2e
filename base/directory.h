/* directory.h - reads what is in a directory */
#pragma once
#include <dirent.h>

#include "base/error.h"

/*
 * Whether a directory is this user's alone: whoever can write it decides what is done by what is in
 * it. path is for the message. Return: 0; -EPERM where another user owns or could write it; -errno
 * of fstat(2).
 */
int directory_check_owner(int fd, const char *path, struct error *err);

/*
 * Opens the directory for reading from its start, whatever dirfd was opened for. name: below dirfd,
 * or "." for itself; a symlink is not followed.
 * Return: 0, *directory is the caller's; -errno of open(2).
 */
int directory_open(int dirfd, const char *name, DIR **directory);

/*
 * Return: the next entry, never "." or ".."; NULL: there is none, or reading failed, and errno,
 * which is 0 otherwise, has the reason. readdir(3) tells how long it lives.
 */
const struct dirent *directory_next(DIR *directory);

/* Closes it; NULL is fine. */
void directory_close(DIR **directory);

#define auto_directory __attribute__((cleanup(directory_close)))
