/* plan_idmap.c - maps the ids of the mounts of a plan that ask for it */
#include "runtime/container/plan_idmap.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/linux/mount.h"
#include "runtime/linux/mount_lock.h"
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
static struct maps wanted_maps(const struct plan_mount *mount, const struct spec_linux *linux)
{
	const struct spec_mount *spec = mount->spec;

	if (mount->maps.uids_len)
		return (struct maps){
			.uids = mount->maps.uids,
			.uids_len = mount->maps.uids_len,
			.gids = mount->maps.gids,
			.gids_len = mount->maps.gids_len,
		};
	if (spec->uidMappings_len)
		return (struct maps){
			.uids = spec->uidMappings,
			.uids_len = spec->uidMappings_len,
			.gids = spec->gidMappings,
			.gids_len = spec->gidMappings_len,
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
static int find_userns(struct making *making, const struct plan_mount *mount, struct error *err)
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

/* A source that is a symlink and is made anew has no mount. */
static bool is_mapped(const struct plan_mount *mount)
{
	return mount->options.idmap && mount->source;
}

static int map_one(struct making *making, const struct plan *plan, const struct plan_mount *mount,
		   struct error *err)
{
	int userns;

	if (plan->opens_late)
		return error_set(err, EPERM, "id-mapped mounts need CAP_SYS_ADMIN over the file "
					     "system, which no plain user has");
	userns = find_userns(making, mount, err);
	return userns < 0 ? userns : mount_set_idmap(mount->source_fd, userns,
						     mount->options.idmap_recursive, err);
}

static int map_all(struct making *making, struct plan *plan, struct error *err)
{
	for (size_t i = 0; i < plan->mounts_len; i++) {
		const struct plan_mount *mount = &plan->mounts[i];
		int r;

		if (!is_mapped(mount))
			continue;
		r = map_one(making, plan, mount, err);
		if (r < 0)
			return error_context(err, "%s: /mounts/%zu (\"%s\")", plan->document, i,
					     mount->spec->destination);
	}
	return 0;
}

/* Those that are not mapped are locked by the container's process: plan_lock_sources. */
static int lock_all(struct plan *plan, struct mount_lock *locks, struct error *err)
{
	size_t len = 0;

	for (size_t i = 0; i < plan->mounts_len; i++) {
		struct plan_mount *mount = &plan->mounts[i];

		if (is_mapped(mount))
			locks[len++] = (struct mount_lock){ mount->source, mount->how,
							    &mount->source_fd };
	}
	return mount_lock_sources(locks, len, err);
}

int plan_idmap(const struct spec_config *config, struct arena *arena, struct plan *plan,
	       struct error *err)
{
	struct making making = {
		.config = config,
		.maps = arena_array(arena, plan->mounts_len, sizeof(*making.maps)),
	};
	int r = 0;

	if ((plan->own & CLONE_NEWUSER) && !plan->opens_late)
		r = lock_all(plan, arena_array(arena, plan->mounts_len, sizeof(struct mount_lock)),
			     err);
	if (r == 0)
		r = map_all(&making, plan, err);
	for (size_t i = 0; i < making.maps_len; i++)
		fd_close(&making.maps[i].userns_fd);
	return r;
}
