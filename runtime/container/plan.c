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
#include "runtime/container/plan_device.h"
#include "runtime/container/plan_late.h"
#include "runtime/container/plan_mount.h"
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

bool plan_joins_others(const struct plan *plan)
{
	bool joins = false;

	for (size_t i = 0; i < plan->joined_len; i++)
		joins = joins || plan->joined[i].path;
	return joins;
}

void plan_add_made(struct plan *plan, int type, int fd)
{
	plan->joined[plan->joined_len++] = (struct ns){ .type = type, .fd = fd };
	plan->namespaces &= ~(uint64_t)type;
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
	return r < 0 ? r : plan_device_all(config, arena, plan, err);
}

int plan_add_bind(struct plan *plan, const char *source, const char *destination,
		       char **options, struct arena *arena, struct error *err)
{
	struct plan_mount *mounts = arena_array(arena, plan->mounts_len + 1, sizeof(*mounts));
	struct plan_mount *added = &mounts[plan->mounts_len];
	struct spec_mount *spec = arena_alloc(arena, sizeof(*spec));

	if (plan->mounts_len)
		memcpy(mounts, plan->mounts, plan->mounts_len * sizeof(*mounts));
	spec->destination = arena_strdup(arena, destination);
	spec->source = "made by the runtime";
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
	plan_device_close(plan);
	for (size_t i = 0; i < plan->hierarchies_len; i++)
		fd_close(&plan->hierarchies[i].source_fd);
}
