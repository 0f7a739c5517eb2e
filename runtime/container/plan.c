/* plan.c - what a config asks for, worked out before anything is made */
#include "runtime/container/plan.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/path.h"
#include "runtime/container/plan_late.h"
#include "runtime/container/plan_mount.h"
#include "runtime/linux/dev.h"
#include "runtime/linux/mount.h"

static int open_namespace(struct plan *plan, const struct spec_namespace *spec, struct error *err)
{
	auto_close int fd = ns_open(spec->path, spec->type, err);
	int is_own = fd < 0 ? fd : ns_is_own(fd, spec->type);

	if (fd < 0)
		return fd;
	if (is_own < 0)
		return error_errno(err, is_own, "look at the namespaces of this process");
	/* setns(2) refuses to enter the user namespace that one is in, and moves the root else. */
	if (is_own && spec->type & (CLONE_NEWUSER | CLONE_NEWNS))
		return 0;
	/* All processes there that have its "/" as root would get the container's. */
	if (spec->type == CLONE_NEWNS && ns_is_of_first(fd, spec->type))
		return error_set(err, EINVAL, "\"%s\" has the mounts of process 1", spec->path);
	plan->joined[plan->joined_len++] =
		(struct ns){ .type = spec->type, .path = spec->path, .fd = take_fd(&fd) };
	if (!is_own)
		plan->own |= (uint64_t)spec->type;
	return 0;
}

/* The reader has made sure of an entry for each; it could not see what is behind the path. */
static int check_sysctl(const struct plan *plan, const struct spec_linux *linux, struct error *err)
{
	for (size_t i = 0; i < linux->sysctl_len; i++)
		if (!(plan->own & (uint64_t)spec_sysctl_namespace(linux->sysctl[i].key)))
			return error_set(err, EINVAL,
					 "config.json: /linux/sysctl: \"%.100s\" would change the "
					 "host: the namespace that is joined is the host's",
					 linux->sysctl[i].key);
	return 0;
}

bool plan_joins_first(const struct plan *plan)
{
	bool joins_pid = false;

	for (size_t i = 0; i < plan->joined_len; i++)
		joins_pid = joins_pid || plan->joined[i].type == CLONE_NEWPID;
	return joins_pid || (plan->joined_len && (plan->own & CLONE_NEWUSER));
}

static int plan_namespaces(const struct spec_linux *linux, struct arena *arena, struct plan *plan,
			   struct error *err)
{
	plan->joined = arena_array(arena, linux->namespaces_len, sizeof(*plan->joined));
	for (size_t i = 0; i < linux->namespaces_len; i++) {
		const struct spec_namespace *spec = &linux->namespaces[i];
		int r = spec->path ? open_namespace(plan, spec, err) : 0;

		if (r < 0)
			return error_context(err, "config.json: /linux/namespaces/%zu/path", i);
		if (!spec->path)
			plan->namespaces |= (uint64_t)spec->type;
	}
	plan->own |= plan->namespaces;
	/* Its root is where its maker is, and the process is born before it enters its cgroup. */
	plan->late = CLONE_NEWCGROUP;
	/* Clocks are set before anybody is in it; what unshare(2) makes is for children only. */
	if (linux->timeOffsets || plan_joins_first(plan))
		plan->late |= CLONE_NEWTIME;
	return check_sysctl(plan, linux, err);
}

uint64_t plan_birth_types(const struct plan *plan)
{
	return plan->namespaces & ~plan->late;
}

static void add_device(struct plan *plan, const struct spec_device *device)
{
	for (size_t i = 0; i < plan->devices_len; i++)
		if (!strcmp(plan->devices[i].path, device->path)) {
			plan->devices[i] = *device;
			return;
		}
	plan->devices[plan->devices_len++] = *device;
}

/* The usual ones are the host's; what config.json lists is made by plan_make_devices. */
static int open_host_nodes(struct plan *plan, struct arena *arena, struct error *err)
{
	plan->device_fds = arena_array(arena, plan->devices_len, sizeof(*plan->device_fds));
	for (size_t i = 0; i < plan->devices_len; i++)
		plan->device_fds[i] = -1;
	for (size_t i = 0; !plan->opens_late && i < plan->listed; i++) {
		const struct spec_device *device = &plan->devices[i];

		if (device->fileMode || device->uid || device->gid)
			continue;
		plan->device_fds[i] = dev_open_host(device, err);
		if (plan->device_fds[i] < 0)
			return plan->device_fds[i];
	}
	return 0;
}

/* Some put /dev/urandom over /dev/random: what is mounted there is the device (runc). */
static bool is_mounted(const struct plan *plan, const char *path)
{
	for (size_t i = 0; i < plan->mounts_len; i++)
		if (!strcmp(plan->mounts[i].spec->destination, path))
			return true;
	return false;
}

static int plan_devices(const struct spec_config *config, struct arena *arena, struct plan *plan,
			struct error *err)
{
	size_t defaults_len, listed_len = config->linux ? config->linux->devices_len : 0;
	const struct spec_device *defaults = dev_defaults(&defaults_len);

