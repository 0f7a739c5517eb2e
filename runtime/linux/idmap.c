/* idmap.c - the id maps of a user namespace: written, or compared with those expected */
#include "runtime/linux/idmap.h"

#include <errno.h>
#include <inttypes.h>
#include <linux/capability.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "runtime/linux/caps.h"
#include "runtime/linux/idmap_helper.h"
#include "runtime/linux/procfs.h"

enum {
	LINES_MAX = 340, /* UID_GID_MAP_MAX_EXTENTS */
	MAP_SIZE_MAX = 64 * 1024,
};

/* EPERM has many reasons here, and the kernel tells none of them: user_namespaces(7). */
static const char *map_hint(int num)
{
	switch (num) {
	case -EPERM:
		return "; it needs CAP_SETUID and CAP_SETGID over the ids outside, or maps just "
		       "the caller's own id, and can be written once only";
	case -EINVAL:
		return "; ranges must not overlap, be empty or go beyond 4294967294";
	default:
		return "";
	}
}

/* More than the kernel takes is refused, not cut: a shorter map is another map. */
static int map_compose(const char *file, const struct spec_id_mapping *map, size_t len,
		       struct buf *text, struct error *err)
{
	if (len > LINES_MAX)
		return error_set(err, EINVAL, "%s: %zu mappings, the kernel takes at most %d", file,
				 len, LINES_MAX);
	for (size_t i = 0; i < len; i++)
		buf_printf(text, "%" PRIu32 " %" PRIu32 " %" PRIu32 "\n", map[i].containerID,
			   map[i].hostID, map[i].size);
	if (text->len >= (size_t)sysconf(_SC_PAGESIZE))
		return error_set(err, EINVAL, "%s: %zu mappings are more than a page of text, and "
					      "that is all that the kernel takes",
				 file, len);
	return 0;
}

static int map_write(int proc_fd, pid_t pid, const char *file, const struct buf *text,
		     struct error *err)
{
	char path[64], name[ERROR_NAME_SIZE];
	int r;

	if (!text->len)
		return 0;
	snprintf(path, sizeof(path), "%d/%s", (int)pid, file);
	r = procfs_set(proc_fd, path, text->data);
	if (r == 0)
		return 0;
	return error_set(err, r, "write %s (first line \"%.*s\"): %s%s", file,
			 (int)strcspn(text->data, "\n"), text->data, error_name(r, name),
			 map_hint(r));
}

/*
 * Without CAP_SETGID, a group map is taken only when setgroups(2) is given up for good: it could
 * drop a group that a file denies access to.
 */
static int setgroups_deny(int proc_fd, pid_t pid, struct error *err)
{
	char path[64];
	int r;

	snprintf(path, sizeof(path), "%d/setgroups", (int)pid);
	r = procfs_set(proc_fd, path, "deny");
	return r < 0 ? error_errno(err, r, "write \"deny\" to setgroups") : 0;
}

/* What the kernel takes from everybody: one id, the caller's own. user_namespaces(7) */
static bool is_own_id(const struct spec_id_mapping *map, size_t len, uint32_t own)
{
	return len == 1 && map->size == 1 && map->hostID == own;
}

static int uids_write(int proc_fd, pid_t pid, const struct spec_id_mapping *map, size_t len,
		      const struct buf *text, struct error *err)
{
	if (!len || is_own_id(map, len, geteuid()) || caps_has_effective(CAP_SETUID))
		return map_write(proc_fd, pid, "uid_map", text, err);
	return idmap_helper_run(IDMAP_UIDS, pid, map, len, err);
}

static int gids_write(int proc_fd, pid_t pid, const struct spec_id_mapping *map, size_t len,
		      const struct buf *text, struct error *err)
{
	int r;

	if (!len || caps_has_effective(CAP_SETGID))
		return map_write(proc_fd, pid, "gid_map", text, err);
	if (!is_own_id(map, len, getegid()))
		return idmap_helper_run(IDMAP_GIDS, pid, map, len, err);
	r = setgroups_deny(proc_fd, pid, err);
	return r < 0 ? r : map_write(proc_fd, pid, "gid_map", text, err);
}

int idmap_write(int proc_fd, pid_t pid, const struct spec_id_mapping *uids, size_t uids_len,
		const struct spec_id_mapping *gids, size_t gids_len, struct error *err)
{
	auto_buf struct buf uid_text = { 0 };
	auto_buf struct buf gid_text = { 0 };
	int r = map_compose("uid_map", uids, uids_len, &uid_text, err);

	if (r == 0)
		r = map_compose("gid_map", gids, gids_len, &gid_text, err);
	if (r == 0)
		r = gids_write(proc_fd, pid, gids, gids_len, &gid_text, err);
	return r < 0 ? r : uids_write(proc_fd, pid, uids, uids_len, &uid_text, err);
}

/* The kernel writes each line as "%10u %10u %10u". */
static bool map_is(const char *text, const struct spec_id_mapping *map, size_t len)
{
	for (size_t i = 0; i < len; i++) {
		uint32_t inside, outside, size;
		int end;

		if (sscanf(text, "%" SCNu32 " %" SCNu32 " %" SCNu32 "\n%n", &inside, &outside,
			   &size, &end) != 3 ||
		    inside != map[i].containerID || outside != map[i].hostID ||
		    size != map[i].size)
			return false;
		text += end;
	}
	return !*text;
}

static int map_check(int proc_fd, pid_t pid, const char *file, const char *member,
		     const struct spec_id_mapping *map, size_t len, struct error *err)
{
	auto_buf struct buf text = { 0 };
	char path[64];
	int r;

	if (!len)
		return 0;
	snprintf(path, sizeof(path), "%d/%s", (int)pid, file);
	r = file_read_at(proc_fd, path, MAP_SIZE_MAX, &text);
	if (r < 0)
		return error_errno(err, r, "read /proc/%s", path);
	if (!map_is(text.len ? text.data : "", map, len))
		return error_set(err, EINVAL,
				 "config.json: /linux/%s: the user namespace that is joined by its "
				 "path has others; they can be left out", member);
	return 0;
}

int idmap_check(int proc_fd, pid_t pid, const struct spec_id_mapping *uids, size_t uids_len,
		const struct spec_id_mapping *gids, size_t gids_len, struct error *err)
{
	int r = map_check(proc_fd, pid, "uid_map", "uidMappings", uids, uids_len, err);

	return r < 0 ? r : map_check(proc_fd, pid, "gid_map", "gidMappings", gids, gids_len, err);
}
