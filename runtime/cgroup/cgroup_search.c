/* cgroup_search.c - finds a container's cgroup by its marks, where nothing says where it is */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/path.h"
#include "runtime/cgroup/driver.h"

enum { DEPTH_MAX = 64 };

struct search {
	const char *id, *home;
	struct arena *arena;
	char *path, *owner; /* of what was found; NULL until then */
	int fd;
};

/* Return: where in the mark the home stands that goes with this id; NULL: it is another's. */
static const char *find_home(const struct search *search, const char *mark)
{
	const char *home = strrchr(mark, CGROUP_MARK_HOME);
	size_t len = strlen(search->id);

	return home && !strncmp(mark, search->id, len) && mark[len] == ' ' &&
			       !strcmp(home + 1, search->home) ? home : NULL;
}

/*
 * A container's own cgroups are below its mark: no other's are looked for there. What vanishes
 * meanwhile is passed over. Return: 0 or -errno.
 */
static int search_below(struct search *search, int parent, const char *name, const char *path,
			int depth)
{
	auto_directory DIR *directory = NULL;
	char mark[CGROUP_MARK_SIZE];
	const struct dirent *entry;
	int r = directory_open(parent, name, &directory);

	if (r < 0)
		return r == -ENOENT || r == -EACCES ? 0 : r;
	if (depth && cgroup_read_mark(dirfd(directory), mark)) {
		const char *home = find_home(search, mark);

		if (!home)
			return 0;
		search->fd = fcntl(dirfd(directory), F_DUPFD_CLOEXEC, 0);
		search->path = arena_strdup(search->arena, path);
		search->owner = arena_strndup(search->arena, mark, (size_t)(home - mark));
		return search->fd < 0 ? -errno : 0;
	}
	while (r == 0 && depth < DEPTH_MAX && !search->path && (entry = directory_next(directory)))
		if (entry->d_type == DT_DIR)
			r = search_below(search, dirfd(directory), entry->d_name,
					 path_join(search->arena, path, entry->d_name), depth + 1);
	return r;
}

int cgroup_find_owned(const char *id, const char *home, struct arena *arena, struct cgroup *cgroup,
		      struct error *err)
{
	struct cgroup host = { 0 }, found = { .home = home };
	int r = cgroup_of_process(getpid(), arena, &host, err);

	if (r < 0)
		return r;
	cgroup_close(&host);
	for (size_t i = 0; r == 0 && i < host.len; i++) {
		struct cgroup_hierarchy *hierarchy = &found.hierarchies[found.len];
		struct search search = { .id = id, .home = home, .arena = arena };

		*hierarchy = host.hierarchies[i];
		r = search_below(&search, AT_FDCWD, hierarchy->mount, hierarchy->mount, 0);
		if (!search.path)
			continue;
		hierarchy->path = search.path;
		hierarchy->fd = search.fd;
		found.owner = search.owner;
		found.len++;
	}
	if (r < 0) {
		cgroup_close(&found);
		return error_errno(err, r, "look for the container's cgroup");
	}
	*cgroup = found;
	return 0;
}
