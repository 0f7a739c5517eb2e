/* plan_mount.c - the mounts of a plan: options read, sources opened, ids mapped */
#include "runtime/container/plan_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/mount.h>

#include "base/fd.h"
#include "base/path.h"
#include "base/sys.h"
#include "runtime/linux/mount.h"
#include "runtime/linux/mount_label.h"
#include "runtime/linux/userns.h"

/* The id maps of a mount, and the user namespace that was made for them. */
struct maps {
	const char *path; /* of the user namespace, where it is not a new one; else NULL */
	const struct spec_id_mapping *uids, *gids;
	size_t uids_len, gids_len;
	int userns_fd;
};

/* What is made once for all mounts. */
struct making {
	const struct spec_config *config;
	const char *bundle, *context;
	struct arena *arena;
	struct maps *maps; /* those that were needed so far; a mount needs one at most */
	size_t maps_len;
};

static const char *userns_path(const struct spec_linux *linux)
{
	for (size_t i = 0; i < linux->namespaces_len; i++)
		if (linux->namespaces[i].type == CLONE_NEWUSER)
			return linux->namespaces[i].path;
	return NULL;
}

/* Without maps of its own a mount has the container's. */
static struct maps wanted_maps(const struct spec_mount *mount, const struct spec_linux *linux)
{
	if (mount->uidMappings_len)
		return (struct maps){
			.uids = mount->uidMappings,
			.uids_len = mount->uidMappings_len,
			.gids = mount->gidMappings,
			.gids_len = mount->gidMappings_len,
		};
	return (struct maps){
		.path = userns_path(linux),
		.uids = linux->uidMappings,
		.uids_len = linux->uidMappings_len,
		.gids = linux->gidMappings,
		.gids_len = linux->gidMappings_len,
	};
}

static bool is_same_map(const struct spec_id_mapping *a, size_t a_len,
			const struct spec_id_mapping *b, size_t b_len)
{
	return a_len == b_len && !memcmp(a, b, a_len * sizeof(*a));
}

static bool is_same(const struct maps *a, const struct maps *b)
{
	if (a->path || b->path)
		return a->path == b->path;
	return is_same_map(a->uids, a->uids_len, b->uids, b->uids_len) &&
	       is_same_map(a->gids, a->gids_len, b->gids, b->gids_len);
}

static int open_userns(const struct maps *maps, struct error *err)
{
	int fd;

	if (!maps->path)
		return userns_make(maps->uids, maps->uids_len, maps->gids, maps->gids_len, err);
	fd = sys_open(maps->path, O_RDONLY | O_CLOEXEC, 0);
	return fd < 0 ? error_errno(err, fd, "open the user namespace \"%s\"", maps->path) : fd;
}

/* Return: a user namespace with the maps of the mount, not the caller's; -errno. */
static int find_userns(struct making *making, const struct spec_mount *mount, struct error *err)
{
	struct maps maps = wanted_maps(mount, making->config->linux);

	for (size_t i = 0; i < making->maps_len; i++)
		if (is_same(&maps, &making->maps[i]))
			return making->maps[i].userns_fd;
	maps.userns_fd = open_userns(&maps, err);
	if (maps.userns_fd < 0)
		return error_context(err, "map the ids of the mount");
	making->maps[making->maps_len++] = maps;
	return maps.userns_fd;
}

static int open_source(struct making *making, struct plan_mount *mount, struct error *err)
{
	int userns, r;

	/* The kernel would pass over it: the file system is mounted already. */
	if (mount->options.foreign)
		return error_set(err, EINVAL,
				 "bind mounts cannot have options of a file system: \"%s\"",
				 mount->options.foreign);
	if (!mount->spec->source || !*mount->spec->source)
		return error_set(err, EINVAL, "a bind mount needs a source");
	mount->source = path_join(making->arena, making->bundle, mount->spec->source);
	mount->source_fd = mount_open_source(mount->source, mount->options.recursive, err);
	if (mount->source_fd < 0 || !mount->options.idmap)
		return mount->source_fd < 0 ? mount->source_fd : 0;
	userns = find_userns(making, mount->spec, err);
	if (userns < 0)
		return userns;
	r = mount_set_idmap(mount->source_fd, userns, mount->options.idmap_recursive, err);
	return r < 0 ? r : 0;
}

