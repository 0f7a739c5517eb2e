/* mount.c - attaches file systems below the container's root */
#include "runtime/linux/mount.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/path.h"
#include "base/strv.h"
#include "base/sys.h"
#include "runtime/linux/copy_up.h"
#include "runtime/linux/mount_attach.h"
#include "runtime/linux/mount_borrow.h"
#include "runtime/linux/mount_fs.h"
#include "runtime/linux/mount_label.h"
#include "runtime/linux/rootfs.h"

int mount_open_source(const char *path, unsigned int how, struct error *err)
{
	int fd = sys_open_tree(AT_FDCWD, path, OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | how);

	if (fd == -EINVAL && !(how & AT_RECURSIVE))
		return error_set(err, EINVAL,
				 "open mount source \"%s\": it cannot be cloned alone; in a user "
				 "namespace, mounts below it need \"rbind\"",
				 path);
	return fd < 0 ? error_errno(err, fd, "open mount source \"%s\"", path) : fd;
}

static const char *idmap_hint(int num)
{
	switch (num) {
	case -EINVAL:
		return " (can its file system do that? the kernel's release decides, see "
		       "MOUNT_ATTR_IDMAP in mount_setattr(2))";
	case -EPERM:
		return " (ids are mapped once only, and need CAP_SYS_ADMIN over the file system)";
	default:
		return "";
	}
}

int mount_set_idmap(int mount_fd, int userns_fd, bool recursive, struct error *err)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_IDMAP, .userns_fd = (uint64_t)userns_fd };
	int r = sys_mount_setattr(mount_fd, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0),
				  &attr, sizeof(attr));

	return r < 0 ? error_errno(err, r, "map the ids of the mount%s", idmap_hint(r)) : 0;
}

static int set_attributes(int fd, bool recursive, uint64_t set, uint64_t clear,
			  unsigned long propagation)
{
	struct mount_attr attr = { .attr_set = set, .attr_clr = clear, .propagation = propagation };

	if (!set && !clear && !propagation)
		return 0;
	return sys_mount_setattr(fd, "", AT_EMPTY_PATH | (recursive ? AT_RECURSIVE : 0), &attr,
				 sizeof(attr));
}

/*
 * What is recursive comes last and holds for the top as well. Flags that nobody names stay as on
 * the host: in a user namespace most are locked, and none is ours to weaken.
 */
static int set_bind_attributes(int fd, const struct mount_options *options)
{
	uint64_t set = options->set, clear = options->clear;
	unsigned long cut = options->cut == MS_SHARED ? 0 : options->cut ? options->cut : MS_SLAVE;
	int r;

	if (options->recursive) {
		r = set_attributes(fd, false, set, clear, 0);
		set = clear = 0;
	} else {
		r = 0;
		set &= ~options->recursive_clear;
		clear &= ~options->recursive_set;
	}
	if (r == 0)
		r = set_attributes(fd, options->recursive, set | options->recursive_set,
				   clear | options->recursive_clear, cut);
	return r;
}

