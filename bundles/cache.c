/* cache.c - downloads that are kept, named by their checksum */
#include "bundles/cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/log.h"
#include "base/sys.h"
#include "bundles/directory.h"
#include "bundles/download.h"
#include "bundles/hint.h"
#include "bundles/interrupt.h"

struct cache {
	const char *path;
	int fd;   /* the directory; locked while a download goes on */
	int made; /* for directory_unmake */
	const char *sum;
	const char *name, *partial;
	const char *url;
	uint64_t max;
};

static const char *find_path(struct arena *arena)
{
	const char *cache = getenv("XDG_CACHE_HOME");
	const char *home = getenv("HOME");

	/* XDG base directories: a relative path is to be ignored. */
	if (cache && *cache == '/')
		return arena_printf(arena, "%s/gocker", cache);
	if (geteuid() == 0)
		return "/var/cache/gocker";
	return home && *home == '/' ? arena_printf(arena, "%s/.cache/gocker", home) : NULL;
}

static int open_directory(struct cache *cache, struct error *err)
{
	struct stat st;
	int r;

	if (!cache->path)
		return error_set(err, ENOENT, "no place for the cache: set XDG_CACHE_HOME or HOME");
	r = directory_make(cache->path, 0700, 0700);
	if (r < 0)
		return hint_errno(err, r, "make cache \"%s\"", cache->path);
	cache->made = r;
	cache->fd = sys_open(cache->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (cache->fd < 0)
		return error_errno(err, cache->fd, "open cache \"%s\"", cache->path);
	if (fstat(cache->fd, &st) < 0)
		return error_errno(err, errno, "look at cache \"%s\"", cache->path);
	/* Who can write there could change a file between its verification and its use. */
	if (st.st_uid != geteuid() || st.st_mode & 022)
		return error_set(err, EPERM,
				 "cache \"%s\" can be written by others: remove it or set "
				 "XDG_CACHE_HOME",
				 cache->path);
	return 0;
}

/* Return: 1 with *fd, 0 where the file is not there or is damaged (it is removed then), -errno. */
static int open_verified(const struct cache *cache, int *fd, struct error *err)
{
	const int flags = O_RDONLY | O_NOFOLLOW | O_CLOEXEC;
	auto_close int file = sys_openat(cache->fd, cache->name, flags, 0);
	char sum[CHECKSUM_SIZE];
	int r;

	if (file == -ENOENT)
		return 0;
	if (file < 0)
		return error_errno(err, file, "open \"%s/%s\"", cache->path, cache->name);
	r = checksum_of_fd(file, sum, err);
	if (r < 0)
		return error_context(err, "\"%s/%s\"", cache->path, cache->name);
	if (strcmp(sum, cache->sum) != 0) {
		log_warning("\"%s/%s\" is damaged and is downloaded again", cache->path,
			    cache->name);
		unlinkat(cache->fd, cache->name, 0);
		return 0;
	}
	*fd = take_fd(&file);
	return 1;
}

/* Another gocker-bundle may be downloading; its file is ours when it has ended. */
static int lock(const struct cache *cache, struct error *err)
{
	int r = flock(cache->fd, LOCK_EX) < 0 ? -errno : 0;

	if (interrupt_check(err) < 0)
		return -EINTR;
	return r < 0 ? error_errno(err, r, "wait for the lock on cache \"%s\"", cache->path) : 0;
}

/* Return: 1 where fd has the sum now, 0 where it has another one, -errno. */
static int download_once(const struct cache *cache, int fd, char sum[CHECKSUM_SIZE],
			 struct error *err)
{
	int r = download_file(cache->url, fd, cache->max, err);

	if (r == 0)
		r = checksum_of_fd(fd, sum, err);
	return r < 0 ? r : !strcmp(sum, cache->sum);
}

static int complete(const struct cache *cache, int fd, struct error *err)
{
	bool resumed = lseek(fd, 0, SEEK_END) > 0;
	char sum[CHECKSUM_SIZE];
	int r = 0;

	/* Who was ended between the download and its renaming left the whole. */
	if (resumed)
		r = checksum_of_fd(fd, sum, err) == 0 && !strcmp(sum, cache->sum);
	if (r == 0)
		r = download_once(cache, fd, sum, err);
	/* What an earlier run left may be what is wrong. */
	if (r == 0 && resumed) {
		if (ftruncate(fd, 0) < 0)
			return error_errno(err, errno,
					   "empty \"%s/%s\"", cache->path, cache->partial);
		r = download_once(cache, fd, sum, err);
	}
	if (r < 0)
		return r;
	if (r == 0)
		return error_set(err, EBADMSG,
				 "\"%s\" has the SHA-512 sum %.16s..., but %.16s... was expected: "
				 "it was damaged or changed on its way, try another mirror",
				 cache->url, sum, cache->sum);
	if (renameat(cache->fd, cache->partial, cache->fd, cache->name) < 0)
		return error_errno(err, errno, "rename \"%s/%s\"", cache->path, cache->partial);
	return 0;
}

/* Only what a later run can resume is worth to stay. */
static void drop_useless(const struct cache *cache, int fd, int failure)
{
	struct stat st;

	if (failure == -ENOSPC || failure == -EDQUOT || failure == -EBADMSG || failure == -EFBIG ||
	    (fstat(fd, &st) == 0 && !st.st_size))
		unlinkat(cache->fd, cache->partial, 0);
}

static int fetch(const struct cache *cache, int *fd, struct error *err)
{
	const int flags = O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC;
	auto_close int partial = -1;
	int r = lock(cache, err);

	if (r < 0)
		return r;
	r = open_verified(cache, fd, err);
	if (r != 0)
		return r < 0 ? r : 0;
	partial = sys_openat(cache->fd, cache->partial, flags, 0600);
	if (partial < 0)
		return hint_errno(err, partial, "make \"%s/%s\"", cache->path, cache->partial);
	r = complete(cache, partial, err);
	if (r < 0) {
		drop_useless(cache, partial, r);
		return r;
	}
	if (lseek(partial, 0, SEEK_SET) < 0)
		return error_errno(err, errno, "rewind \"%s/%s\"", cache->path, cache->name);
	*fd = take_fd(&partial);
	return 0;
}

int cache_fetch(const char sum[CHECKSUM_SIZE], const char *url, uint64_t max, int *fd,
		struct error *err)
{
	auto_arena struct arena arena = { 0 };
	struct cache cache = {
		.path = find_path(&arena), .fd = -1, .sum = sum, .url = url, .max = max,
		.name = arena_printf(&arena, "sha512-%s", sum),
		.partial = arena_printf(&arena, "sha512-%s.partial", sum),
	};
	int r = open_directory(&cache, err);

	if (r == 0) {
		r = open_verified(&cache, fd, err);
		r = r == 0 ? fetch(&cache, fd, err) : r < 0 ? r : 0;
	}
	if (r < 0)
		directory_unmake(cache.path, cache.made);
	fd_close(&cache.fd);
	return r;
}
