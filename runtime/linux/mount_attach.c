/* mount_attach.c - where a mount may be put below the container's root, and putting it there */
#include "runtime/linux/mount_attach.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/vfs.h>

#include "base/fd.h"
#include "base/path.h"
#include "base/sys.h"
#include "runtime/linux/rootfs.h"

/* What lxcfs and its like put over files of /proc; nothing else may lie there. */
static const char *const proc_covers[] = {
	"/proc/cpuinfo",
	"/proc/diskstats",
	"/proc/loadavg",
	"/proc/meminfo",
	"/proc/slabinfo",
	"/proc/stat",
	"/proc/swaps",
	"/proc/sys/crypto/fips_enabled",
	"/proc/sys/kernel/ns_last_pid",
	"/proc/uptime",
};

static bool may_cover_proc(const char *path)
{
	for (size_t i = 0; i < sizeof(proc_covers) / sizeof(*proc_covers); i++)
		if (!strcmp(path, proc_covers[i]))
			return true;
	return false;
}

/*
 * A /proc that is not the kernel's would be believed by all who write labels and sysctls, in here
 * and in the runtime (CVE-2019-16884, CVE-2025-52881).
 */
static int check_proc(int mount_fd, const char *path, int point, struct error *err)
{
	struct statfs fs;

	if (!strcmp(path, "/proc")) {
		if (fstatfs(mount_fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC)
			return 0;
		return error_set(err, EPERM, "\"/proc\" can only be a procfs");
	}
	if (fstatfs(point, &fs) < 0)
		return error_errno(err, errno, "look at the mount point");
	if (fs.f_type != PROC_SUPER_MAGIC && !path_is_below(path, "/proc"))
		return 0;
	if (may_cover_proc(path))
		return 0;
	return error_set(err, EPERM, "nothing can be mounted inside /proc");
}

/* Look-ups are by name, attaching is by descriptor: somebody may have renamed in between. */
static int check_place(int mount_fd, int root, const char *destination, struct error *err)
{
	auto_close int fd = -1;
	struct statx wanted, found;

	if (statx(mount_fd, "", AT_EMPTY_PATH, STATX_MNT_ID | STATX_TYPE, &wanted) < 0)
		return error_errno(err, errno, "look at the mount");
	fd = rootfs_open(root, destination,
			 S_ISLNK(wanted.stx_mode) ? O_PATH | O_NOFOLLOW : O_PATH, err);
	if (fd < 0)
		return fd;
	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &found) < 0)
		return error_errno(err, errno, "look at the mount");
	if (wanted.stx_mnt_id != found.stx_mnt_id)
		return error_set(err, ESTALE, "somebody changed \"%s\" while it was mounted",
				 destination);
	return 0;
}

/* A cover of the root itself would be met on the way up from any directory, and nowhere else. */
static int check_not_root(int root, int point, struct error *err)
{
	struct statx here, top;

	if (statx(point, "", AT_EMPTY_PATH, STATX_MNT_ID, &here) < 0)
		return error_errno(err, errno, "look at the mount point");
	if (!(here.stx_attributes & STATX_ATTR_MOUNT_ROOT))
		return 0;
	if (statx(root, "", AT_EMPTY_PATH, STATX_MNT_ID, &top) < 0)
		return error_errno(err, errno, "look at the root");
	if (here.stx_mnt_id == top.stx_mnt_id)
		return error_set(err, EINVAL, "nothing can be mounted on the root itself");
	return 0;
}

int mount_attach_check(int mount_fd, int root, const char *destination, int point,
		       struct error *err)
{
	auto_arena struct arena arena = { 0 };
	int r = check_proc(mount_fd, path_join(&arena, "/", destination), point, err);

	return r < 0 ? r : check_not_root(root, point, err);
}

int mount_attach_at(int mount_fd, int root, const char *destination, int point, struct error *err)
{
	int r = mount_attach_check(mount_fd, root, destination, point, err);

	if (r < 0)
		return r;
	r = sys_move_mount(mount_fd, "", point, "",
			   MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
	if (r < 0)
		return error_errno(err, r, "attach the mount%s",
				   r == -ENOTDIR ? " (a file on a directory or vice versa)" : "");
	return check_place(mount_fd, root, destination, err);
}

/* /proc and /sys have to be where they are said to be (CVE-2019-19921, CVE-2023-27561). */
static bool must_be_plain(int mount_fd, const char *destination)
{
	auto_arena struct arena arena = { 0 };
	const char *path = path_join(&arena, "/", destination);
	struct statfs fs;

	if (!strcmp(path, "/proc") || !strcmp(path, "/sys"))
		return true;
	return fstatfs(mount_fd, &fs) == 0 &&
	       (fs.f_type == PROC_SUPER_MAGIC || fs.f_type == SYSFS_MAGIC);
}

int mount_attach_point(int mount_fd, int root, const char *destination, bool is_directory,
		       struct error *err)
{
	if (!is_directory)
		return rootfs_ensure_file(root, destination, 0644, err);
	if (must_be_plain(mount_fd, destination))
		return rootfs_ensure_plain_directory(root, destination, err);
	return rootfs_ensure_directory(root, destination, 0755, err);
}

int mount_attach(int mount_fd, int root, const char *destination, bool is_directory,
		 struct error *err)
{
	auto_close int point = mount_attach_point(mount_fd, root, destination, is_directory, err);

	return point < 0 ? point : mount_attach_at(mount_fd, root, destination, point, err);
}
