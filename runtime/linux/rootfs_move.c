/* rootfs_move.c - makes the container's root "/" without pivot_root(2) (--no-pivot) */
#include "runtime/linux/rootfs_move.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/sys.h"

enum { MOUNTINFO_SIZE_MAX = 64 * 1024 * 1024 };

/* A line of /proc/self/mountinfo, proc_pid_mountinfo(5). */
struct row {
	const char *root, *point, *type;
};

static int set_propagation(const char *path, uint64_t propagation)
{
	struct mount_attr attr = { .propagation = propagation };

	return sys_mount_setattr(AT_FDCWD, path, AT_SYMLINK_NOFOLLOW, &attr, sizeof(attr));
}

/* Blanks and the like are written as \040; in place, the text becomes no longer. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++) {
		if (from[0] == '\\' && from[1] && from[2] && from[3]) {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = 0;
}

/* Cuts the line into its fields. Return: whether it has all of them. */
static bool read_row(char *line, struct row *row)
{
	char *dash = strstr(line, " - "), *rest = line, *field;
	const char *fields[5] = { 0 };

	if (!dash)
		return false;
	*dash = 0;
	for (size_t i = 0; i < 5 && (field = strsep(&rest, " ")); i++)
		fields[i] = field;
	if (!fields[4])
		return false;
	row->root = fields[3];
	row->point = fields[4];
	rest = dash + strlen(" - ");
	row->type = strsep(&rest, " ");
	unescape((char *)row->point);
	return true;
}

/* Of a whole procfs or sysfs nothing may be seen; of others the rights of files have to do. */
static int hide(const struct row *row)
{
	int r;

	if (strcmp(row->root, "/") || (strcmp(row->type, "proc") && strcmp(row->type, "sysfs")))
		return 0;
	r = mount("tmpfs", row->point, "tmpfs", 0, NULL) < 0 ? -errno : 0;
	return r == -ENOENT ? 0 : r;
}

/* Cut off first: on the host it stays mounted. */
static int let_go(const struct row *row)
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

/* The last mounted goes first: it may lie over others. mountinfo is as it was before the move. */
static int let_go_all(char *mountinfo, const char *path, struct error *err)
{
	char *line;

	while ((line = strrchr(mountinfo, '\n'))) {
		struct row row;
		int r;

		*line = 0;
		line = strrchr(mountinfo, '\n');
		if (!read_row(line ? line + 1 : mountinfo, &row))
			continue;
		if (!strcmp(row.point, "/") || path_is_below(row.point, path))
			continue;
		r = let_go(&row);
		if (r < 0)
			return error_errno(err, r, "let go of the host's \"%s\"", row.point);
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
	auto_buf struct buf mountinfo = { 0 };
	int r = own < 0 ? own : file_read_at(AT_FDCWD, "/proc/self/mountinfo",
					     MOUNTINFO_SIZE_MAX, &mountinfo);

	if (r < 0)
		return error_errno(err, r, "look at the host's mounts");
	/* With rootfsPropagation "shared" the host would get our root over its own. */
	r = set_propagation("/", MS_PRIVATE);
	if (r < 0)
		return error_errno(err, r, "cut \"/\" off from the host's");
	r = sys_move_mount(root, "", AT_FDCWD, "/", MOVE_MOUNT_F_EMPTY_PATH);
	/* Root of a user namespace may have attached it there at once (rootfs_attach). */
	if (r < 0 && r != -ELOOP)
		return error_errno(err, r, "move the root filesystem to \"/\"");
	r = let_go_all(mountinfo.data, path, err);
	return r < 0 ? r : enter(root, own, err);
}
