/* cgroup_plan.c - which hierarchies the host has, and where the container's directories are */
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/sys.h"
#include "runtime/cgroup/driver.h"

#define CGROUP_ROOT "/sys/fs/cgroup"

enum { PROC_CGROUP_MAX = 1 << 20 };

/* Where in its hierarchies a new cgroup goes. */
enum place {
	PLACE_ROOT,     /* below the mount */
	PLACE_RELATIVE, /* below our own cgroup, on v2 beside it */
	PLACE_SAME,     /* where the process is */
};

bool cgroup_has_controller(const char *controllers, const char *name)
{
	size_t len = strlen(name);

	for (const char *at = controllers; at; at = strchr(at, ',')) {
		at += *at == ',';
		if (!strncmp(at, name, len) && (!at[len] || at[len] == ','))
			return true;
	}
	return false;
}

bool cgroup_is_v2(const struct cgroup_hierarchy *hierarchy)
{
	return hierarchy->driver->is_v2;
}

bool cgroup_is_pure_v2(const struct cgroup *cgroup)
{
	return cgroup->len == 1 && cgroup_is_v2(&cgroup->hierarchies[0]);
}

const struct cgroup_hierarchy *cgroup_find_v2(const struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->len; i++) {
		if (cgroup_is_v2(&cgroup->hierarchies[i]) && cgroup->hierarchies[i].fd >= 0)
			return &cgroup->hierarchies[i];
	}
	return NULL;
}

const struct cgroup_hierarchy *cgroup_find_controller(const struct cgroup *cgroup,
						      const char *controller)
{
	/* The one that has another name in v2. */
	if (!strcmp(controller, "io"))
		controller = "blkio";
	for (size_t i = 0; i < cgroup->len; i++) {
		const struct cgroup_hierarchy *hierarchy = &cgroup->hierarchies[i];

		if (!cgroup_is_v2(hierarchy) && hierarchy->fd >= 0 &&
		    cgroup_has_controller(hierarchy->controllers, controller))
			return hierarchy;
	}
	return cgroup_find_v2(cgroup);
}

/* Return: the driver for what is mounted there, NULL where that is no cgroup file system. */
static const struct cgroup_driver *plan_driver(const char *mount)
{
	struct statfs fs;

	if (statfs(mount, &fs))
		return NULL;
	if (fs.f_type == CGROUP2_SUPER_MAGIC)
		return &cgroup_v2;
	return fs.f_type == CGROUP_SUPER_MAGIC ? &cgroup_v1 : NULL;
}

/*
 * Return: the directory where the hierarchy with these controllers is mounted, NULL where it is
 * not. Hierarchies with several controllers may be mounted under another order of their names, with
 * symlinks for the single ones beside it.
 */
static char *plan_find_mount(struct arena *arena, const char *controllers)
{
	char *mount;

	if (!*controllers)
		return arena_strdup(arena, CGROUP_ROOT "/unified");
	if (!strncmp(controllers, "name=", 5))
		controllers += 5;
	mount = arena_printf(arena, "%s/%s", CGROUP_ROOT, controllers);
	if (access(mount, F_OK) && strchr(controllers, ',')) {
		char *first = arena_printf(arena, "%s/%.*s", CGROUP_ROOT,
					   (int)strcspn(controllers, ","), controllers);
		char *real = realpath(first, NULL);

		mount = real ? arena_strdup(arena, real) : NULL;
		free(real);
	}
	return mount;
}

/*
 * The place beside a cgroup takes limits, which one below it cannot have while processes are in it.
 * But where just the cgroup itself is the user's, that is better than none.
 */
static char *plan_beside(struct arena *arena, char *own)
{
	char *above = arena_strndup(arena, own, (size_t)(strrchr(own, '/') - own));

	return access(above, W_OK) && !access(own, W_OK) ? own : above;
}

/* Return: the directory on which path is placed; own is our cgroup as /proc/self/cgroup has it. */
static char *plan_parent(struct arena *arena, const struct cgroup_hierarchy *hierarchy,
			 const char *own, enum place place)
{
	char *parent;

	/* A ".." in it stands for what is outside of our cgroup namespace. */
	if (place == PLACE_ROOT || path_has_dotdot(own))
		return hierarchy->mount;
	parent = path_clean(arena, arena_printf(arena, "%s/%s", hierarchy->mount, own));
	/*
	 * Without a cgroup namespace a container sees host paths, but only its own part is mounted.
	 */
	if (!strcmp(parent, hierarchy->mount) || access(parent, F_OK))
		return hierarchy->mount;
	if (place == PLACE_RELATIVE && hierarchy->driver->is_v2)
		return plan_beside(arena, parent);
	return parent;
}

