/* filter_cache.c - compiled seccomp filters, kept in the store for those who want the same */
#include "runtime/container/filter_cache.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/directory.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"

static const char directory[] = ".seccomp";

enum { ENTRIES_MAX = 64, ENTRIES_KEPT = ENTRIES_MAX / 2, FILE_SIZE_MAX = 4 << 20 };

/* What a file begins with; the key and the program follow. */
struct header {
	char magic[8];
	uint64_t key_len, program_len;
	uint64_t sum; /* of key and program */
};

static const char MAGIC[8] = "gockerF";

/*
 * Finds bits that have changed, and scatters the names; it need not withstand anybody, as only we
 * can write here, and keys are compared as a whole.
 */
static uint64_t sum_of(const char *data, size_t len)
{
	uint64_t sum = len;

	while (len) {
		size_t part = len < sizeof(uint64_t) ? len : sizeof(uint64_t);
		uint64_t word = 0;

		memcpy(&word, data, part);
		sum = (sum ^ word) * 0x9e3779b97f4a7c15U;
		sum ^= sum >> 32;
		data += part;
		len -= part;
	}
	return sum;
}

struct name { char text[sizeof("0123456789abcdef")]; };

static struct name name_of(const struct buf *key)
{
	struct name name;

	snprintf(name.text, sizeof(name.text), "%016llx",
		 (unsigned long long)sum_of(key->data, key->len));
	return name;
}

/* Whoever could write here would decide what containers may do. */
static bool is_ours(int fd, mode_t type, off_t size_max)
{
	struct stat st;

	return fstat(fd, &st) == 0 && (st.st_mode & S_IFMT) == type && st.st_uid == geteuid() &&
	       !(st.st_mode & 0077) && st.st_size <= size_max;
}

static int open_directory(int store)
{
	auto_close int fd = sys_openat(store, directory,
				       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);

	if (fd < 0)
		return fd;
	return is_ours(fd, S_IFDIR, INT64_MAX) ? take_fd(&fd) : -EPERM;
}

static int make_directory(int store)
{
	int fd = open_directory(store);

	if (fd != -ENOENT)
		return fd;
	if (mkdirat(store, directory, 0700) < 0 && errno != EEXIST)
		return -errno;
	return open_directory(store);
}

static bool is_whole(const struct buf *text, const struct buf *key)
{
	struct header header;
	const char *content = text->data + sizeof(header);

	if (text->len < sizeof(header))
		return false;
	memcpy(&header, text->data, sizeof(header));
	return !memcmp(header.magic, MAGIC, sizeof(MAGIC)) && header.key_len == key->len &&
	       header.program_len && header.program_len <= FILE_SIZE_MAX &&
	       text->len == sizeof(header) + header.key_len + header.program_len &&
	       !memcmp(content, key->data, key->len) &&
	       header.sum == sum_of(content, text->len - sizeof(header));
}

bool filter_cache_find(int store, const struct buf *key, struct buf *program)
{
	static const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC;
	auto_close int dir = open_directory(store);
	auto_close int fd = dir < 0 ? dir : sys_openat(dir, name_of(key).text, flags, 0);
	auto_buf struct buf text = { 0 };
	size_t start = sizeof(struct header) + key->len;

	if (fd < 0 || !is_ours(fd, S_IFREG, FILE_SIZE_MAX) ||
	    file_read_fd(fd, FILE_SIZE_MAX, &text) < 0 || !is_whole(&text, key))
		return false;
	buf_add(program, text.data + start, text.len - start);
	return true;
}

struct entry {
	char *name;
	struct timespec written;
};

static int compare_age(const void *a, const void *b)
{
	const struct timespec *first = &((const struct entry *)a)->written;
	const struct timespec *second = &((const struct entry *)b)->written;

	if (first->tv_sec != second->tv_sec)
		return first->tv_sec < second->tv_sec ? -1 : 1;
	return (first->tv_nsec > second->tv_nsec) - (first->tv_nsec < second->tv_nsec);
}

/* Return: how many there are, at most room. */
static size_t list_entries(DIR *dir, struct arena *arena, struct entry *entries, size_t room)
{
	const struct dirent *found;
	size_t len = 0;

	while (len < room && (found = directory_next(dir))) {
		struct stat st;

		if (*found->d_name == '.' ||
		    fstatat(dirfd(dir), found->d_name, &st, AT_SYMLINK_NOFOLLOW) < 0)
			continue;
		entries[len].name = arena_strdup(arena, found->d_name);
		entries[len++].written = st.st_mtim;
	}
	return len;
}

static void remove_old(int cache)
{
	enum { ROOM = 4 * ENTRIES_MAX };
	auto_arena struct arena arena = { 0 };
	struct entry *entries = arena_array(&arena, ROOM, sizeof(*entries));
	auto_directory DIR *dir = NULL;
	size_t len;

	if (directory_open(cache, ".", &dir) < 0)
		return;
	len = list_entries(dir, &arena, entries, ROOM);
	qsort(entries, len, sizeof(*entries), compare_age);
	for (size_t i = 0; len > ENTRIES_MAX && i < len - ENTRIES_KEPT; i++)
		unlinkat(dirfd(dir), entries[i].name, 0);
}

void filter_cache_keep(int store, const struct buf *key, const struct buf *program)
{
	struct header header = { .key_len = key->len, .program_len = program->len };
	auto_buf struct buf text = { 0 };
	auto_close int dir = make_directory(store);

	if (dir < 0)
		return;
	memcpy(header.magic, MAGIC, sizeof(MAGIC));
	buf_add(&text, &header, sizeof(header));
	buf_add(&text, key->data, key->len);
	buf_add(&text, program->data, program->len);
	header.sum = sum_of(text.data + sizeof(header), text.len - sizeof(header));
	memcpy(text.data, &header, sizeof(header));
	if (file_replace_at(dir, name_of(key).text, text.data, text.len, 0600) == 0)
		remove_old(dir);
}
