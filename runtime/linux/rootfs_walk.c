/* rootfs_walk.c - looks a path up below the container's root, and makes what is missing of it */
#include "runtime/linux/rootfs_walk.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"

int rootfs_walk_open(int root, const char *path, int flags, bool plain)
{
	const struct open_how how = {
		.flags = (uint64_t)flags | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | (plain ? RESOLVE_NO_SYMLINKS : RESOLVE_NO_MAGICLINKS),
	};

	return sys_openat2(root, path, &how);
}

/* Component by component, each opened on the descriptor of the last. */
struct walk {
	int root;
	int dir;             /* where we are, -1: root itself */
	bool plain;          /* symlinks are refused */
	int links;           /* symlinks met */
	char done[PATH_MAX]; /* of dir, without symlinks; "" is root */
	char todo[PATH_MAX]; /* what is to be walked yet */
};

enum { LINKS_MAX = 40, TRIES_MAX = 128 };

/* Moves the next component out of walk->todo; "." is none. Return: its length, 0 at the end. */
static int next_component(struct walk *walk, char name[NAME_MAX + 1])
{
	const char *rest = walk->todo;
	size_t len;

	do {
		rest += strspn(rest, "/");
		len = strcspn(rest, "/");
		if (len > NAME_MAX)
			return -ENAMETOOLONG;
		memcpy(name, rest, len);
		name[len] = 0;
		rest += len;
	} while (!strcmp(name, "."));
	memmove(walk->todo, rest, strlen(rest) + 1);
	return (int)len;
}

static bool is_last(const struct walk *walk)
{
	return walk->todo[strspn(walk->todo, "/.")] == 0 && !strstr(walk->todo, "..");
}

static int enter(struct walk *walk, int *fd, const char *name)
{
	size_t len = strlen(walk->done);

	if (len + strlen(name) + 2 > sizeof(walk->done))
		return -ENAMETOOLONG;
	walk->done[len] = '/';
	strcpy(walk->done + len + 1, name);
	fd_close(&walk->dir);
	walk->dir = take_fd(fd);
	return 0;
}

/* The ".." of a descriptor may lead anywhere by now; the way that was come is looked up anew. */
static int go_up(struct walk *walk)
{
	char *slash = strrchr(walk->done, '/');

	if (slash)
		*slash = 0;
	fd_close(&walk->dir);
	if (!walk->done[0])
		return 0;
	walk->dir = rootfs_walk_open(walk->root, walk->done, O_PATH | O_DIRECTORY, true);
	return walk->dir < 0 ? walk->dir : 0;
}

/*
 * The links of /proc/PID/fd and their like lead to what the target's text need not name: none is
 * followed when it is there, so none is that appears during the walk, as this walk's own do.
 */
static bool is_magic(const struct walk *walk, const char *name, int link)
{
	const struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_MAGICLINKS,
	};
	auto_close int fd = -1;
	struct statfs fs;

	if (fstatfs(link, &fs) < 0 || fs.f_type != PROC_SUPER_MAGIC)
		return false;
	fd = sys_openat2(walk->dir < 0 ? walk->root : walk->dir, name, &how);
	return fd == -ELOOP;
}

/* Puts the target in front of what is to be walked, as the container itself would see it. */
static int follow(struct walk *walk, int link)
{
	char target[PATH_MAX];
	size_t rest = strlen(walk->todo);
	ssize_t len;

	if (walk->plain || ++walk->links > LINKS_MAX)
		return -ELOOP;
	len = readlinkat(link, "", target, sizeof(target));
	if (len < 0)
		return -errno;
	if ((size_t)len + 1 + rest + 1 > sizeof(walk->todo))
		return -ENAMETOOLONG;
	memmove(walk->todo + len + 1, walk->todo, rest + 1);
	memcpy(walk->todo, target, (size_t)len);
	walk->todo[len] = '/';
	if (target[0] == '/') {
		walk->done[0] = 0;
		fd_close(&walk->dir);
	}
	return 0;
}

/* Opens one component and makes it before where it is missing; it may be a symlink. */
static int open_or_make(const struct walk *walk, const char *name, mode_t mode)
{
	int dir = walk->dir < 0 ? walk->root : walk->dir;

	for (int i = 0; i < TRIES_MAX; i++) {
		int r = sys_openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);

		if (r != -ENOENT)
			return r;
		r = S_ISDIR(mode) ? mkdirat(dir, name, mode & ALLPERMS) :
				    mknodat(dir, name, mode, 0);
		if (r < 0 && errno != EEXIST)
			return -errno;
	}
	return -ENOENT;
}

/* Return: 1 when *result is the final object, 0 to go on, -errno. */
static int step(struct walk *walk, mode_t mode, int *result)
{
	char name[NAME_MAX + 1];
	auto_close int fd = -1;
	struct stat st;
	int r = next_component(walk, name);

	if (r < 0)
		return r;
	if (r == 0) {
		if (!S_ISDIR(mode))
			return -EISDIR;
		*result = walk->dir < 0 ? rootfs_walk_open(walk->root, ".", O_PATH, false) :
					  take_fd(&walk->dir);
		return *result < 0 ? *result : 1;
	}
	if (!strcmp(name, ".."))
		return go_up(walk);
	fd = open_or_make(walk, name, is_last(walk) ? mode : S_IFDIR | 0755);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	if (S_ISLNK(st.st_mode))
		return is_magic(walk, name, fd) ? -ELOOP : follow(walk, fd);
	if (S_ISDIR(st.st_mode))
		return enter(walk, &fd, name);
	if (S_ISDIR(mode) || !is_last(walk))
		return -ENOTDIR;
	*result = take_fd(&fd);
	return 1;
}

int rootfs_walk(int root, const char *path, mode_t mode, bool plain)
{
	struct walk walk = { .root = root, .dir = -1, .plain = plain };
	int result = -1, r = 0;

	if (strlen(path) >= sizeof(walk.todo))
		return -ENAMETOOLONG;
	strcpy(walk.todo, path);
	while (r == 0)
		r = step(&walk, mode, &result);
	fd_close(&walk.dir);
	return r < 0 ? r : result;
}
