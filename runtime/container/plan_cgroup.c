/* plan_cgroup.c - what the container sees of its cgroup, and what of it is its own */
#include "runtime/container/plan_cgroup.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "base/path.h"
#include "base/strv.h"
#include "runtime/linux/mount.h"

static bool has_cgroup_mount(const struct plan *plan)
{
	for (size_t i = 0; i < plan->mounts_len; i++)
		if (plan->mounts[i].is_cgroup)
			return true;
	return false;
}

/*
 * Without a cgroup namespace /proc/self/cgroup tells the place on the host, and on a v2 host that
 * is where a program looks for it. It is not mounted anew, as that would take "nsdelegate" and
 * the like off the host's own mount; and v1 shows the container's directories alone, as in runc.
 */
static const char *find_source(const struct plan *plan, const struct cgroup *cgroup,
			       const struct cgroup_hierarchy *hierarchy)
{
	if (cgroup_is_pure_v2(cgroup) && !(plan->own & CLONE_NEWCGROUP))
		return hierarchy->mount;
	return hierarchy->path;
}

int plan_cgroup_add(struct plan *plan, const struct cgroup *cgroup, struct arena *arena,
		    struct error *err)
{
	/* A cgroup namespace shows the right part itself, but a user namespace may not mount it. */
	bool needs_sources = !(plan->namespaces & CLONE_NEWCGROUP) ||
			     (plan->own & CLONE_NEWUSER);

	if (!has_cgroup_mount(plan))
		return 0;
	plan->hierarchies = arena_array(arena, cgroup->len, sizeof(*plan->hierarchies));
	plan->hierarchy_sources = arena_array(arena, cgroup->len, sizeof(char *));
	for (size_t i = 0; i < cgroup->len; i++) {
		const struct cgroup_hierarchy *from = &cgroup->hierarchies[i];
		struct mount_cgroup_hierarchy *to = &plan->hierarchies[i];

		to->name = cgroup_is_pure_v2(cgroup) ? NULL : path_basename(from->mount);
		to->controllers = from->controllers;
		to->source_fd = -1;
		plan->hierarchies_len = i + 1;
		if (!needs_sources)
			continue;
		plan->hierarchy_sources[i] = find_source(plan, cgroup, from);
		if (plan->opens_late)
			continue;
		to->source_fd = mount_open_source(plan->hierarchy_sources[i], 0, err);
		if (to->source_fd < 0)
			return to->source_fd;
	}
	return 0;
}

/* The mount that the specification means ("Cgroup ownership"): nothing else hands it over. */
static bool is_writable_mount(const struct spec_mount *mount)
{
	return mount->source && !strcmp(mount->source, "cgroup") &&
	       !strcmp(mount->destination, "/sys/fs/cgroup") &&
	       !strv_contains(mount->options, "ro");
}

static bool has_writable_mount(const struct plan *plan)
{
	for (size_t i = 0; i < plan->mounts_len; i++)
		if (plan->mounts[i].is_cgroup && is_writable_mount(plan->mounts[i].spec))
			return true;
	return false;
}

/* Return: whether the id is one on the host; *outside gets it. */
static bool map_id(const struct spec_id_mapping *maps, size_t len, uid_t id, uid_t *outside)
{
	for (size_t i = 0; i < len; i++)
		if (id >= maps[i].containerID && id - maps[i].containerID < maps[i].size) {
			*outside = maps[i].hostID + (id - maps[i].containerID);
			return true;
		}
	return false;
}

bool plan_cgroup_owner(const struct plan *plan, const struct spec_config *config,
		       const struct cgroup *cgroup, uid_t *owner)
{
	const struct spec_linux *linux = config->linux;
	uid_t uid = config->process ? config->process->user.uid : 0;

	if (!cgroup_is_pure_v2(cgroup) || !(plan->namespaces & CLONE_NEWCGROUP) ||
	    !has_writable_mount(plan))
		return false;
	if (plan->own & CLONE_NEWUSER)
		return map_id(linux->uidMappings, linux->uidMappings_len, uid, owner);
	*owner = uid;
	return true;
}

static const char delegate_key[] = "run.oci.delegate-cgroup";

int plan_cgroup_check_delegate(const struct spec_config *config, struct error *err)
{
	const char *name = spec_config_annotation(config, delegate_key);

	if (name && path_has_dotdot(name))
		return error_set(err, EINVAL, "config.json: /annotations/%s: invalid `..` "
				 "component in delegate-cgroup `%s`", delegate_key, name);
	return 0;
}

int plan_cgroup_enter_delegate(const struct plan *plan, const struct spec_config *config,
			       const struct cgroup *cgroup, pid_t pid, struct error *err)
{
	const char *name = spec_config_annotation(config, delegate_key);
	const struct spec_linux *linux = config->linux;
	uid_t root = 0;

	if (!name || !name[strspn(name, "/.")])
		return 0;
	if ((plan->own & CLONE_NEWUSER) &&
	    !map_id(linux->uidMappings, linux->uidMappings_len, 0, &root))
		return error_set(err, EINVAL, "config.json: /linux/uidMappings: do not map 0");
	if (cgroup_move_below(cgroup, name + strspn(name, "/"), pid, root, err) < 0)
		return error_context(err, "config.json: /annotations/%s", delegate_key);
	return 0;
}
