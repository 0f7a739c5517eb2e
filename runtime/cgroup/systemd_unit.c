/* systemd_unit.c - the names of the container's unit and of the slice that it is in */
#include "runtime/cgroup/systemd_unit.h"

#include <errno.h>
#include <string.h>

#include "base/buf.h"

enum { NAME_LEN_MAX = 255 }; /* of a unit, systemd.unit(5) */

static const char slice_suffix[] = ".slice";

static bool ends_in_slice(const char *name)
{
	size_t len = strlen(name), suffix = strlen(slice_suffix);

	return len >= suffix && !strcmp(name + len - suffix, slice_suffix);
}

static int check_name(const char *name, struct error *err)
{
	static const char allowed[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
				      "0123456789:-_.\\@";

	if (strlen(name) > NAME_LEN_MAX)
		return error_set(err, EINVAL, "\"%.80s...\" is too long for the name of a unit",
				 name);
	if (name[strspn(name, allowed)])
		return error_set(err, EINVAL, "\"%s\" is no name of a unit: it may have letters, "
				 "digits and \":-_.\\@\"", name);
	return 0;
}

int systemd_unit_expand_slice(const char *slice, struct arena *arena, char **path,
			      struct error *err)
{
	auto_buf struct buf expanded = { 0 };
	size_t len = strlen(slice) - (ends_in_slice(slice) ? strlen(slice_suffix) : 0);
	int r = check_name(slice, err);

	if (r < 0)
		return r;
	if (!len || !ends_in_slice(slice))
		return error_set(err, EINVAL, "invalid slice name: %s", slice);
	if (len == 1 && *slice == '-') {
		*path = arena_strdup(arena, "");
		return 0;
	}
	for (size_t start = 0, end; start <= len; start = end + 1) {
		end = start + strcspn(slice + start, "-");
		if (end > len)
			end = len;
		if (end == start)
			return error_set(err, EINVAL, "invalid slice name: %s", slice);
		buf_printf(&expanded, "/%.*s%s", (int)end, slice, slice_suffix);
	}
	*path = arena_strdup(arena, expanded.data);
	return 0;
}

/* An id may have a "+", which the name of a unit has escaped only: systemd-escape(1). */
static char *default_path(const char *id, struct arena *arena)
{
	auto_buf struct buf path = { 0 };

	buf_puts(&path, ":gocker:");
	for (; *id; id++) {
		if (*id == '+')
			buf_puts(&path, "\\x2b");
		else
			buf_add(&path, id, 1);
	}
	return arena_strdup(arena, path.data);
}

/* Cuts "slice:prefix:name" into three. Return: whether it has this form. */
static bool cut(char *path, char **slice, char **prefix, char **name)
{
	*slice = strsep(&path, ":");
	*prefix = strsep(&path, ":");
	*name = path;
	return path && !strchr(path, ':');
}

int systemd_unit_find(const char *cgroupsPath, const char *id, bool user, struct arena *arena,
		      struct systemd_unit *unit, struct error *err)
{
	char *path = cgroupsPath && *cgroupsPath ? arena_strdup(arena, cgroupsPath) :
						   default_path(id, arena);
	struct systemd_unit found = { 0 };
	char *slice, *prefix, *name, *above;
	int r;

	if (!cut(path, &slice, &prefix, &name))
		return error_set(err, EINVAL, "expected cgroupsPath to be of format "
				 "\"slice:prefix:name\" for systemd cgroups, got \"%s\" instead",
				 cgroupsPath);
	if (!*name)
		return error_set(err, EINVAL, "\"%s\" names no unit", cgroupsPath);
	if (!strcmp(slice, "-"))
		slice = "-.slice";
	if (!*slice)
		slice = user ? "user.slice" : "system.slice";
	found.slice = slice;
	found.is_slice = ends_in_slice(name);
	found.name = found.is_slice ? name : arena_printf(arena, "%s-%s.scope", prefix, name);
	r = check_name(found.name, err);
	if (r == 0)
		r = systemd_unit_expand_slice(slice, arena, &above, err);
	if (r == 0 && found.is_slice)
		r = systemd_unit_expand_slice(name, arena, &found.path, err);
	if (r < 0)
		return r;
	if (!found.is_slice)
		found.path = arena_printf(arena, "%s/%s", above, found.name);
	if (!*found.path)
		return error_set(err, EINVAL, "\"%s\" is the root slice", cgroupsPath);
	*unit = found;
	return 0;
}
