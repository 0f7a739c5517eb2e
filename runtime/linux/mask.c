/* mask.c - maskedPaths and readonlyPaths */
#include "runtime/linux/mask.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/linux/mount_fs.h"

/* rootfs_open would word a path that is not there as an error, and most of them are not there. */
static int open_target(int root, const char *path)
{
	struct open_how how = {
		.flags = O_PATH | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};

	return sys_openat2(root, path, &how);
}

static bool is_missing(int r)
{
	return r == -ENOENT || r == -ENOTDIR;
}

static int attach(int mount, int target)
{
	return sys_move_mount(mount, "", target, "",
			      MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
}

static const unsigned int clone_flags = AT_EMPTY_PATH | OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC;

static int cover_with_clone(int source, int target)
{
	auto_close int clone = sys_open_tree(source, "", clone_flags);

	return clone < 0 ? clone : attach(clone, target);
}

/* The first directory gets the tmpfs itself, all others a clone of it; *empty is kept for them. */
static int cover_directory(int *empty, int target, const char *context, struct error *err)
{
	char *data[] = { "nr_blocks=1", "nr_inodes=1", (char *)context, NULL };

	if (*empty >= 0)
		return cover_with_clone(*empty, target);
	*empty = mount_fs_make("tmpfs", "tmpfs", data, true, MOUNT_ATTR_RDONLY, err);
	return *empty < 0 ? *empty : attach(*empty, target);
}

static int mask_path(int root, const char *path, int null_fd, int *empty, const char *context,
		     struct error *err)
{
	auto_close int target = open_target(root, path);
	struct stat st;
	int r;

	if (is_missing(target))
		return 0;
	if (target < 0)
		return error_errno(err, target, "mask \"%s\"", path);
	if (fstat(target, &st) < 0)
		return error_errno(err, errno, "mask \"%s\"", path);
	r = S_ISDIR(st.st_mode) ? cover_directory(empty, target, context, err) :
				  cover_with_clone(null_fd, target);
	return r < 0 ? error_errno(err, r, "mask \"%s\"", path) : 0;
}

int mask_paths(int root, char *const *paths, int null_fd, const char *context, struct error *err)
{
	auto_close int empty = -1;
	struct stat st;

	if (!paths || !*paths)
		return 0;
	/* A planted /dev/null would bring its own content to all masked places (CVE-2025-31133). */
	if (fstat(null_fd, &st) < 0)
		return error_errno(err, errno, "mask paths: look at /dev/null");
	if (!S_ISCHR(st.st_mode) || st.st_rdev != makedev(1, 3))
		return error_set(err, EINVAL,
				 "mask paths: /dev/null in the container is not the null device");
	for (; *paths; paths++) {
		int r = mask_path(root, *paths, null_fd, &empty, context, err);

		if (r < 0)
			return r;
	}
	return 0;
}

static int make_readonly(int target)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	auto_close int clone = sys_open_tree(target, "", clone_flags | AT_RECURSIVE);
	int r;

	if (clone < 0)
		return clone;
	r = sys_mount_setattr(clone, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr));
	return r < 0 ? r : attach(clone, target);
}

int mask_make_readonly(int root, char *const *paths, struct error *err)
{
	for (; paths && *paths; paths++) {
		auto_close int target = open_target(root, *paths);
		int r = target < 0 ? target : make_readonly(target);

		if (r < 0 && !is_missing(target))
			return error_errno(err, r, "make \"%s\" read-only", *paths);
	}
	return 0;
}