	plan->devices = arena_array(arena, defaults_len + listed_len, sizeof(*plan->devices));
	for (size_t i = 0; i < defaults_len; i++)
		if (!is_mounted(plan, defaults[i].path))
			add_device(plan, &defaults[i]);
	plan->listed = plan->devices_len;
	for (size_t i = 0; i < listed_len; i++)
		add_device(plan, &config->linux->devices[i]);
	return plan->own & CLONE_NEWUSER ? open_host_nodes(plan, arena, err) : 0;
}

/* Return: the host's id, or -EINVAL where the map has none for it. */
static int64_t id_on_host(const struct spec_id_mapping *map, size_t len, const uint32_t *id)
{
	uint32_t inside = id ? *id : 0;

	for (size_t i = 0; i < len; i++)
		if (inside >= map[i].containerID && inside - map[i].containerID < map[i].size)
			return (int64_t)map[i].hostID + (inside - map[i].containerID);
	return -EINVAL;
}

enum { NODE_NAME_SIZE = sizeof("device-18446744073709551615") };

static void name_node(size_t number, char name[NODE_NAME_SIZE])
{
	snprintf(name, NODE_NAME_SIZE, "device-%zu", number);
}

static int make_device(struct plan *plan, const struct spec_linux *linux,
		       const struct spec_device *device, int dir, struct error *err)
{
	char name[NODE_NAME_SIZE];
	int64_t uid = id_on_host(linux->uidMappings, linux->uidMappings_len, device->uid);
	int64_t gid = id_on_host(linux->gidMappings, linux->gidMappings_len, device->gid);
	int r;

	/* A user namespace that is joined may have no maps in config.json. */
	if (!linux->uidMappings_len)
		return dev_open_host(device, err);
	if (uid < 0 || gid < 0)
		return error_set(err, EINVAL,
				 "config.json: /linux/devices: the owner of \"%s\" is in no map of "
				 "the user namespace",
				 device->path);
	name_node(plan->made, name);
	r = dev_make_detached(dir, name, device, (uid_t)uid, (gid_t)gid, err);
	if (r != -EPERM) {
		plan->made++;
		return r;
	}
	*err = (struct error){ 0 };
	return dev_open_host(device, err);
}

int plan_make_devices(struct plan *plan, const struct spec_linux *linux, int dir, struct error *err)
{
	if (plan->opens_late)
		return 0;
	for (size_t i = 0; plan->device_fds && i < plan->devices_len; i++) {
		if (plan->device_fds[i] >= 0)
			continue;
		plan->device_fds[i] = make_device(plan, linux, &plan->devices[i], dir, err);
		if (plan->device_fds[i] < 0)
			return plan->device_fds[i];
	}
	return 0;
}

void plan_unlink_devices(struct plan *plan, int dir)
{
	char name[NODE_NAME_SIZE];

	while (plan->made) {
		name_node(--plan->made, name);
		unlinkat(dir, name, 0);
	}
}

int plan_make(const struct spec_config *config, const char *bundle, const char *rootfs,
	      struct arena *arena, struct plan *plan, struct error *err)
{
	int r = config->linux ? plan_namespaces(config->linux, arena, plan, err) : 0;

	if (r < 0)
		return r;
	/* With a slash behind it, only a directory is found. */
	plan->rootfs = arena_printf(arena, "%s/", rootfs);
	r = plan->rootfs_fd = mount_open_source(plan->rootfs, AT_RECURSIVE, err);
	if (r == -EPERM)
		r = plan_late(plan, err);
	if (r < 0)
		return error_context(err, "config.json: /root/path");
	r = plan_mount_all(config, bundle, arena, plan, err);
	return r < 0 ? r : plan_devices(config, arena, plan, err);
}

int plan_add_directory(struct plan *plan, const char *source, const char *destination,
		       char **options, struct arena *arena, struct error *err)
{
	struct plan_mount *mounts = arena_array(arena, plan->mounts_len + 1, sizeof(*mounts));
	struct plan_mount *added = &mounts[plan->mounts_len];
	struct spec_mount *spec = arena_alloc(arena, sizeof(*spec));

	if (plan->mounts_len)
		memcpy(mounts, plan->mounts, plan->mounts_len * sizeof(*mounts));
	spec->destination = arena_strdup(arena, destination);
	spec->source = "a directory of the runtime";
	spec->options = options;
	added->spec = spec;
	added->source = source;
	added->source_fd = plan->opens_late ? -1 : mount_open_source(source, 0, err);
	if (!plan->opens_late && added->source_fd < 0)
		return added->source_fd;
	plan->mounts = mounts;
	plan->mounts_len++;
	return mountopt_parse(options, arena, &added->options, err);
}

void plan_close(struct plan *plan)
{
	fd_close(&plan->rootfs_fd);
	plan_mount_close(plan);
	for (size_t i = 0; i < plan->joined_len; i++)
		fd_close(&plan->joined[i].fd);
	for (size_t i = 0; plan->device_fds && i < plan->devices_len; i++)
		fd_close(&plan->device_fds[i]);
	for (size_t i = 0; i < plan->hierarchies_len; i++)
		fd_close(&plan->hierarchies[i].source_fd);
}
