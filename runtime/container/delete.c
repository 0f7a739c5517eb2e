/* delete.c - removes a container: processes, cgroup, state directory */
#include "runtime/container/delete.h"

#include <errno.h>

#include "base/fd.h"
#include "base/log.h"
#include "runtime/cgroup/systemd_bus.h"
#include "runtime/container/gate.h"
#include "runtime/container/hooks.h"
#include "runtime/container/kill.h"
#include "runtime/container/network.h"
#include "runtime/container/resctrl.h"
#include "runtime/container/steps.h"
#include "runtime/container/store.h"
#include "runtime/container/unit.h"
#include "runtime/container/user_network.h"
#include "runtime/linux/rootfs_shared.h"
#include "runtime/net/netlink.h"

static bool may_delete(const struct container *container)
{
	return container->state.status == SPEC_STATUS_STOPPED ||
	       container->state.status == SPEC_STATUS_CREATED;
}

static int load_libraries(void *context, struct error *err)
{
	const struct container *container = context;
	int r = container->state.network_len ? netlink_load(err) : 0;

	return r == 0 && container->state.systemd ? systemd_bus_load(err) : r;
}

static int remove_processes(struct container *container, struct error *err)
{
	int r = container_open_cgroup(container, err);

	if (r < 0)
		return r;
	/*
	 * From here on nobody makes a container in it, if it is ours. A killed create's own process
	 * may hold the lock: it is about to die.
	 */
	cgroup_lock(&container->cgroup);
	container_check_cgroup(container);
	r = kill_whole(container, err);
	if (r == 0)
		r = unit_stop(container, err);
	return r < 0 ? r : cgroup_remove(&container->cgroup, err);
}

/* The state directory, and the config in it, will be gone when they run. */
static int read_hooks(void *context, struct error *err)
{
	struct error cause = { 0 };

	(void)err;
	if (hooks_read(context, HOOKS_POSTSTOP, &cause) < 0)
		log_warning("the poststop hooks cannot be run: %s", cause.text);
	return 0;
}

/* An exec, which takes no lock, may have put its process there after the others died. */
static int end_processes(void *context, struct error *err)
{
	return remove_processes(context, NULL) == 0 ? 0 : remove_processes(context, err);
}

static int release_network(void *context, struct error *err)
{
	int r = user_network_stop(context, err);

	return r < 0 ? r : network_release(context, err);
}

static int remove_resctrl(void *context, struct error *err)
{
	return resctrl_remove(context, err);
}

static int detach_rootfs(void *context, struct error *err)
{
	const struct container *container = context;
	const struct spec_state *state = &container->state;

	return state->rootfsMount ?
		       rootfs_shared_detach(state->rootfs, state->rootfsMount, err) : 0;
}

static int remove_state(void *context, struct error *err)
{
	struct container *container = context;
	int r = store_remove_entry(container->store, container->state.id, err);

	if (r == 0)
		container->state.pid = 0;
	return r;
}

static int run_hooks(void *context, struct error *err)
{
	return hooks_run_outside(context, HOOKS_POSTSTOP, -1, err);
}

static const struct step removal[] = {
	{ "load libraries", .tells_place = true, .run = load_libraries },
	{ "read the poststop hooks", .tells_place = true, .run = read_hooks },
	{ "end the processes and remove the cgroup", .tells_place = true, .run = end_processes },
	{ "release the network", .tells_place = true, .run = release_network },
	{ "remove the groups in resctrl", .tells_place = true, .run = remove_resctrl },
	{ "detach the root filesystem", .tells_place = true, .run = detach_rootfs },
	{ "remove the state directory", .tells_place = true, .run = remove_state },
	{ "run the poststop hooks", .tells_place = true, .run = run_hooks },
};

static int remove_container(struct container *container, struct error *err)
{
	return steps_run(removal, sizeof(removal) / sizeof(*removal), container, err);
}

int delete_container(struct container *container, struct error *err)
{
	struct error cause = { 0 };
	int r = store_lock_entry(container->entry, container->state.id, &cause);

	if (r == -ENOENT)
		return 0;
	return r < 0 ? error_set(err, r, "%s", cause.text) : remove_container(container, err);
}

/*
 * What is the container's although no state tells of it: the process at its gate, and what bears
 * its mark. Return: how many of the two there were, or -errno.
 */
static int kill_unknown(struct container *container, const char *id, struct error *err)
{
	auto_close int pidfd = gate_find_process(container->entry);
	int r = container_search_cgroup(container, id, err);

	if (r == 0)
		r = kill_known(pidfd, &container->cgroup, err);
	return r < 0 ? r : (pidfd >= 0) + (container->cgroup.len > 0);
}

/*
 * Whoever holds the lock may wait for a process that is stopped: once it is killed, he goes on, and
 * fails.
 */
static void free_lock(int store, const char *id)
{
	auto_container struct container container = CONTAINER_NONE;
	auto_close int entry = store_open_entry(store, id, false, NULL);

	if (entry < 0 || !store_is_locked(entry))
		return;
	if (container_open(store, id, false, &container, NULL) == 0)
		kill_whole(&container, NULL);
	else if (container.entry >= 0)
		kill_unknown(&container, id, NULL);
}

/* A killed create has left no state.json, or somebody has put something else in its place. */
static bool has_no_state(const struct container *container, int num)
{
	return container->entry >= 0 &&
	       (num == -ENOENT || num == -EINVAL || num == -ELOOP || num == -EFBIG);
}

/* cause: why the state could not be read. One that was never written leaves nothing to be found. */
static int remove_unknown(struct container *container, const char *id, const struct error *cause,
			  struct error *err)
{
	int r;

	/* For network_release_unknown, where that is needed and can be. */
	netlink_load(NULL);
	r = kill_unknown(container, id, err);
	if (r == 0 && cause->num != ENOENT)
		log_warning("%s: processes of the container that still run are not found",
			    cause->text);
	if (r > 0 && container->cgroup.len) {
		cgroup_lock(&container->cgroup);
		r = cgroup_remove(&container->cgroup, err);
	}
	if (r >= 0)
		r = store_remove_entry(container->store, id, err);
	return r < 0 ? r : network_release_unknown(container, err);
}

static int delete_by_force(int store, const char *id, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	struct error cause = { 0 };
	int r = store_check_id(id, err);

	if (r < 0)
		return r;
	free_lock(store, id);
	r = container_open(store, id, true, &container, &cause);
	if (r == 0)
		return remove_container(&container, err);
	if (has_no_state(&container, r))
		return remove_unknown(&container, id, &cause, err);
	return r == -ENOENT ? 0 : error_set(err, r, "%s", cause.text);
}

int delete_run(int store, const char *id, bool force, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	int r;

	if (force)
		return delete_by_force(store, id, err);
	r = container_open(store, id, true, &container, err);
	if (r < 0)
		return r;
	if (!may_delete(&container))
		return error_set(err, EINVAL, "cannot delete container %s that is not stopped: %s",
				 id, container_status_name(&container));
	return remove_container(&container, err);
}
