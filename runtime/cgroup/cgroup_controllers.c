/* cgroup_controllers.c - which controllers the cgroups of v2 give to those below them */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/sys.h"
#include "runtime/cgroup/controllers.h"

enum {
	LIST_MAX = 1 << 16,
	PROCS_MAX = 1 << 26,
};

static const char *const usual[] = { "cpuset", "cpu", "io", "memory", "pids" };

enum { USUAL = sizeof(usual) / sizeof(*usual) };

/* Return: whether the list, separated by blanks, has the word. */
static bool has_word(const char *list, const char *word)
{
	const size_t len = strlen(word);

	for (const char *at = list; at; at = strchr(at, ' ')) {
		at += *at == ' ';
		if (!strncmp(at, word, len) && (!at[len] || at[len] == ' ' || at[len] == '\n'))
			return true;
	}
	return false;
}

/* Adds "+name" for each of the usual controllers that a directory has and does not hand down. */
static int find_disabled(int fd, struct buf *wanted)
{
	auto_buf struct buf have = { 0 }, enabled = { 0 };
	int ret = file_read_at(fd, "cgroup.subtree_control", LIST_MAX, &enabled);
	size_t missing = 0;

	for (size_t i = 0; ret >= 0 && i < USUAL; i++)
		missing += !has_word(enabled.data, usual[i]);
	if (missing && ret >= 0)
		ret = file_read_at(fd, "cgroup.controllers", LIST_MAX, &have);
	for (size_t i = 0; ret >= 0 && missing && i < USUAL; i++)
		if (has_word(have.data, usual[i]) && !has_word(enabled.data, usual[i]))
			buf_printf(wanted, "+%s ", usual[i]);
	return ret;
}

/*
 * Return: whether a directory other than the root has processes of its own. It must not get a
 * controller for its children then: most are refused, and the few that are not turn it into a
 * threaded cgroup, below which there is no place for a container (cgroups(7), "Thread mode").
 */
static bool is_inhabited(int fd)
{
	auto_buf struct buf procs = { 0 };

	return !faccessat(fd, "cgroup.type", F_OK, 0) &&
	       file_read_at(fd, "cgroup.procs", PROCS_MAX, &procs) >= 0 && procs.len;
}

/* Return: whether systemd has handed the cgroup over to somebody (systemd.resource-control(5)). */
static bool is_delegated(const char *path)
{
	static const char *const marks[] = { "trusted.delegate", "user.delegate" };
	char mark = 0;

	for (size_t i = 0; i < sizeof(marks) / sizeof(*marks); i++)
		if (getxattr(path, marks[i], &mark, sizeof(mark)) == sizeof(mark))
			return mark == '1';
	return false;
}

/*
 * Above the lowest delegated cgroup on the way to the container's all belongs to systemd.
 * Return: the length of its path; 0: none is delegated.
 */
static size_t find_boundary(const struct cgroup_hierarchy *hierarchy)
{
	auto_arena struct arena arena = { 0 };
	char *path = arena_strdup(&arena, hierarchy->path);

	while (strlen(path) > strlen(hierarchy->mount)) {
		*strrchr(path, '/') = 0;
		if (is_delegated(path))
			return strlen(path);
	}
	return 0;
}

static bool is_unit(const char *name, size_t len)
{
	static const char *const kinds[] = { ".slice", ".scope", ".service" };

	for (size_t i = 0; i < sizeof(kinds) / sizeof(*kinds); i++) {
		size_t kind = strlen(kinds[i]);

		if (len > kind && !strncmp(name + len - kind, kinds[i], kind))
			return true;
	}
	return false;
}

/*
 * path: of the container's cgroup or one above it.
 * Return: whether nobody else takes care of what the directory hands down. Where nothing on the way
 * is delegated, systemd cares for its units and for what is right above one.
 */
static bool is_ours(const struct cgroup_hierarchy *hierarchy, const char *path)
{
	const size_t boundary = find_boundary(hierarchy);
	const char *name = path_basename(path), *next = hierarchy->path + strlen(path);
	size_t len;

	if (boundary)
		return strlen(path) >= boundary;
	next += *next == '/';
	len = strcspn(next, "/");
	return !is_unit(name, strlen(name)) && !(next[len] && is_unit(next, len));
}

/*
 * Gives a directory's children the usual controllers, so that there are statistics even without
 * limits; the others come when a limit needs them (controllers_enable). It must not fail: a parent
 * may not allow it (a real-time process keeps "cpu" away, a cgroup with processes keeps all, one
 * may be another user's), and then a limit tells why.
 */
int controllers_prepare(const struct cgroup_hierarchy *hierarchy, const char *path, bool leaf,
			struct error *err)
{
	auto_close int fd = leaf ? -1 : sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	auto_buf struct buf wanted = { 0 };
	char *rest = NULL;
	int ret;

	if (leaf)
		return 0;
	ret = fd < 0 ? fd : find_disabled(fd, &wanted);
	if (ret < 0)
		return error_errno(err, ret, "read cgroup \"%s\"", path);
	if (!wanted.len || !is_ours(hierarchy, path) || is_inhabited(fd))
		return 0;
	ret = file_set_at(fd, "cgroup.subtree_control", wanted.data);
	if (ret >= 0 || ret == -EACCES || ret == -EROFS)
		return 0;
	for (char *name = strtok_r(wanted.data, " ", &rest); name;
	     name = strtok_r(NULL, " ", &rest))
		file_set_at(fd, "cgroup.subtree_control", name);
	return 0;
}

/* Return: 0 where the directory gives the controller to those below it, or -errno. */
static int enable_in(const char *path, const char *controller, struct error *err)
{
	auto_close int fd = sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	auto_buf struct buf have = { 0 }, enabled = { 0 }, text = { 0 };
	int ret = fd < 0 ? fd : file_read_at(fd, "cgroup.controllers", LIST_MAX, &have);

	if (ret >= 0)
		ret = file_read_at(fd, "cgroup.subtree_control", LIST_MAX, &enabled);
	if (ret < 0)
		return error_errno(err, ret, "read cgroup \"%s\"", path);
	if (!has_word(have.data, controller))
		return error_set(err, EOPNOTSUPP, "the requested cgroup controller `%.50s` is not "
				 "available: cgroup \"%s\" does not have it%s", controller, path,
				 is_delegated(path) ? " (its unit's Delegate= can give it)" : "");
	if (has_word(enabled.data, controller))
		return 0;
	if (is_inhabited(fd))
		return error_set(err, EBUSY, "cgroup \"%s\" cannot give the controller \"%s\" to "
				 "those below it while processes are in it", path, controller);
	buf_printf(&text, "+%s", controller);
	ret = file_set_at(fd, "cgroup.subtree_control", text.data);
	return ret < 0 ? error_errno(err, ret, "enable controller \"%s\" in cgroup \"%s\"%s",
				     controller, path,
				     ret == -EACCES ? ", which is not delegated to this user" :
						      "") : 0;
}

int controllers_enable(const struct cgroup_hierarchy *hierarchy, const char *controller,
		       struct error *err)
{
	auto_arena struct arena arena = { 0 };
	const size_t boundary = find_boundary(hierarchy);
	char *path = arena_strdup(&arena, hierarchy->path);
	char *end = path + (boundary ? boundary : strlen(hierarchy->mount));
	int ret = 0;

	while (*end && ret >= 0) {
		*end = 0;
		ret = enable_in(path, controller, err);
		*end = '/';
		end = strchrnul(end + 1, '/');
	}
	return ret;
}
