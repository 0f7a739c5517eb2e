/* rootfs_shared.c - the container's root among the host's mounts, for want of a mount namespace */
#include "runtime/linux/rootfs_shared.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/linux/mountinfo.h"

int rootfs_shared_id(int tree_fd, uint64_t *id, struct error *err)
{
	struct statx stx;

	if (statx(tree_fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &stx) < 0)
		return error_errno(err, errno, "look at the mount of the root filesystem");
	*id = stx.stx_mnt_id;
	return 0;
}

static int make_private(int tree_fd)
{
	struct mount_attr attr = { .propagation = MS_PRIVATE };

	return sys_mount_setattr(tree_fd, "", AT_EMPTY_PATH | AT_RECURSIVE, &attr, sizeof(attr));
}

int rootfs_shared_attach(int tree_fd, const char *path, struct error *err)
{
	int r = make_private(tree_fd);

	if (r == 0)
		r = sys_move_mount(tree_fd, "", AT_FDCWD, path,
				   MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS);
	/* Below a shared mount it has become shared itself. */
	if (r == 0)
		r = make_private(tree_fd);
	if (r < 0)
		return error_errno(err, r, "attach the root filesystem \"%s\"", path);
	r = fcntl(tree_fd, F_DUPFD_CLOEXEC, 0);
	return r < 0 ? error_errno(err, errno, "keep the root filesystem") : r;
}

int rootfs_shared_enter(int root, struct error *err)
{
	if (fchdir(root) < 0 || chroot(".") < 0)
		return error_errno(err, errno, "chroot");
	return 0;
}

/* Return: an O_PATH descriptor of path; -ESTALE where it is another mount than that. */
static int open_mount(const char *path, uint64_t id, struct error *err)
{
	auto_close int fd = sys_open(path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	uint64_t found;
	int r;

	if (fd < 0)
		return error_errno(err, fd, "open \"%s\"", path);
	r = rootfs_shared_id(fd, &found, err);
	if (r < 0)
		return r;
	if (found != id)
		return error_set(err, ESTALE, "another mount is on the root filesystem \"%s\"",
				 path);
	return take_fd(&fd);
}

int rootfs_shared_join(const char *path, uint64_t id, struct error *err)
{
	auto_close int root = open_mount(path, id, err);

	return root < 0 ? root : rootfs_shared_enter(root, err);
}

static bool is_listed(const struct mountinfo *mounts, uint64_t id)
{
	for (size_t i = 0; i < mounts->len; i++)
		if (mounts->rows[i].id == id)
			return true;
	return false;
}

int rootfs_shared_detach(const char *path, uint64_t id, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_close int root = -1;
	struct mountinfo mounts;
	char link[64];
	int r = mountinfo_read(&arena, &mounts, err);

	if (r < 0)
		return r;
	if (!is_listed(&mounts, id))
		return 0;
	root = open_mount(path, id, err);
	if (root < 0)
		return root;
	snprintf(link, sizeof(link), "/proc/self/fd/%d", root);
	if (umount2(link, MNT_DETACH) < 0)
		return error_errno(err, errno, "unmount the root filesystem \"%s\"", path);
	return 0;
}
