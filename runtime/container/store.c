/* store.c - the state directories, /run/gocker/<id>, and their locks */
#include "runtime/container/store.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/strv.h"
#include "base/sys.h"

enum {
	STATE_SIZE_MAX = 16 * 1024 * 1024,
	ID_LEN_MAX = 240,
	STATE_FLAGS = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
};

const char store_config_file[] = "config.json", store_gate_file[] = "gate";
static const char state_file[] = "state.json";

int store_open(const char *root, bool make, struct error *err)
{
	static const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	auto_close int fd = sys_open(root, flags, 0);
	int r;

	if (fd == -ENOENT && make) {
		r = file_make_directories(root, 0711);
		if (r < 0)
			return error_errno(err, r, "make state directory \"%s\"", root);
		fd = sys_open(root, flags, 0);
	}
	if (fd == -ENOENT)
		return error_set(err, ENOENT, "container does not exist: there is no \"%s\"", root);
	if (fd < 0)
		return error_errno(err, fd, "open state directory \"%s\"", root);
	r = directory_check_owner(fd, root, err);
	return r < 0 ? r : take_fd(&fd);
}

int store_check_id(const char *id, struct error *err)
{
	static const char letters[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789_+.-";
	const char *odd = id + strspn(id, letters);

	if (!*id)
		return error_set(err, EINVAL, "container id cannot be empty");
	if (*odd) {
		char shown[8];

		snprintf(shown, sizeof(shown), *odd >= ' ' && *odd <= '~' ? "`%c`" : "0x%02x",
			 (unsigned char)*odd);
		return error_set(err, EINVAL,
				 "invalid container ID format: invalid character %s in the ID: "
				 "letters, digits and \"_+.-\" are allowed", shown);
	}
	if (*id == '.' || *id == '-')
		return error_set(err, EINVAL,
				 "invalid container ID format: it must not begin with \"%c\"", *id);
	if (strlen(id) > ID_LEN_MAX)
		return error_set(err, EINVAL, "invalid container ID format: longer than %d bytes",
				 ID_LEN_MAX);
	return 0;
}

int store_path(int directory, struct arena *arena, char **path, struct error *err)
{
	char link[64], place[PATH_MAX];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/self/fd/%d", directory);
	len = readlink(link, place, sizeof(place));
	if (len < 0)
		return error_errno(err, errno, "find the path of the state directory");
	*path = arena_strndup(arena, place, (size_t)len);
	return 0;
}

static bool is_deleted(int entry)
{
	struct stat st;

	return fstat(entry, &st) == 0 && st.st_nlink == 0;
}

static int lock_entry(int entry, const char *id, struct error *err)
{
	int r;

	do
		r = flock(entry, LOCK_EX);
	while (r < 0 && errno == EINTR);
	return r < 0 ? error_errno(err, errno, "lock the state of \"%s\"", id) : 0;
}

int store_lock_entry(int entry, const char *id, struct error *err)
{
	int r = lock_entry(entry, id, err);

	/* Somebody may have deleted it while we waited. */
	if (r == 0 && is_deleted(entry))
		return error_set(err, ENOENT, "container does not exist");
	return r;
}

void store_unlock_entry(int entry)
{
	flock(entry, LOCK_UN);
}

bool store_is_locked(int entry)
{
	if (flock(entry, LOCK_EX | LOCK_NB) < 0)
		return errno == EWOULDBLOCK;
	store_unlock_entry(entry);
	return false;
}

static int open_entry(int store, const char *id)
{
	return sys_openat(store, id, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
}

int store_make_entry(int store, const char *id, struct error *err)
{
	static const char exists[] = "container with given ID already exists";
	auto_close int fd = -1;
	int r = mkdirat(store, id, 0700) < 0 ? -errno : 0;

	if (r == -EEXIST)
		return error_set(err, EEXIST, "%s", exists);
	if (r == 0) {
		r = fd = open_entry(store, id);
		if (r < 0)
			unlinkat(store, id, AT_REMOVEDIR);
	}
	if (r < 0)
		return error_errno(err, r, "make the state directory of \"%s\"", id);
	r = lock_entry(fd, id, err);
	if (r < 0)
		return r;
	/* Until it was locked, others could delete it, and then make another of the same name. */
	if (is_deleted(fd))
		return error_set(err, ECANCELED, "the container was deleted at once");
	if (faccessat(fd, state_file, F_OK, AT_SYMLINK_NOFOLLOW) == 0)
		return error_set(err, EEXIST, "%s", exists);
	return take_fd(&fd);
}

int store_open_entry(int store, const char *id, bool lock, struct error *err)
{
	auto_close int fd = open_entry(store, id);
	int r;

	if (fd == -ENOENT)
		return error_set(err, ENOENT, "container does not exist");
	if (fd < 0)
		return error_errno(err, fd, "open the state directory of \"%s\"", id);
	r = directory_check_owner(fd, id, err);
	if (r == 0 && lock)
		r = store_lock_entry(fd, id, err);
	return r < 0 ? r : take_fd(&fd);
}

int store_remove_entry(int store, const char *id, struct error *err)
{
	int r = file_remove_tree_at(store, id);

	return r < 0 ? error_errno(err, r, "remove the state directory of \"%s\"", id) : 0;
}

static int compare_ids(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int store_list(int store, struct arena *arena, char ***ids, struct error *err)
{
	auto_directory DIR *dir = NULL;
	int r = directory_open(store, ".", &dir);
	size_t len = 0, room = 64;
	char **found = arena_array(arena, room, sizeof(*found));
	const struct dirent *entry;

	if (r < 0)
		return error_errno(err, r, "read the state directory");
	while ((entry = directory_next(dir))) {
		if (entry->d_type != DT_DIR || store_check_id(entry->d_name, NULL) < 0)
			continue;
		if (len + 1 == room) {
			char **grown = arena_array(arena, room *= 2, sizeof(*found));

			memcpy(grown, found, len * sizeof(*found));
			found = grown;
		}
		found[len++] = arena_strdup(arena, entry->d_name);
	}
	qsort(found, len, sizeof(*found), compare_ids);
	*ids = found;
	return 0;
}

/* The sticky bit, which means nothing where nobody else can write. */
static int change_mark(int entry, bool starting)
{
	struct stat st;

	if (fstat(entry, &st) < 0)
		return -errno;
	st.st_mode = (st.st_mode & 06777) | (starting ? S_ISVTX : 0);
	return fchmod(entry, st.st_mode) < 0 ? -errno : 0;
}

int store_mark_starting(int entry, struct error *err)
{
	int r = change_mark(entry, true);

	return r < 0 ? error_errno(err, r, "change the mode of the state directory") : 0;
}

void store_unmark_starting(int entry)
{
	change_mark(entry, false);
}

bool store_is_starting(int entry)
{
	struct stat st;

	return fstat(entry, &st) == 0 && st.st_mode & S_ISVTX;
}

int store_write_state(int entry, const struct spec_state *state, struct error *err)
{
	auto_buf struct buf text = { 0 };
	int r;

	spec_state_write(state, &text);
	r = file_replace_at(entry, state_file, text.data, text.len, 0600);
	return r < 0 ? error_errno(err, r, "write %s of \"%s\"", state_file, state->id) : 0;
}

int store_read_state(int entry, struct arena *arena, struct spec_state *state, struct error *err)
{
	auto_close int fd = sys_openat(entry, state_file, STATE_FLAGS, 0);
	auto_buf struct buf text = { 0 };
	struct stat st;
	int r;

	if (fd < 0)
		return error_errno(err, fd, "open %s", state_file);
	if (fstat(fd, &st) < 0 || !S_ISREG(st.st_mode))
		return error_set(err, EINVAL, "%s is not a regular file", state_file);
	r = file_read_sized(fd, (size_t)st.st_size, STATE_SIZE_MAX, &text);
	if (r < 0)
		return error_errno(err, r, "read %s", state_file);
	return spec_state_parse(state_file, text.data, text.len, arena, state, err);
}

/*
 * A state that is as short as nearly all are. pread(2) reads no fifo, a file that has more fills
 * the room, and a document that is not whole cannot be parsed.
 */
static int read_short_state(int fd, struct arena *arena, struct spec_state *state)
{
	char text[8192];
	ssize_t got = pread(fd, text, sizeof(text), 0);

	if (got < 0)
		return -errno;
	return (size_t)got == sizeof(text) ? -EFBIG :
	       spec_state_parse(state_file, text, (size_t)got, arena, state, NULL);
}

int store_glance(int store, const char *id, struct arena *arena, struct spec_state *state,
		 bool *starting)
{
	/* What is checked is what is opened: nobody else can put anything into the store. */
	static const struct open_how how = {
		.flags = STATE_FLAGS,
		.resolve = RESOLVE_NO_SYMLINKS,
	};
	char path[ID_LEN_MAX + 1 + sizeof(state_file)];
	auto_close int fd = -1;
	struct statx st;
	int r;

	if (statx(store, id, AT_SYMLINK_NOFOLLOW, STATX_TYPE | STATX_MODE | STATX_UID, &st) < 0)
		return -errno;
	if (!S_ISDIR(st.stx_mode) || st.stx_uid != geteuid() || st.stx_mode & 0022)
		return -EPERM;
	snprintf(path, sizeof(path), "%s/%s", id, state_file);
	fd = sys_openat2(store, path, &how);
	r = fd < 0 ? fd : read_short_state(fd, arena, state);
	if (r == 0)
		*starting = st.stx_mode & S_ISVTX;
	return r;
}
