/* create_state.c - the steps of create that write the state directory */
#include <sched.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/timestamp.h"
#include "runtime/container/create_steps.h"
#include "runtime/container/gate.h"
#include "runtime/container/notify_socket.h"
#include "runtime/container/plan_device.h"
#include "runtime/container/store.h"
#include "runtime/linux/rootfs_shared.h"

/* What outlives this process is written down before it is made: `delete --force` finds it. */
static int write_first_state(struct create *create, struct error *err)
{
	struct container *container = create->container;
	struct spec_state *state = &container->state;
	const struct spec_config *config = &container->config;
	char now[TIMESTAMP_SIZE];
	int r = 0;

	if (create->request->cgroup == CREATE_CGROUP_SYSTEMD)
		r = unit_plan(&create->unit, create->request->id, create->request->bus, container,
			      err);
	else if (create->request->cgroup == CREATE_CGROUP_FS)
		r = cgroup_plan(config->linux ? config->linux->cgroupsPath : NULL,
				create->request->id, &container->arena, &container->cgroup, err);
	if (r < 0)
		return r;
	if (create->request->needs_cgroup)
		container->cgroup.implicit = false;
	timestamp_now(now);
	state->ociVersion = SPEC_VERSION;
	state->id = arena_strdup(&container->arena, create->request->id);
	state->status = SPEC_STATUS_CREATING;
	state->created = arena_strdup(&container->arena, now);
	state->annotations = config->annotations;
	state->annotations_len = config->annotations_len;
	state->owner = "";
	container_name_owner(container);
	state->cgroupPaths = cgroup_paths(&container->cgroup, &container->arena);
	state->hooks = hooks_list(config->hooks, &container->arena);
	state->gockerVersion = PACKAGE_VERSION;
	if (create->request->process.new_keyring)
		state->sessionKeyring = arena_printf(&container->arena, "_ses.%s", state->id);
	if (!(create->plan.own & CLONE_NEWNS))
		r = rootfs_shared_id(create->plan.rootfs_fd, &state->rootfsMount, err);
	if (r < 0)
		return r;
	r = file_replace_at(container->entry, store_config_file, create->config_text.data,
			    create->config_text.len, 0600);
	if (r < 0)
		return error_errno(err, r, "write %s in the state directory", store_config_file);
	return store_write_state(container->entry, state, err);
}

void create_remove_state(void *context)
{
	struct create *create = context;
	const struct spec_state *state = &create->container->state;

	if (state->rootfsMount)
		rootfs_shared_detach(state->rootfs, state->rootfsMount, NULL);
	/* Removing takes descriptors, and the want of one may be why we are here. */
	aside_abandon(&create->aside);
	plan_close(&create->plan);
	fd_close(&create->gate);
	if (create->has_stuck_cgroup)
		return;
	store_remove_entry(create->container->store, create->request->id, NULL);
	create->container->state.pid = 0;
	hooks_run_outside(create->container, HOOKS_POSTSTOP, -1, NULL);
}

int create_make_state(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;
	int r;

	container->entry = store_make_entry(container->store, create->request->id, err);
	if (container->entry < 0)
		return container->entry;
	r = write_first_state(create, err);
	if (r == 0 && create->request->at_gate)
		r = create->gate = gate_make(container->entry, err);
	if (r < 0)
		create_remove_state(create);
	return r;
}

static int add_notify_place(struct create *create, const char *source, const char *destination,
			    const char *name, struct error *err)
{
	static char *options[] = { "bind", "nosuid", "nodev", "noexec", "ro", NULL };
	struct arena *arena = &create->container->arena;
	int r = plan_add_bind(&create->plan, source, destination, options, arena, err);

	if (r == 0)
		create->plan.mounts[create->plan.mounts_len - 1].notify =
			arena_printf(arena, "%s/%s", destination, name);
	return r;
}

/* What can be mounted first is what the program is told: mount_notify() of init.c. */
int create_make_notify_socket(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;
	const char *path, *place = notify_socket_place(&container->arena);
	int r;

	if (!create->request->notify)
		return 0;
	r = notify_socket_make(container->entry, &container->arena, &path, err);
	if (r == 0 && place)
		r = add_notify_place(create, path, place, notify_socket_link, err);
	return r < 0 ? r : add_notify_place(create, path, notify_socket_directory,
					    path_basename(notify_socket_path), err);
}

int create_make_devices(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;

	return plan_device_make(&create->plan, container->config.linux, container->entry, err);
}