/*
 * Only where rootfsPropagation leaves the host's mounts shared can a bind with "shared" be a peer
 * of one; elsewhere its peers are in the container (runc).
 */
static unsigned long find_cut(const struct spec_linux *linux, const struct mount_options *options)
{
	unsigned long root = linux ? (unsigned long)linux->rootfsPropagation : 0;

	if (root & MS_SHARED && options->propagation == MS_SHARED)
		return MS_SHARED;
	return root & (MS_PRIVATE | MS_UNBINDABLE) ? MS_PRIVATE : MS_SLAVE;
}

static int plan_mount(struct making *making, struct plan_mount *mount, struct error *err)
{
	const char *type = mount->spec->type;
	int r = mountopt_parse(mount->spec->options, making->arena, &mount->options, err);

	if (r < 0)
		return r;
	if (type && !strcmp(type, "bind"))
		mount->options.bind = true;
	mount->options.context = making->context;
	mount->options.cut = find_cut(making->config->linux, &mount->options);
	/* The options should say so, but who gives maps means them (config.md, "uidMappings"). */
	if (mount->spec->uidMappings_len)
		mount->options.idmap = true;
	if (mount->options.remount)
		return 0;
	if (mount->options.bind)
		return open_source(making, mount, err);
	if (mount->options.idmap)
		return error_set(err, EINVAL, "only bind mounts can be id-mapped");
	if (!type || !*type)
		return error_set(err, EINVAL, "a mount that is no bind mount needs a type");
	mount->is_cgroup = !strcmp(type, "cgroup") || !strcmp(type, "cgroup2");
	return 0;
}

static int plan_all(struct making *making, struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < making->config->mounts_len; i++) {
		struct plan_mount *mount = &plan->mounts[i];
		int r;

		mount->spec = &making->config->mounts[i];
		mount->source_fd = -1;
		plan->mounts_len = i + 1;
		r = plan_mount(making, mount, err);
		if (r < 0) {
			error_context(err, "config.json: /mounts/%zu (\"%s\")", i,
				      mount->spec->destination);
			return r;
		}
	}
	return 0;
}

/* The annotation is crun's: podman sets it for volumes whose files get labels of their own. */
static int find_context(const struct spec_config *config, struct arena *arena,
			const char **context, struct error *err)
{
	const char *label = config->linux ? config->linux->mountLabel : NULL, *type = NULL;

	*context = NULL;
	if (!label || !*label)
		return 0;
	for (size_t i = 0; i < config->annotations_len; i++)
		if (!strcmp(config->annotations[i].key, "run.oci.mount_context_type"))
			type = config->annotations[i].value;
	if (mount_label_compose(label, type, arena, context, err) == 0)
		return 0;
	return error_context(err, "config.json: /annotations/run.oci.mount_context_type");
}

int plan_mount_all(const struct spec_config *config, const char *bundle, struct arena *arena,
		   struct plan *plan, struct error *err)
{
	struct making making = {
		.config = config,
		.bundle = bundle,
		.arena = arena,
		.maps = arena_array(arena, config->mounts_len, sizeof(*making.maps)),
	};
	int r = find_context(config, arena, &plan->context, err);

	if (r < 0)
		return r;
	making.context = plan->context;
	plan->mounts = arena_array(arena, config->mounts_len, sizeof(*plan->mounts));
	r = plan_all(&making, plan, err);
	for (size_t i = 0; i < making.maps_len; i++)
		fd_close(&making.maps[i].userns_fd);
	return r;
}

void plan_mount_close(struct plan *plan)
{
	for (size_t i = 0; i < plan->mounts_len; i++)
		fd_close(&plan->mounts[i].source_fd);
}
