/* rootfs_move.c - makes the container's root "/" without pivot_root(2) (--no-pivot) */
#include "runtime/linux/rootfs_move.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/path.h"
#include "base/sys.h"
#include "runtime/linux/mountinfo.h"

static int set_propagation(const char *path, uint64_t propagation)
{
	struct mount_attr attr = { .propagation = propagation };

	return sys_mount_setattr(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &attr, sizeof(attr));
}

/* Of a whole procfs or sysfs nothing may be seen; of others the rights of files have to do. */
static int hide(const struct mountinfo_row *row)
{
	int r;

	if (strcmp(row->root, "/") || (strcmp(row->type, "proc") && strcmp(row->type, "sysfs")))
		return 0;
	r = mount("tmpfs", row->point, "tmpfs", 0, NULL) < 0 ? -errno : 0;
	return r == -ENOENT ? 0 : r;
}

/* Cut off first: on the host it stays mounted. */
static int let_go(const struct mountinfo_row *row)
{
	int r = set_propagation(row->point, MS_SLAVE);

	if (r == -ENOENT || r == -EINVAL)
		return 0; /* it went with the one that it was mounted on */
	if (r < 0)
		return r;
	if (umount2(row->point, MNT_DETACH | UMOUNT_NOFOLLOW) == 0)
		return 0;
	return errno == EINVAL || errno == EPERM ? hide(row) : -errno;
}

/* The last mounted goes first: it may lie over others. mounts is as it was before the move. */
static int let_go_all(const struct mountinfo *mounts, const char *path, struct error *err)
{
	for (size_t i = mounts->len; i-- > 0;) {
		const struct mountinfo_row *row = &mounts->rows[i];
		int r;

		if (!strcmp(row->point, "/") || path_is_below(row->point, path))
			continue;
		r = let_go(row);
		if (r < 0)
			return error_errno(err, r, "let go of the host's \"%s\"", row->point);
	}
	return 0;
}

/*
 * Goes to the root of the mount namespace, as everybody does who joins it: that has to be the
 * container's, and is what lies over the host's.
 */
static int enter(int root, int own_namespace, struct error *err)
{
	struct statx wanted, found;
	int r = sys_setns(own_namespace, CLONE_NEWNS);

	if (r < 0)
		return error_errno(err, r, "enter the root filesystem");
	if (statx(root, "", AT_EMPTY_PATH, STATX_MNT_ID, &wanted) < 0 ||
	    statx(AT_FDCWD, "/", 0, STATX_MNT_ID, &found) < 0)
		return error_errno(err, errno, "look at the root filesystem");
	if (wanted.stx_mnt_id != found.stx_mnt_id)
		return error_set(err, EINVAL,
				 "--no-pivot cannot be used in a chroot: who joins the container's "
				 "mount namespace would be outside of the container");
	return 0;
}

int rootfs_move(int root, const char *path, struct error *err)
{
	auto_close int own = sys_open("/proc/self/ns/mnt", O_RDONLY | O_CLOEXEC, 0);
	auto_arena struct arena arena = { 0 };
	struct mountinfo mounts;
	int r;

	if (own < 0)
		return error_errno(err, own, "open /proc/self/ns/mnt");
	r = mountinfo_read(&arena, &mounts, err);
	if (r < 0)
		return error_context(err, "look at the host's mounts");
	/* With rootfsPropagation "shared" the host would get our root over its own. */
	r = set_propagation("/", MS_PRIVATE);
	if (r < 0)
		return error_errno(err, r, "cut \"/\" off from the host's");
	r = sys_move_mount(root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH);
	/* Root of a user namespace may have attached it there at once (rootfs_attach). */
	if (r < 0 && r != -ELOOP)
		return error_errno(err, r, "move the root filesystem to \"/\"");
	r = let_go_all(&mounts, path, err);
	return r < 0 ? r : enter(root, own, err);
}
