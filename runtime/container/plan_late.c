/* plan_late.c - plans of callers who may not clone mounts: the container's process opens them */
#include "runtime/container/plan_late.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <sched.h>

#include "base/fd.h"
#include "runtime/linux/caps.h"
#include "runtime/linux/dev.h"
#include "runtime/linux/mount.h"
#include "runtime/linux/userns_hint.h"

int plan_late(struct plan *plan, struct error *err)
{
	if (!(plan->own & CLONE_NEWUSER) && !caps_has_effective(CAP_SYS_ADMIN))
		return error_set(err, EPERM,
				 "rootless container requires user namespaces: add one to "
				 "/linux/namespaces, with uidMappings and gidMappings (\"gocker "
				 "spec --rootless\" writes such a config.json)");
	if (!(plan->namespaces & CLONE_NEWNS))
		return error_set(err, EPERM,
				 "without privileges a container needs a new mount namespace: add "
				 "one to /linux/namespaces, without a path");
	if (err)
		*err = (struct error){ 0 };
	plan->opens_late = true;
	return 0;
}

int plan_lock_sources(struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->mounts_len; i++) {
		struct plan_mount *mount = &plan->mounts[i];
		int fd;

		if (!mount->source || mount->options.idmap)
			continue;
		fd = mount_open_source(mount->source, mount->how, err);
		if (fd == -EACCES)
			continue;
		if (fd < 0)
			return fd;
		fd_close(&mount->source_fd);
		mount->source_fd = fd;
	}
	return 0;
}

static int open_mounts(struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->mounts_len; i++) {
		struct plan_mount *mount = &plan->mounts[i];

		if (!mount->source)
			continue;
		mount->source_fd = mount_open_source(mount->source, mount->how, err);
		if (mount->source_fd < 0)
			return error_context(err, "config.json: /mounts/%zu (\"%s\")", i,
					     mount->spec->destination);
	}
	return 0;
}

/* A fifo is nobody's but the container's: its root may make it. */
static int open_devices(struct plan *plan, struct error *err)
{
	for (size_t i = 0; plan->device_fds && i < plan->devices_len; i++) {
		if (plan->devices[i].type == 'p')
			continue;
		plan->device_fds[i] = dev_open_host(&plan->devices[i], err);
		if (plan->device_fds[i] < 0)
			return error_context(err, "without privileges devices are the host's");
	}
	return 0;
}

static int open_hierarchies(struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->hierarchies_len; i++) {
		struct mount_cgroup_hierarchy *hierarchy = &plan->hierarchies[i];

		if (!plan->hierarchy_sources[i])
			continue;
		hierarchy->source_fd = mount_open_source(plan->hierarchy_sources[i], 0, err);
		if (hierarchy->source_fd < 0)
			return hierarchy->source_fd;
	}
	return 0;
}

int plan_open_late(struct plan *plan, struct error *err)
{
	int r = plan->rootfs_fd = mount_open_source(plan->rootfs, AT_RECURSIVE, err);

	if (r == -EPERM)
		userns_hint_powerless(err);
	if (r < 0)
		return error_context(err, "config.json: /root/path");
	r = open_mounts(plan, err);
	if (r == 0)
		r = open_devices(plan, err);
	return r < 0 ? r : open_hierarchies(plan, err);
}
