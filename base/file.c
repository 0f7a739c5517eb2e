/* file.c - whole files: read, written, replaced */
#include "base/file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/sys.h"

enum { READ_CHUNK = 8192 };

int file_read_fd(int fd, size_t max, struct buf *buf)
{
	size_t start = buf->len;
	char chunk[READ_CHUNK];

	for (;;) {
		ssize_t got = read(fd, chunk, sizeof(chunk));

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return -errno;
		/* Most files are much shorter than a chunk, and so is then what holds them. */
		buf_add(buf, chunk, (size_t)got);
		if (!got)
			return 0;
		if (buf->len - start > max)
			return -EFBIG;
	}
}

int file_read_sized(int fd, size_t size, size_t max, struct buf *buf)
{
	ssize_t got;

	if (size > max)
		return -EFBIG;
	do
		got = read(fd, buf_reserve(buf, size + 1), size + 1);
	while (got < 0 && errno == EINTR);
	if (got < 0)
		return -errno;
	buf->len += (size_t)got;
	buf->data[buf->len] = 0;
	/* There was room for more, which it would have filled. */
	if ((size_t)got == size)
		return 0;
	return (size_t)got > max ? -EFBIG : file_read_fd(fd, max - (size_t)got, buf);
}

int file_read_at(int dirfd, const char *path, size_t max, struct buf *buf)
{
	auto_close int fd = sys_openat(dirfd, path, O_RDONLY | O_CLOEXEC, 0);

	return fd < 0 ? fd : file_read_fd(fd, max, buf);
}

int file_write_fd(int fd, const void *data, size_t len)
{
	const char *rest = data;

	while (len) {
		ssize_t written = write(fd, rest, len);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return -errno;
		rest += written;
		len -= (size_t)written;
	}
	return 0;
}

int file_set_at(int dirfd, const char *path, const char *text)
{
	auto_close int fd = sys_openat(dirfd, path, O_WRONLY | O_CLOEXEC, 0);
	ssize_t written;

	if (fd < 0)
		return fd;
	do
		written = write(fd, text, strlen(text));
	while (written < 0 && errno == EINTR);
	return written < 0 ? -errno : 0;
}

/*
 * ext4 allocates the blocks of a file that is renamed over another at once, and frees those of the
 * other: where the disk discards, that takes milliseconds. An exchange is as atomic, and free.
 */
static int rename_over(int dirfd, const char *from, const char *to)
{
	if (renameat2(dirfd, from, dirfd, to, RENAME_EXCHANGE) == 0) {
		int r = unlinkat(dirfd, from, 0) < 0 ? -errno : 0;

		/* It was a directory: that goes back to its place. */
		if (r < 0)
			renameat2(dirfd, from, dirfd, to, RENAME_EXCHANGE);
		return r;
	}
	/* ENOENT: nothing to exchange it with; EINVAL: a file system without exchange. */
	return renameat(dirfd, from, dirfd, to) < 0 ? -errno : 0;
}

int file_replace_at(int dirfd, const char *name, const void *data, size_t len, mode_t mode)
{
	static const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;
	auto_close int fd = -1;
	auto_buf struct buf temporary = { 0 };
	int r;

	buf_printf(&temporary, "%s.%d.new", name, getpid());
	fd = sys_openat(dirfd, temporary.data, flags, mode);
	if (fd == -EEXIST) {
		/* One with our pid was killed before it could rename it. */
		unlinkat(dirfd, temporary.data, 0);
		fd = sys_openat(dirfd, temporary.data, flags, mode);
	}
	if (fd < 0)
		return fd;
	r = file_write_fd(fd, data, len);
	if (r == 0)
		r = rename_over(dirfd, temporary.data, name);
	if (r < 0)
		unlinkat(dirfd, temporary.data, 0);
	return r;
}

int file_make_directories(const char *path, mode_t mode)
{
	auto_buf struct buf part = { 0 };
	struct stat st;

	if (!*path)
		return -ENOENT;
	buf_puts(&part, path);
	for (char *slash = part.data; slash;) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = 0;
		if (mkdir(part.data, mode) < 0 && errno != EEXIST)
			return -errno;
		if (slash)
			*slash = '/';
	}
	/* What is there may be something else. */
	if (stat(path, &st) < 0)
		return -errno;
	return S_ISDIR(st.st_mode) ? 0 : -ENOTDIR;
}

/* A bind mount may have the device number of what it is mounted on, so that tells nothing. */
static int check_no_mount(int fd)
{
	struct statx st;

	if (statx(fd, "", AT_EMPTY_PATH, 0, &st) < 0)
		return -errno;
	return st.stx_attributes & STATX_ATTR_MOUNT_ROOT ? -EBUSY : 0;
}

int file_remove_tree_at(int dir, const char *name)
{
	auto_directory DIR *directory = NULL;
	const struct dirent *entry;
	int r;

	if (unlinkat(dir, name, 0) == 0 || errno == ENOENT)
		return 0;
	if (errno != EISDIR && errno != EPERM)
		return -errno;
	r = directory_open(dir, name, &directory);
	if (r == 0)
		r = check_no_mount(dirfd(directory));
	while (r == 0 && (entry = directory_next(directory)))
		r = file_remove_tree_at(dirfd(directory), entry->d_name);
	if (r < 0)
		return r;
	return unlinkat(dir, name, AT_REMOVEDIR) < 0 ? -errno : 0;
}