static int plan_add(struct cgroup *cgroup, struct arena *arena, char *mount, char *controllers,
		    const char *own, enum place place, const char *path, struct error *err)
{
	struct cgroup_hierarchy *hierarchy = &cgroup->hierarchies[cgroup->len];
	const struct cgroup_driver *driver = mount ? plan_driver(mount) : NULL;
	char *parent;

	if (!driver)
		return 0;
	if (cgroup->len == CGROUP_HIERARCHIES_MAX)
		return error_set(err, E2BIG, "more than %d cgroup hierarchies are mounted",
				 CGROUP_HIERARCHIES_MAX);
	*hierarchy = (struct cgroup_hierarchy){
		.driver = driver,
		.controllers = controllers,
		.mount = mount,
		.fd = -1,
	};
	parent = plan_parent(arena, hierarchy, own, place);
	hierarchy->path = path_clean(arena, arena_printf(arena, "%s/%s", parent, path));
	cgroup->len++;
	return 0;
}

/* Adds the hierarchy of one line "4:memory:/user.slice" of /proc/<pid>/cgroup, if it is mounted. */
static int plan_add_line(struct cgroup *cgroup, struct arena *arena, const char *line,
			 enum place place, const char *path, struct error *err)
{
	const char *controllers = strchr(line, ':');
	const char *own = controllers ? strchr(controllers + 1, ':') : NULL;
	char *copy;

	if (!own)
		return 0;
	controllers++;
	copy = arena_strndup(arena, controllers, (size_t)(own - controllers));
	return plan_add(cgroup, arena, plan_find_mount(arena, copy), copy, own + 1, place, path,
			err);
}

/* Return: the path in the line of the v2 hierarchy, within text; "/" where there is none. */
static const char *plan_find_unified(char *text)
{
	char *line = !strncmp(text, "0::", 3) ? text : strstr(text, "\n0::");
	const char *own;

	if (!line)
		return "/";
	own = line + (*line == '\n') + 3;
	line[1 + strcspn(line + 1, "\n")] = 0;
	return own;
}

/* Fills cgroup with a directory for each hierarchy: path at its place. */
static int plan_hierarchies(const char *proc_cgroup, enum place place, const char *path,
			    struct arena *arena, struct cgroup *cgroup, struct error *err)
{
	const struct cgroup_driver *driver = plan_driver(CGROUP_ROOT);
	auto_buf struct buf text = { 0 };
	char *rest = NULL;
	int ret;

	if (driver && place == PLACE_ROOT)
		return plan_add(cgroup, arena, arena_strdup(arena, CGROUP_ROOT),
				arena_strdup(arena, ""), "/", place, path, err);

	ret = file_read_at(AT_FDCWD, proc_cgroup, PROC_CGROUP_MAX, &text);
	if (ret < 0)
		return error_errno(err, ret == -ENOENT ? ESRCH : ret, "read \"%s\"", proc_cgroup);
	if (!text.len)
		return 0;
	if (driver)
		return plan_add(cgroup, arena, arena_strdup(arena, CGROUP_ROOT),
				arena_strdup(arena, ""), plan_find_unified(text.data), place, path,
				err);

	for (char *line = strtok_r(text.data, "\n", &rest); line && ret >= 0;
	     line = strtok_r(NULL, "\n", &rest))
		ret = plan_add_line(cgroup, arena, line, place, path, err);
	return ret;
}

static int plan_check_path(const char *path, struct arena *arena, struct error *err)
{
	const char *first = strchr(path, ':');

	if (path_has_dotdot(path))
		return error_set(err, EINVAL, "/linux/cgroupsPath: \"%s\" must not contain \"..\"",
				 path);
	if (!strcmp(path_join(arena, "/", path), "/"))
		return error_set(err, EINVAL, "/linux/cgroupsPath: \"%s\" is the root cgroup",
				 path);
	if (first && strchr(first + 1, ':') && !strchr(path, '/'))
		return error_set(err, EINVAL,
				 "/linux/cgroupsPath: \"%s\" names a systemd unit "
				 "(slice:prefix:name), which needs --systemd-cgroup", path);
	return 0;
}

int cgroup_plan(const char *cgroupsPath, const char *id, struct arena *arena, struct cgroup *cgroup,
		struct error *err)
{
	bool implicit = !cgroupsPath || !*cgroupsPath;
	const char *path = implicit ? arena_printf(arena, "gocker-%s", id) : cgroupsPath;
	struct cgroup plan = { .implicit = implicit };
	int ret = plan_check_path(path, arena, err);

	if (ret < 0)
		return ret;
	ret = plan_hierarchies("/proc/self/cgroup", *path == '/' ? PLACE_ROOT : PLACE_RELATIVE,
			       path, arena, &plan, err);
	if (ret < 0)
		return ret;
	*cgroup = plan;
	return 0;
}

