/* dev.c - device nodes and links in the container's /dev */
#include "runtime/linux/dev.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/linux/mount.h"
#include "runtime/linux/mount_attach.h"
#include "runtime/linux/rootfs.h"

const struct spec_device *dev_defaults(size_t *len)
{
	static const struct spec_device defaults[] = {
		{ .type = 'c', .path = (char *)"/dev/null", .major = 1, .minor = 3 },
		{ .type = 'c', .path = (char *)"/dev/zero", .major = 1, .minor = 5 },
		{ .type = 'c', .path = (char *)"/dev/full", .major = 1, .minor = 7 },
		{ .type = 'c', .path = (char *)"/dev/random", .major = 1, .minor = 8 },
		{ .type = 'c', .path = (char *)"/dev/urandom", .major = 1, .minor = 9 },
		{ .type = 'c', .path = (char *)"/dev/tty", .major = 5, .minor = 0 },
	};

	*len = sizeof(defaults) / sizeof(*defaults);
	return defaults;
}

/* Return: S_IFCHR, S_IFBLK or S_IFIFO; 0 for another letter. */
static mode_t file_type(const struct spec_device *device)
{
	switch (device->type) {
	case 'c':
	case 'u':
		return S_IFCHR;
	case 'b':
		return S_IFBLK;
	case 'p':
		return S_IFIFO;
	default:
		return 0;
	}
}

static dev_t number(const struct spec_device *device)
{
	if (device->type == 'p')
		return 0;
	return makedev((unsigned int)device->major, (unsigned int)device->minor);
}

static bool is_device(const struct stat *st, const struct spec_device *device)
{
	return (st->st_mode & S_IFMT) == file_type(device) &&
	       (device->type == 'p' || st->st_rdev == number(device));
}

/* What is there under the name is looked at, never opened: an open of a device can have effects. */
static int open_node(int dir, const char *name, const struct spec_device *device, struct error *err)
{
	auto_close int fd = sys_openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	struct stat st;

	if (fd < 0)
		return error_errno(err, fd, "open \"%s\"", device->path);
	if (fstat(fd, &st) < 0)
		return error_errno(err, errno, "look at \"%s\"", device->path);
	if (!is_device(&st, device))
		return error_set(err, EEXIST,
				 "\"%s\" in the root filesystem is not the device that it has to "
				 "be (remove it there, or mount a tmpfs on /dev)",
				 device->path);
	return take_fd(&fd);
}

static int make_node(int dir, const char *name, const struct spec_device *device, struct error *err)
{
	mode_t mode = (device->fileMode ? *device->fileMode & ALLPERMS : 0666) | file_type(device);
	uid_t uid = device->uid ? *device->uid : 0;
	gid_t gid = device->gid ? *device->gid : 0;
	bool made = mknodat(dir, name, mode, number(device)) == 0;
	auto_close int fd = -1;

	if (!made && errno != EEXIST)
		return error_errno(err, errno, "make device \"%s\"", device->path);
	if (made && uid == 0 && gid == 0)
		return 0;
	fd = open_node(dir, name, device, err);
	if (fd < 0)
		return fd;
	if (made && fchownat(fd, "", uid, gid, AT_EMPTY_PATH) < 0)
		return error_errno(err, errno, "set the owner of \"%s\"", device->path);
	return 0;
}

static int check_device(const struct spec_device *device, struct error *err)
{
	if (!file_type(device))
		return error_set(err, EINVAL, "device \"%s\": type \"%c\" is not b, c, u or p",
				 device->path, device->type);
	if (device->type != 'p' &&
	    (device->major < 0 || device->major > UINT_MAX || device->minor < 0 ||
	     device->minor > UINT_MAX))
		return error_set(err, EINVAL, "device \"%s\": major and minor have to be numbers "
					      "from 0 to 4294967295",
				 device->path);
	return 0;
}

/* Nodes of one list are nearly all in one directory: it is looked up once. */
struct parent {
	int fd;
	size_t len;       /* of the path up to the last slash */
	const char *path; /* of the device it was opened for */
};

static int open_parent(struct parent *parent, int root, const struct spec_device *device,
		       char name[NAME_MAX + 1], struct error *err)
{
	const char *slash = strrchr(device->path, '/');
	size_t len = slash ? (size_t)(slash - device->path) : 0;

	if (parent->fd >= 0 && len == parent->len && !strncmp(device->path, parent->path, len) &&
	    slash[1] && slash[1] != '.' && strlen(slash + 1) <= NAME_MAX) {
		strcpy(name, slash + 1);
		return 0;
	}
	fd_close(&parent->fd);
	parent->fd = rootfs_ensure_parent(root, device->path, name, err);
	parent->len = len;
	parent->path = device->path;
	return parent->fd < 0 ? parent->fd : 0;
}

int dev_make_nodes(int root, const struct spec_device *devices, size_t len, struct error *err)
{
	struct parent parent = { .fd = -1 };
	int r = 0;

	for (size_t i = 0; r == 0 && i < len; i++) {
		char name[NAME_MAX + 1];

		r = check_device(&devices[i], err);
		if (r == 0)
			r = open_parent(&parent, root, &devices[i], name, err);
		if (r == 0)
			r = make_node(parent.fd, name, &devices[i], err);
	}
	fd_close(&parent.fd);
	return r;
}

