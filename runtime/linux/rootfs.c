/* rootfs.c - the container's root: attached, looked into, completed, made "/" */
#include "runtime/linux/rootfs.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/linux/rootfs_walk.h"

static int set_propagation(int dirfd, const char *path, unsigned int flags, uint64_t propagation)
{
	struct mount_attr attr = { .propagation = propagation };

	return sys_mount_setattr(dirfd, path, flags, &attr, sizeof(attr));
}

/*
 * With the host's mounts left shared, what is attached below the mount that holds path would appear
 * on the host, and pivot_root(2) refuses it. A path that is no mount point gives EINVAL: look
 * above.
 */
static int make_holder_private(const char *path)
{
	char holder[PATH_MAX];
	int r;

	if ((size_t)snprintf(holder, sizeof(holder), "%s", path) >= sizeof(holder))
		return -ENAMETOOLONG;
	while ((r = set_propagation(AT_FDCWD, holder, 0, MS_PRIVATE)) == -EINVAL) {
		char *slash = strrchr(holder, '/');

		if (!slash || !slash[1])
			break;
		slash[slash == holder] = 0;
	}
	return r;
}

/*
 * On its own path, where hooks look for it. Root of a user namespace may have no right to go there,
 * but always can to "/": that covers the root of the namespace, while our own root stays below it.
 */
static int attach_tree(int tree_fd, const char *path, unsigned long propagation)
{
	static const char *const places[] = { NULL, "/" };
	int r = -EINVAL;

	for (size_t i = 0; i < sizeof(places) / sizeof(*places); i++) {
		const char *place = places[i] ? places[i] : path;

		r = (propagation & MS_SHARED) ? make_holder_private(place) : 0;
		if (r == 0)
			r = sys_move_mount(tree_fd, "", AT_FDCWD, place,
					   MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_SYMLINKS);
		if (r != -EACCES && r != -ENOENT)
			break;
	}
	return r;
}

int rootfs_attach(int tree_fd, const char *path, unsigned long propagation, struct error *err)
{
	int r = 0;

	if (!(propagation & MS_SHARED))
		r = set_propagation(AT_FDCWD, "/", AT_RECURSIVE, MS_SLAVE);
	if (r == 0)
		r = set_propagation(tree_fd, "", AT_EMPTY_PATH | AT_RECURSIVE, MS_SLAVE);
	if (r == 0 && !(propagation & MS_SLAVE))
		r = set_propagation(tree_fd, "", AT_EMPTY_PATH, MS_PRIVATE);
	if (r < 0)
		return error_errno(err, r, "cut the mounts off from the host's%s",
				   r == -EINVAL ? " (in a chroot, \"/\" has to be a mount point)" :
						  "");
	r = attach_tree(tree_fd, path, propagation);
	if (r == -ENOTDIR)
		return error_errno(err, r, "root filesystem \"%s\"", path);
	if (r < 0)
		return error_errno(err, r, "attach the root filesystem \"%s\"", path);
	r = fcntl(tree_fd, F_DUPFD_CLOEXEC, 0);
	return r < 0 ? error_errno(err, errno, "keep the root filesystem") : r;
}

int rootfs_open(int root, const char *path, int flags, struct error *err)
{
	int fd = rootfs_walk_open(root, path, flags, false);

	return fd < 0 ? error_errno(err, fd, "open \"%s\" in the container's root", path) : fd;
}

/* mode says what is wanted: S_IFDIR or S_IFREG. Nearly always it is there: one system call. */
static int ensure(int root, const char *path, mode_t mode, bool plain, struct error *err)
{
	auto_close int fd = rootfs_walk_open(root, path,
					     O_PATH | (S_ISDIR(mode) ? O_DIRECTORY : 0), plain);
	struct stat st;
	int r = fd;

	if (r == -ENOENT)
		r = rootfs_walk(root, path, mode, plain);
	else if (r >= 0 && !S_ISDIR(mode) && fstat(fd, &st) == 0 && S_ISDIR(st.st_mode))
		r = -EISDIR;
	if (r >= 0) {
		take_fd(&fd);
		return r;
	}
	if (r == -ELOOP && plain)
		return error_set(err, ELOOP,
				 "\"%s\" is or leads through a symlink in the container's root",
				 path);
	return error_errno(err, r, "make \"%s\" in the container's root", path);
}

int rootfs_ensure_directory(int root, const char *path, mode_t mode, struct error *err)
{
	return ensure(root, path, S_IFDIR | mode, false, err);
}