static int make_bind(const struct mount_options *options, int source_fd, struct error *err)
{
	auto_close int fd = -1;
	int r;

	if (source_fd < 0)
		return error_set(err, EINVAL, "a bind mount needs a source");
	fd = fcntl(source_fd, F_DUPFD_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(err, errno, "keep the mount");
	r = set_bind_attributes(fd, options);
	if (r < 0)
		return error_errno(err, r, "set mount options%s",
				   r == -EPERM ? " (a user namespace cannot clear ro, nosuid, "
						 "nodev, noexec or change atime of a host's "
						 "mount)" :
						 "");
	return take_fd(&fd);
}

static uint64_t new_attributes(const struct mount_options *options)
{
	return (options->set & ~options->recursive_clear) | options->recursive_set;
}

/* A disk that cannot be written needs a read-only file system, not just a read-only mount of it. */
static bool is_read_only_disk(const struct spec_mount *mount, const struct mount_options *options)
{
	return mount->source && mount->source[0] == '/' &&
	       new_attributes(options) & MOUNT_ATTR_RDONLY;
}

static int make_fs(const struct spec_mount *mount, const struct mount_options *options,
		   struct arena *arena, struct error *err)
{
	char **data = mount_label_add(mount->type, options->data, options->context, arena);

	return mount_fs_make(mount->type, mount->source, data, is_read_only_disk(mount, options),
			     new_attributes(options), err);
}

/*
 * All engines write "gid=5" for devpts, the group "tty". A user namespace of few ids has no such
 * group: then terminals have that of their users. Return: whether it was there and is gone.
 */
static bool drop_tty_group(const char *type, struct mount_options *options, struct arena *arena)
{
	char **kept = arena_array(arena, strv_len(options->data) + 1, sizeof(*kept));
	size_t len = 0;

	if (strcmp(type, "devpts") != 0 || !strv_contains(options->data, "gid=5"))
		return false;
	for (char **datum = options->data; *datum; datum++)
		if (strcmp(*datum, "gid=5") != 0)
			kept[len++] = *datum;
	options->data = kept;
	return true;
}

static int make_new(const struct spec_mount *mount, const struct mount_options *options,
		    struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_close int fd = make_fs(mount, options, &arena, err);
	struct mount_options without = *options;
	int r;

	if (fd == -EINVAL && drop_tty_group(mount->type, &without, &arena))
		fd = make_fs(mount, &without, &arena, err);
	r = fd;
	if (r == -EPERM)
		r = mount_borrow(mount->type, options, NULL);
	if (fd < 0)
		return r < 0 ? fd : r;
	r = mount_label_mark(fd, mount->type, options->context, err);
	return r < 0 ? r : take_fd(&fd);
}

int mount_make(const struct spec_mount *mount, const struct mount_options *options, int source_fd,
	       struct error *err)
{
	if (options->bind)
		return make_bind(options, source_fd, err);
	if (!mount->type || !*mount->type)
		return error_set(err, EINVAL, "a mount that is no bind mount needs a type");
	return make_new(mount, options, err);
}

static int check_is_mount(int fd, const char *what, struct error *err)
{
	struct statx here;

	if (statx(fd, "", AT_EMPTY_PATH, STATX_MNT_ID, &here) < 0)
		return error_errno(err, errno, "look at the mount point");
	return here.stx_attributes & STATX_ATTR_MOUNT_ROOT ?
		       0 :
		       error_set(err, EINVAL, "%snothing is mounted there", what);
}

static int remount(int root, const struct spec_mount *mount, const struct mount_options *options,
		   struct error *err)
{
	auto_close int fd = rootfs_open(root, mount->destination, O_PATH, err);
	int r;

	if (fd < 0)
		return fd;
	r = check_is_mount(fd, "remount: ", err);
	if (r == 0 && *options->data && !options->bind)
		r = mount_fs_reconfigure(fd, options->data, err);
	if (r < 0)
		return r;
	r = set_attributes(fd, false, options->set, options->clear, options->propagation);
	return r < 0 ? error_errno(err, r, "remount") : 0;
}

static bool is_tmpfs(const struct spec_mount *mount, const struct mount_options *options)
{
	return !options->bind && mount->type && !strcmp(mount->type, "tmpfs");
}

/* Things are put there by us before the container runs: directories to mount on, nodes, copies. */
static bool is_filled_first(const struct spec_mount *mount, const struct mount_options *options)
{
	auto_arena struct arena arena = { 0 };

	return new_attributes(options) & MOUNT_ATTR_RDONLY &&
	       (is_tmpfs(mount, options) ||
		!strcmp(path_join(&arena, "/", mount->destination), "/dev"));
}

static bool names_mode(char *const *data)
{
	for (; *data; data++)
		if (!strncmp(*data, "mode=", strlen("mode=")))
			return true;
	return false;
}

/*
 * Unless the options say otherwise, a directory like /tmp keeps its mode under a tmpfs. One that we
 * had to make says nothing: there the kernel's default holds, 1777 (tmpfs(5)).
 */
static int keep_mode(int point, struct arena *arena, struct mount_options *options,
		     struct error *err)
{
	size_t len = strv_len(options->data);
	char **data = arena_array(arena, len + 2, sizeof(*data));
	struct stat st;

	if (fstat(point, &st) < 0)
		return error_errno(err, errno, "look at the mount point");
	memcpy(data, options->data, len * sizeof(*data));
	data[len] = arena_printf(arena, "mode=%o", st.st_mode & ALLPERMS);
	options->data = data;
	return 0;
}

static int make_tmpfs(int point, bool keeps_mode, const struct spec_mount *mount,
		      struct mount_options *options, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_close int fd = -1;
	int r = keeps_mode ? keep_mode(point, &arena, options, err) : 0;

	if (r < 0)
		return r;
	fd = mount_make(mount, options, -1, err);
	if (fd < 0 || !options->copy_up)
		return take_fd(&fd);
	r = copy_up_tree(point, fd, err);
	return r < 0 ? r : take_fd(&fd);
}

static int add_tmpfs(int root, const struct spec_mount *mount, struct mount_options *options,
		     struct error *err)
{
	auto_close int there = names_mode(options->data) ?
				       -1 :
				       rootfs_open(root, mount->destination, O_PATH, NULL);
	auto_close int fd = -1, point = mount_attach_point(-1, root, mount->destination, true, err);
	int r;

	if (point < 0)
		return point;
	fd = make_tmpfs(point, there >= 0, mount, options, err);
	if (fd < 0)
		return fd;
	r = mount_attach_at(fd, root, mount->destination, point, err);
	return r < 0 ? r : take_fd(&fd);
}

static int add_long(int root, const struct spec_mount *mount, const struct mount_options *options,
		    struct error *err)
{
	auto_close int fd = -1, point = mount_attach_point(-1, root, mount->destination, true, err);
	auto_arena struct arena arena = { 0 };
	char **data = mount_label_add(mount->type, options->data, options->context, &arena);
	int r;

	if (point < 0)
		return point;
	r = mount_attach_check(-1, root, mount->destination, point, err);
	if (r == 0)
		r = mount_fs_attach_long(mount->type, mount->source, data, point, err);
	if (r < 0)
		return r;
	fd = rootfs_open(root, mount->destination, O_PATH, err);
	if (fd < 0)
		return fd;
	r = set_attributes(fd, false, new_attributes(options), 0, 0);
	return r < 0 ? error_errno(err, r, "set mount options") : take_fd(&fd);
}

/* Return: a descriptor of the attached mount, or -errno. */
static int add(int root, const struct spec_mount *mount, struct mount_options *options,
	       int source_fd, struct error *err)
{
	auto_close int fd = -1, point = -1;
	struct stat st = { .st_mode = S_IFDIR };
	int r;

	if (is_tmpfs(mount, options))
		return add_tmpfs(root, mount, options, err);
	if (!options->bind && mount_fs_is_long(options->data))
		return add_long(root, mount, options, err);
	fd = mount_make(mount, options, source_fd, err);
	if (fd < 0)
		return fd;
	if (options->bind && fstat(fd, &st) < 0)
		return error_errno(err, errno, "look at the mount");
	if (options->destination_plain && !S_ISDIR(st.st_mode))
		point = rootfs_ensure_entry(root, mount->destination, err);
	else
		point = mount_attach_point(fd, root, mount->destination, S_ISDIR(st.st_mode), err);
	if (point < 0)
		return point;
	r = mount_attach_at(fd, root, mount->destination, point, err);
	return r < 0 ? r : take_fd(&fd);
}

/* Return: the options that the mount has until mount_finish_readonly(). */
static struct mount_options first_options(const struct spec_mount *mount,
					  const struct mount_options *options)
{
	struct mount_options now = *options;

	if (is_filled_first(mount, options)) {
		now.set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
		now.recursive_set &= ~(uint64_t)MOUNT_ATTR_RDONLY;
	}
	return now;
}

static int check_copy_up(const struct spec_mount *mount, const struct mount_options *options,
			 struct error *err)
{
	if (options->copy_up && !is_tmpfs(mount, options))
		return error_set(err, EINVAL, "tmpcopyup needs type tmpfs");
	return 0;
}

int mount_add(int root, const struct spec_mount *mount, const struct mount_options *options,
	      int source_fd, struct error *err)
{
	struct mount_options now = first_options(mount, options);
	auto_close int fd = -1;
	int r = check_copy_up(mount, options, err);

	if (r < 0)
		return r;
	if (options->remount)
		return remount(root, mount, options, err);
	fd = add(root, mount, &now, source_fd, err);
	if (fd < 0)
		return fd;
	/*
	 * Only now: below a shared mount, attaching has made it shared as well
	 * (mount_namespaces(7)).
	 */
	r = set_attributes(fd, options->propagation_recursive, 0, 0, options->propagation);
	return r < 0 ? error_errno(err, r, "set the propagation of the mount") : 0;
}

/* Return: a detached mount that can be a root, or -errno. */
static int make_root(int root, const struct spec_mount *mount, struct mount_options *options,
		     int source_fd, struct error *err)
{
	auto_close int fd = -1;
	struct stat st;

	if (options->propagation == MS_SHARED)
		return error_set(err, EINVAL, "the root itself cannot be \"shared\" as a mount: "
				 "that is rootfsPropagation's to say");
	if (!options->bind && mount_fs_is_long(options->data))
		return error_set(err, EINVAL, "the options are too long for a mount on the root");
	if (is_tmpfs(mount, options))
		return make_tmpfs(root, !names_mode(options->data), mount, options, err);
	fd = mount_make(mount, options, source_fd, err);
	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return error_errno(err, errno, "look at the mount");
	if (!S_ISDIR(st.st_mode))
		return error_set(err, ENOTDIR, "the root has to be a directory");
	return take_fd(&fd);
}

int mount_add_root(int root, const struct spec_mount *mount, const struct mount_options *options,
		   int source_fd, struct error *err)
{
	struct mount_options now = first_options(mount, options);
	auto_close int fd = -1;
	int r = check_copy_up(mount, options, err);

	if (r < 0)
		return r;
	fd = make_root(root, mount, &now, source_fd, err);
	if (fd < 0)
		return fd;
	r = sys_move_mount(fd, "", root, "", MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
	if (r < 0)
		return error_errno(err, r, "attach the mount to the root");
	r = set_attributes(fd, options->propagation_recursive, 0, 0, options->propagation);
	return r < 0 ? error_errno(err, r, "set the propagation of the mount") : take_fd(&fd);
}

int mount_finish_readonly(int root, const struct spec_mount *mount,
			  const struct mount_options *options, struct error *err)
{
	auto_close int fd = -1;
	int r;

	if (!is_filled_first(mount, options))
		return 0;
	fd = rootfs_open(root, mount->destination, O_PATH, err);
	if (fd < 0)
		return fd;
	r = set_attributes(fd, options->recursive_set & MOUNT_ATTR_RDONLY, MOUNT_ATTR_RDONLY, 0, 0);
	return r < 0 ? error_errno(err, r, "make it read-only") : 0;
}

int mount_remove(int root, const char *destination, int fds, struct error *err)
{
	auto_close int fd = rootfs_open(root, destination, O_PATH, err);
	char name[16];
	int r = fd;

	if (r >= 0)
		r = mount_attach_check(-1, root, destination, fd, err);
	if (r >= 0)
		r = check_is_mount(fd, "", err);
	if (r < 0)
		return r;
	/* By the descriptor: the path may lead elsewhere by now. */
	snprintf(name, sizeof(name), "%d", fd);
	if (fchdir(fds) < 0 || umount2(name, MNT_DETACH) < 0)
		return error_errno(err, errno, "let go of the mount");
	return 0;
}
