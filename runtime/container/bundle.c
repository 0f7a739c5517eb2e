/* bundle.c - a container's bundle: where it is, and its config.json */
#include "runtime/container/bundle.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/library.h"
#include "base/path.h"
#include "base/strv.h"

static int find(const char *bundle, struct container *container, struct error *err)
{
	auto_string char *path = realpath(*bundle ? bundle : ".", NULL);

	if (!path)
		return error_errno(err, errno, "bundle \"%s\"", bundle);
	container->state.bundle = arena_strdup(&container->arena, path);
	return 0;
}

static int read_text(const char *path, struct buf *text, struct error *err)
{
	struct stat st;
	int r;

	/* A pipe cannot be read again. */
	if (stat(path, &st) == 0 && !S_ISREG(st.st_mode))
		library_expect();
	r = file_read_at(AT_FDCWD, path, CONTAINER_CONFIG_SIZE_MAX, text);
	if (r == -ENOENT)
		return error_set(err, ENOENT,
				 "JSON specification file config.json not found: \"%s\" is not "
				 "there (gocker spec or gocker-bundle init makes one)",
				 path);
	if (r == -EFBIG)
		return error_set(err, EFBIG, "\"%s\" is larger than %d bytes", path,
				 CONTAINER_CONFIG_SIZE_MAX);
	return r < 0 ? error_errno(err, r, "read \"%s\"", path) : 0;
}

/* A new user namespace without maps has its maker for root, and nobody else (crun). */
static void map_caller(struct spec_linux *linux, struct arena *arena)
{
	bool has_new = false;

	for (size_t i = 0; linux && i < linux->namespaces_len; i++)
		has_new |= linux->namespaces[i].type == CLONE_NEWUSER &&
			   !linux->namespaces[i].path;
	if (!has_new || linux->uidMappings_len || linux->gidMappings_len)
		return;
	linux->uidMappings = arena_alloc(arena, sizeof(*linux->uidMappings));
	linux->gidMappings = arena_alloc(arena, sizeof(*linux->gidMappings));
	*linux->uidMappings = (struct spec_id_mapping){ 0, geteuid(), 1 };
	*linux->gidMappings = (struct spec_id_mapping){ 0, getegid(), 1 };
	linux->uidMappings_len = linux->gidMappings_len = 1;
}

int bundle_read(const char *bundle, const char *config, struct container *container,
		struct buf *text, struct error *err)
{
	const char *name = config ? config : "config.json";
	struct spec_state *state = &container->state;
	int r = find(bundle, container, err);

	if (r == 0)
		r = read_text(path_join(&container->arena, state->bundle, name), text, err);
	if (r == 0)
		r = spec_config_parse(name, text->data, text->len, &container->arena,
				      &container->config, err);
	if (r < 0)
		return r;
	map_caller(container->config.linux, &container->arena);
	state->rootfs = path_join(&container->arena, state->bundle, container->config.root->path);
	return 0;
}
