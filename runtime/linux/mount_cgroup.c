/* mount_cgroup.c - mounts of type "cgroup": the container's view of its own cgroups */
#include "runtime/linux/mount_cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/strv.h"
#include "base/sys.h"
#include "runtime/linux/mount.h"
#include "runtime/linux/mount_attach.h"
#include "runtime/linux/mount_fs.h"

/*
 * Whatever config.json says: nothing in a cgroup file system is to be run, opened as device, or
 * setuid.
 */
static const uint64_t always = MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV | MOUNT_ATTR_NOEXEC;

static bool is_v2(const struct mount_cgroup_hierarchy *hierarchy)
{
	return !hierarchy->controllers || !*hierarchy->controllers;
}

/* data: of the mount itself, for v2 alone ("nsdelegate"). */
static int make_new(const struct mount_cgroup_hierarchy *hierarchy, char *const *data,
		    uint64_t attributes, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	struct mount_options v1;
	int r;

	if (is_v2(hierarchy))
		return mount_fs_make("cgroup2", "cgroup", data, false, attributes, err);
	/* "cpu,cpuacct" are two options to fsconfig(2); the option parser knows where to cut. */
	r = mountopt_parse((char *[]){ (char *)hierarchy->controllers, NULL }, &arena, &v1, err);
	return r < 0 ? r : mount_fs_make("cgroup", "cgroup", v1.data, false, attributes, err);
}

/* Return: a detached mount that is the caller's, or -errno. */
static int make_view(const struct mount_cgroup_hierarchy *hierarchy, char *const *data,
		     uint64_t attributes, bool namespaced, struct error *err)
{
	struct mount_options options = { .bind = true, .set = attributes };

	if (namespaced) {
		int r = make_new(hierarchy, data, attributes, err);

		if ((r != -EPERM && r != -EBUSY) || hierarchy->source_fd < 0)
			return r;
	}
	if (hierarchy->source_fd < 0)
		return error_set(err, ENOENT, "the container's cgroup directory is not there");
	return mount_make(&(struct spec_mount){ 0 }, &options, hierarchy->source_fd, err);
}

static int set_propagation(int fd, const struct mount_options *options, struct error *err)
{
	struct mount_attr attr = { .propagation = options->propagation };
	int r;

	if (!options->propagation)
		return 0;
	r = sys_mount_setattr(fd, "", AT_EMPTY_PATH, &attr, sizeof(attr));
	return r < 0 ? error_errno(err, r, "set the propagation of the mount") : 0;
}

static int mount_single(int root, const struct spec_mount *mount,
			const struct mount_options *options,
			const struct mount_cgroup_hierarchy *hierarchy, bool namespaced,
			uint64_t attributes, struct error *err)
{
	auto_close int fd = make_view(hierarchy, options->data, attributes, namespaced, err);
	int r;

	if (fd < 0)
		return fd;
	r = mount_attach(fd, root, mount->destination, true, err);
	return r < 0 ? r : set_propagation(fd, options, err);
}

/* cpu and cpuacct lead to the directory of both, as on a host. */
static int add_links(int dir, const char *name, struct error *err)
{
	const char *rest = name;

	while (strchr(name, ',') && *rest) {
		char link[NAME_MAX + 1];
		size_t len = strcspn(rest, ",");

		if (len >= sizeof(link))
			return error_set(err, ENAMETOOLONG, "cgroup hierarchy \"%s\"", name);
		memcpy(link, rest, len);
		link[len] = 0;
		if (len && symlinkat(name, dir, link) < 0 && errno != EEXIST)
			return error_errno(err, errno, "make the link \"%s\"", link);
		rest += len + (rest[len] == ',');
	}
	return 0;
}

static int mount_below(int dir, const struct mount_cgroup_hierarchy *hierarchy, bool namespaced,
		       uint64_t attributes, struct error *err)
{
	auto_close int fd = -1;
	int r;

	if (mkdirat(dir, hierarchy->name, 0755) < 0)
		return error_errno(err, errno, "make the directory");
	fd = make_view(hierarchy, NULL, attributes, namespaced, err);
	if (fd < 0)
		return fd;
	/* The tmpfs is ours alone until the container runs: its names are what we made them. */
	r = sys_move_mount(fd, "", dir, hierarchy->name, MOVE_MOUNT_F_EMPTY_PATH);
	if (r < 0)
		return error_errno(err, r, "attach the mount");
	return add_links(dir, hierarchy->name, err);
}

static int mount_several(int root, const struct spec_mount *mount,
			 const struct mount_options *options,
			 const struct mount_cgroup_hierarchy *hierarchies, size_t len,
			 bool namespaced, uint64_t attributes, struct error *err)
{
	char *data[] = { "mode=755", (char *)options->context, NULL };
	struct mount_attr readonly = { .attr_set = MOUNT_ATTR_RDONLY };
	auto_close int dir = mount_fs_make("tmpfs", "cgroup", data, false, always, err);
	int r;

	if (dir < 0)
		return dir;
	r = mount_attach(dir, root, mount->destination, true, err);
	if (r == 0)
		r = set_propagation(dir, options, err);
	for (size_t i = 0; r == 0 && i < len; i++) {
		r = mount_below(dir, &hierarchies[i], namespaced, attributes, err);
		if (r < 0)
			error_context(err, "cgroup hierarchy \"%s\"", hierarchies[i].name);
	}
	if (r < 0 || !(attributes & MOUNT_ATTR_RDONLY))
		return r;
	r = sys_mount_setattr(dir, "", AT_EMPTY_PATH, &readonly, sizeof(readonly));
	return r < 0 ? error_errno(err, r, "make the mount read-only") : 0;
}

int mount_cgroup(int root, const struct spec_mount *mount, const struct mount_options *options,
		 const struct mount_cgroup_hierarchy *hierarchies, size_t len, bool namespaced,
		 struct error *err)
{
	uint64_t attributes = options->set | options->recursive_set | always;

	if (!len)
		return error_set(err, ENOENT, "the host has no cgroups that could be mounted");
	if (!hierarchies[0].name)
		return mount_single(root, mount, options, &hierarchies[0], namespaced, attributes,
				    err);
	return mount_several(root, mount, options, hierarchies, len, namespaced, attributes, err);
}