int cgroup_open_paths(struct cgroup *cgroup, struct error *err)
{
	for (size_t i = 0; i < cgroup->len; i++)
		cgroup->hierarchies[i].fd = -1;
	for (size_t i = 0; i < cgroup->len; i++) {
		struct cgroup_hierarchy *hierarchy = &cgroup->hierarchies[i];
		int fd = sys_open(hierarchy->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);

		if (fd < 0 && fd != -ENOENT) {
			cgroup_close(cgroup);
			return error_errno(err, fd, "open cgroup \"%s\"", hierarchy->path);
		}
		hierarchy->fd = fd < 0 ? -1 : fd;
	}
	return 0;
}

int cgroup_of_process(pid_t pid, struct arena *arena, struct cgroup *cgroup, struct error *err)
{
	struct cgroup found = { 0 };
	int ret = plan_hierarchies(arena_printf(arena, "/proc/%d/cgroup", (int)pid), PLACE_SAME, "",
				   arena, &found, err);

	if (ret >= 0)
		ret = cgroup_open_paths(&found, err);
	if (ret < 0)
		return ret;
	*cgroup = found;
	return 0;
}

int cgroup_check_within(const struct cgroup *cgroup, const struct cgroup *outer, struct error *err)
{
	for (size_t i = 0; i < cgroup->len; i++)
		for (size_t k = 0; k < outer->len; k++)
			if (!strcmp(cgroup->hierarchies[i].mount, outer->hierarchies[k].mount) &&
			    !path_is_below(cgroup->hierarchies[i].path, outer->hierarchies[k].path))
				return error_set(err, EPERM,
						 "\"%s\" is not in the container's cgroup \"%s\"",
						 cgroup->hierarchies[i].path,
						 outer->hierarchies[k].path);
	return 0;
}

char **cgroup_paths(const struct cgroup *cgroup, struct arena *arena)
{
	char **paths = arena_array(arena, cgroup->len + 1, sizeof(*paths));

	for (size_t i = 0; i < cgroup->len; i++)
		paths[i] = cgroup->hierarchies[i].path;
	return paths;
}

/* Return: the mount above a path that cgroup_plan made, in the arena; NULL where it is none. */
static char *plan_mount_of(struct arena *arena, const char *path, bool pure_v2)
{
	const size_t root = strlen(CGROUP_ROOT);
	size_t len = root;

	if (!path_is_below(path, CGROUP_ROOT) || path_has_dotdot(path) || strlen(path) <= root + 1)
		return NULL;
	if (!pure_v2)
		len += 1 + strcspn(path + root + 1, "/");
	/* What stands for the whole hierarchy must never be taken for a container's cgroup. */
	if (!path[len] || !path[len + 1])
		return NULL;
	return arena_strndup(arena, path, len);
}

int cgroup_from_paths(char *const *paths, struct arena *arena, struct cgroup *cgroup,
		      struct error *err)
{
	bool pure_v2 = plan_driver(CGROUP_ROOT) != NULL;
	struct cgroup found = { 0 };
	int ret;

	for (; paths && *paths; paths++) {
		char *mount = plan_mount_of(arena, *paths, pure_v2);
		size_t before = found.len;

		if (!mount)
			return error_set(err, EINVAL, "\"%s\" is not a cgroup of a container",
					 *paths);
		ret = plan_add(&found, arena, mount,
			       arena_strdup(arena, pure_v2 ? "" : path_basename(mount)), "/",
			       PLACE_ROOT, *paths + strlen(mount), err);
		if (ret < 0)
			return ret;
		if (found.len > before && cgroup_is_v2(&found.hierarchies[before]))
			found.hierarchies[before].controllers = arena_strdup(arena, "");
	}
	ret = cgroup_open_paths(&found, err);
	if (ret < 0)
		return ret;
	*cgroup = found;
	return 0;
}

int cgroup_open_child(const struct cgroup *cgroup, const char *name, struct arena *arena,
		      struct cgroup *child, struct error *err)
{
	struct cgroup found = *cgroup;
	bool any = false;
	int ret;

	if (path_has_dotdot(name))
		return error_set(err, EINVAL, "cgroup \"%s\": `..` components are not allowed",
				 name);
	for (size_t i = 0; i < found.len; i++) {
		struct cgroup_hierarchy *hierarchy = &found.hierarchies[i];
		char *path = path_clean(arena, arena_printf(arena, "%s/%s", hierarchy->path, name));

		if (access(path, F_OK))
			continue;
		any = true;
		hierarchy->path = path;
	}
	if (!any)
		return error_set(err, ENOENT, "cgroup \"%s\" does not exist in the container's",
				 name);
	ret = cgroup_open_paths(&found, err);
	if (ret < 0)
		return ret;
	*child = found;
	return 0;
}