int rootfs_ensure_plain_directory(int root, const char *path, struct error *err)
{
	return ensure(root, path, S_IFDIR | 0755, true, err);
}

int rootfs_ensure_file(int root, const char *path, mode_t mode, struct error *err)
{
	return ensure(root, path, S_IFREG | mode, false, err);
}

int rootfs_ensure_parent(int root, const char *path, char name[NAME_MAX + 1], struct error *err)
{
	char parent[PATH_MAX];
	size_t len = strlen(path), start;

	while (len && path[len - 1] == '/')
		len--;
	for (start = len; start && path[start - 1] != '/';)
		start--;
	if (len - start > NAME_MAX || start + 2 > sizeof(parent))
		return error_set(err, ENAMETOOLONG, "\"%s\" is too long", path);
	memcpy(name, path + start, len - start);
	name[len - start] = 0;
	if (!*name || !strcmp(name, ".") || !strcmp(name, ".."))
		return error_set(err, EINVAL, "\"%s\" names no file", path);
	parent[0] = '/';
	memcpy(parent + 1, path, start);
	parent[start + 1] = 0;
	return rootfs_ensure_directory(root, parent, 0755, err);
}

int rootfs_ensure_entry(int root, const char *path, struct error *err)
{
	char name[NAME_MAX + 1];
	auto_close int dir = rootfs_ensure_parent(root, path, name, err);
	int fd;

	if (dir < 0)
		return dir;
	if (mknodat(dir, name, S_IFREG | 0644, 0) < 0 && errno != EEXIST)
		return error_errno(err, errno, "make \"%s\" in the container's root", path);
	fd = sys_openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	return fd < 0 ? error_errno(err, fd, "open \"%s\" in the container's root", path) : fd;
}

int rootfs_make_link(int root, const char *path, const char *target, struct error *err)
{
	char name[NAME_MAX + 1], there[PATH_MAX];
	auto_close int dir = rootfs_ensure_parent(root, path, name, err);
	ssize_t len;

	if (dir < 0)
		return dir;
	if (symlinkat(target, dir, name) == 0)
		return 0;
	if (errno != EEXIST)
		return error_errno(err, errno, "make the symlink \"%s\"", path);
	len = readlinkat(dir, name, there, sizeof(there));
	if (len == (ssize_t)strlen(target) && !memcmp(there, target, (size_t)len))
		return 0;
	return error_set(err, EEXIST, "\"%s\" is there and is no symlink to \"%s\"", path, target);
}

int rootfs_pivot(int root, struct error *err)
{
	auto_close int old = sys_open("/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);

	if (old < 0)
		return error_errno(err, old, "open the old root");
	if (fchdir(root) < 0)
		return error_errno(err, errno, "enter the root filesystem");
	/*
	 * The old root ends up mounted over the new one: no directory is needed for it
	 * (pivot_root(2)).
	 */
	int r = sys_pivot_root(".", ".");

	if (r < 0)
		return error_errno(err, r, "pivot_root%s",
				   r == -EINVAL ? " (on an initramfs, use --no-pivot)" : "");
	/*
	 * An unmount would reach peers on the host; a hook or rootfsPropagation may have kept some.
	 */
	r = set_propagation(old, "", AT_EMPTY_PATH | AT_RECURSIVE, MS_SLAVE);
	if (r < 0)
		return error_errno(err, r, "cut the old root off from the host's");
	if (fchdir(old) < 0 || umount2(".", MNT_DETACH) < 0)
		return error_errno(err, errno, "unmount the old root");
	return chdir("/") < 0 ? error_errno(err, errno, "enter the new root") : 0;
}

int rootfs_set_readonly(struct error *err)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_RDONLY };
	int r = sys_mount_setattr(AT_FDCWD, "/", 0, &attr, sizeof(attr));

	return r < 0 ? error_errno(err, r, "make the root filesystem read-only") : 0;
}

int rootfs_set_propagation(unsigned long propagation, struct error *err)
{
	int r;

	if (!(propagation & (MS_SHARED | MS_UNBINDABLE)))
		return 0;
	r = set_propagation(AT_FDCWD, "/", (propagation & MS_REC) ? AT_RECURSIVE : 0,
			    propagation & (MS_SHARED | MS_UNBINDABLE));
	return r < 0 ? error_errno(err, r, "set the propagation of the root filesystem") : 0;
}
