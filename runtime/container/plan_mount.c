/* plan_mount.c - the mounts of a plan: options read, sources opened */
#include "runtime/container/plan_mount.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "runtime/container/plan_idmap.h"
#include "runtime/linux/mount.h"
#include "runtime/linux/mount_label.h"

/* What is made once for all mounts. */
struct making {
	const struct spec_config *config;
	const char *bundle, *context;
	bool opens_late;
	struct arena *arena;
};

/* Return: whether the source is a symlink: there is nothing to be bound then. */
static bool read_link(struct plan_mount *mount, struct arena *arena)
{
	char target[PATH_MAX];
	ssize_t len = readlink(mount->source, target, sizeof(target));

	if (len < 0)
		return false;
	mount->link = arena_strndup(arena, target, (size_t)len);
	mount->source = NULL;
	return true;
}

/*
 * The kernel passes over what is for a file system that is mounted already, and so does mount(8). A
 * word alone may be a flag that is spelled wrong, as "nosiud": then it is no warning (runc).
 */
static int check_foreign(const struct plan_mount *mount, struct error *err)
{
	const char *word = mount->options.foreign_word, *value = mount->options.foreign_value;

	if (word)
		return error_set(err, EINVAL,
				 "bind mounts cannot have options of a file system: \"%s\"", word);
	if (value)
		log_warning("mount \"%s\": a bind mount has no use for \"%s\", an option of a "
			    "file system", mount->spec->destination, value);
	return 0;
}

static int open_source(struct making *making, struct plan_mount *mount, struct error *err)
{
	if (check_foreign(mount, err) < 0)
		return -err->num;
	if (!mount->spec->source || !*mount->spec->source)
		return error_set(err, EINVAL, "a bind mount needs a source");
	mount->source = path_join(making->arena, making->bundle, mount->spec->source);
	if (mount->options.copy_link && read_link(mount, making->arena))
		return 0;
	mount->how = (mount->options.recursive ? AT_RECURSIVE : 0) |
		     (mount->options.source_plain ? AT_SYMLINK_NOFOLLOW : 0);
	if (making->opens_late)
		return 0;
	mount->source_fd = mount_open_source(mount->source, mount->how, err);
	return mount->source_fd < 0 ? mount->source_fd : 0;
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

static int read_maps(struct making *making, struct plan_mount *mount, struct error *err)
{
	const struct spec_linux *linux = making->config->linux;
	struct idmap_option container = { 0 };

	/* Those of the mount MUST be used where it has them (config.md, "idmap"). */
	if (!mount->options.idmap_maps || mount->spec->uidMappings_len)
		return 0;
	if (linux)
		container = (struct idmap_option){ linux->uidMappings, linux->gidMappings,
						   linux->uidMappings_len, linux->gidMappings_len };
	if (idmap_option_parse(mount->options.idmap_maps, &container, making->arena, &mount->maps,
			       err) < 0)
		return error_context(err, "option \"idmap=%s\"", mount->options.idmap_maps);
	return 0;
}

static int plan_mount(struct making *making, struct plan_mount *mount, struct error *err)
{
	const char *type = mount->spec->type;
	int r = mountopt_parse(mount->spec->options, making->arena, &mount->options, err);

	if (r == 0)
		r = read_maps(making, mount, err);
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
			error_context(err, "%s: /mounts/%zu (\"%s\")", plan->document, i,
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
	const char *label = config->linux ? config->linux->mountLabel : NULL, *type;

	*context = NULL;
	if (!label || !*label)
		return 0;
	type = spec_config_annotation(config, "run.oci.mount_context_type");
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
		.opens_late = plan->opens_late,
		.arena = arena,
	};
	int r = find_context(config, arena, &plan->context, err);

	if (r < 0)
		return r;
	making.context = plan->context;
	plan->mounts = arena_array(arena, config->mounts_len, sizeof(*plan->mounts));
	r = plan_all(&making, plan, err);
	return r < 0 ? r : plan_idmap(config, arena, plan, err);
}

void plan_mount_close(struct plan *plan)
{
	for (size_t i = 0; i < plan->mounts_len; i++)
		fd_close(&plan->mounts[i].source_fd);
}