/* A node has neither a set-user-ID bit nor a program to lend. */
static int set_attributes(int node, uint64_t clear)
{
	struct mount_attr attr = { .attr_set = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC,
				   .attr_clr = clear };

	return sys_mount_setattr(node, "", AT_EMPTY_PATH, &attr, sizeof(attr));
}

int dev_open_host(const struct spec_device *device, struct error *err)
{
	auto_close int node = mount_open_source(device->path, 0, err);
	int r = node < 0 ? node : set_attributes(node, 0);

	if (node < 0)
		return node;
	return r < 0 ? error_errno(err, r, "restrict the host's \"%s\"", device->path) :
		       take_fd(&node);
}

/* The mode is set apart: mknod(2) takes the umask off. */
static int clone_node(int dir, const char *name, const struct spec_device *device, uid_t uid,
		      gid_t gid, struct error *err)
{
	mode_t mode = device->fileMode ? *device->fileMode & ALLPERMS : 0666;
	auto_close int node = -1;
	int r;

	if (fchownat(dir, name, uid, gid, AT_SYMLINK_NOFOLLOW) < 0 ||
	    fchmodat(dir, name, mode, 0) < 0)
		return error_errno(err, errno, "set owner and mode of \"%s\"", device->path);
	node = sys_open_tree(dir, name,
			     OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_SYMLINK_NOFOLLOW);
	r = node < 0 ? node : set_attributes(node, MOUNT_ATTR_NODEV);
	return r < 0 ? error_errno(err, r, "make a mount of device \"%s\"", device->path) :
		       take_fd(&node);
}

int dev_make_detached(int dir, const char *name, const struct spec_device *device, uid_t uid,
		      gid_t gid, struct error *err)
{
	int r = check_device(device, err);

	if (r < 0)
		return r;
	if (mknodat(dir, name, file_type(device) | 0600, number(device)) < 0)
		return error_errno(err, errno, "make device \"%s\"", device->path);
	return clone_node(dir, name, device, uid, gid, err);
}

/* Something to mount on: whatever is there but a symlink, which would put the node elsewhere. */
static int open_point(int dir, const char *name, const struct spec_device *device,
		      struct error *err)
{
	struct stat st;
	auto_close int fd = -1;

	if (mknodat(dir, name, S_IFREG | 0644, 0) < 0 && errno != EEXIST)
		return error_errno(err, errno, "make a mount point for \"%s\"", device->path);
	fd = sys_openat(dir, name, O_PATH | O_NOFOLLOW | O_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(err, fd, "open \"%s\"", device->path);
	if (fstat(fd, &st) < 0)
		return error_errno(err, errno, "look at \"%s\"", device->path);
	if (S_ISLNK(st.st_mode))
		return error_set(err, ELOOP, "\"%s\" in the root filesystem is a symlink",
				 device->path);
	return take_fd(&fd);
}

int dev_bind_node(int root, const struct spec_device *device, int node, struct error *err)
{
	auto_close int dir = -1, point = -1;
	char name[NAME_MAX + 1];
	struct stat st;
	int r = check_device(device, err);

	if (r < 0)
		return r;
	if (fstat(node, &st) < 0)
		return error_errno(err, errno, "look at \"%s\"", device->path);
	if (!is_device(&st, device))
		return error_set(err, EINVAL,
				 "the host's \"%s\" is not the device that is asked for",
				 device->path);
	dir = rootfs_ensure_parent(root, device->path, name, err);
	if (dir < 0)
		return dir;
	point = open_point(dir, name, device, err);
	if (point < 0)
		return point;
	r = mount_attach_at(node, root, device->path, point, err);
	return r < 0 ? error_context(err, "device \"%s\"", device->path) : 0;
}

static const struct {
	const char *name, *target;
} links[] = {
	{ "fd", "/proc/self/fd" },
	{ "stdin", "/proc/self/fd/0" },
	{ "stdout", "/proc/self/fd/1" },
	{ "stderr", "/proc/self/fd/2" },
};

static int make_link(int dev, const char *name, const char *target, struct error *err)
{
	if (symlinkat(target, dev, name) < 0 && errno != EEXIST)
		return error_errno(err, errno, "make the link \"/dev/%s\"", name);
	return 0;
}

int dev_make_links(int root, struct error *err)
{
	auto_close int dev = rootfs_ensure_directory(root, "/dev", 0755, err);
	int r = dev < 0 ? dev : 0;

	for (size_t i = 0; r == 0 && i < sizeof(links) / sizeof(*links); i++)
		r = make_link(dev, links[i].name, links[i].target, err);
	if (r == 0 && access("/proc/kcore", F_OK) == 0)
		r = make_link(dev, "core", "/proc/kcore", err);
	if (r < 0 || symlinkat("pts/ptmx", dev, "ptmx") == 0)
		return r;
	/* A node of this name opens the host's terminals, not those of the container's devpts. */
	if (errno == EEXIST && unlinkat(dev, "ptmx", 0) == 0 &&
	    symlinkat("pts/ptmx", dev, "ptmx") == 0)
		return 0;
	return error_errno(err, errno, "make the link \"/dev/ptmx\"");
}
