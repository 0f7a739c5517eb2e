/* path.c - paths as text: nothing here touches a file system */
#include "base/path.h"

#include <string.h>

/* Removes the last component of the len bytes of an absolute or relative path. */
static size_t drop_component(const char *path, size_t len, size_t floor)
{
	while (len > floor && path[len - 1] != '/')
		len--;
	return len > floor ? len - 1 : floor;
}

static bool is_dotdot(const char *start, size_t len)
{
	return len == 2 && start[0] == '.' && start[1] == '.';
}

char *path_clean(struct arena *arena, const char *path)
{
	bool absolute = *path == '/';
	/* One more than the text: a relative path that becomes "." */
	char *clean = arena_alloc(arena, strlen(path) + 3);
	size_t len = 0, floor = 0;

	while (*path) {
		size_t part = strcspn(path, "/");

		if (is_dotdot(path, part) && (absolute || len > floor)) {
			len = drop_component(clean, len, floor);
		} else if (part && !(part == 1 && *path == '.')) {
			if (absolute || len)
				clean[len++] = '/';
			memcpy(clean + len, path, part);
			len += part;
			/* Leading ".." of a relative path stay: what is above is not known. */
			if (is_dotdot(path, part))
				floor = len;
		}
		path += part;
		path += strspn(path, "/");
	}
	if (!len)
		clean[len++] = absolute ? '/' : '.';
	clean[len] = 0;
	return clean;
}

char *path_join(struct arena *arena, const char *base, const char *name)
{
	return path_clean(arena, *name == '/' ? name : arena_printf(arena, "%s/%s", base, name));
}

bool path_is_below(const char *path, const char *base)
{
	size_t len = strlen(base);

	if (!strcmp(base, "/"))
		return *path == '/';
	return !strncmp(path, base, len) && (!path[len] || path[len] == '/');
}

const char *path_basename(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

bool path_has_dotdot(const char *path)
{
	while (*path) {
		size_t part = strcspn(path, "/");

		if (is_dotdot(path, part))
			return true;
		path += part;
		path += strspn(path, "/");
	}
	return false;
}
