/* unit.h - cmocka with the headers that it wants before it, and what unit tests share */
#pragma once
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/fd.h"
#include "base/file.h"

#define LEN(array) (sizeof(array) / sizeof((array)[0]))

/* A directory of its own for one test: setup and teardown of cmocka. *state: its path. */
static inline int scratch_make(void **state)
{
	char path[] = "/tmp/gocker-unit.XXXXXX";

	if (!mkdtemp(path))
		return -1;
	*state = strdup(path);
	return 0;
}

static inline int scratch_remove(void **state)
{
	int r = file_remove_tree_at(AT_FDCWD, *state);

	free(*state);
	return r;
}

/* Return: a descriptor of the test's directory. */
static inline int scratch_open(void **state)
{
	int fd = open(*state, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

/* Return: how many entries a directory has. */
static inline int count_entries(int dirfd)
{
	int fd = openat(dirfd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC), count = 0;
	DIR *dir = fdopendir(fd);
	const struct dirent *entry;

	assert_non_null(dir);
	while ((entry = readdir(dir)))
		count += strcmp(entry->d_name, ".") && strcmp(entry->d_name, "..");
	closedir(dir);
	return count;
}

/* Return: how many descriptors this process has. */
static inline int count_fds(void)
{
	auto_close int fd = open("/proc/self/fd", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return count_entries(fd);
}

static inline void assert_file_is(int dirfd, const char *name, const char *wanted)
{
	auto_buf struct buf text = { 0 };

	assert_int_equal(file_read_at(dirfd, name, 1 << 20, &text), 0);
	assert_string_equal(text.data, wanted);
}
