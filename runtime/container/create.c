/* create.c - makes a container: everything but the execution of its program */
#include "runtime/container/create.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"
#include "base/timestamp.h"
#include "runtime/container/bundle.h"
#include "runtime/container/filter.h"
#include "runtime/container/gate.h"
#include "runtime/container/hooks.h"
#include "runtime/container/init.h"
#include "runtime/container/notify_socket.h"
#include "runtime/container/plan.h"
#include "runtime/container/plan_cgroup.h"
#include "runtime/container/plan_device.h"
#include "runtime/container/resctrl.h"
#include "runtime/container/steps.h"
#include "runtime/container/store.h"
#include "runtime/container/sync.h"
#include "runtime/linux/idmap.h"
#include "runtime/linux/lsm.h"
#include "runtime/linux/rootfs_shared.h"
#include "runtime/net/devices.h"

struct create {
	const struct create_request *request;
	struct container *container;
	struct serve *serve;
	struct plan plan;
	struct seccomp_filter filter;
	struct buf config_text;
	struct devices devices;
	struct hooks_output hooks_output;
	struct unit unit;
	int gate;
	bool has_stuck_cgroup; /* its removal has failed: `delete --force` needs the state for it */
};

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

static int read_bundle(void *context, struct error *err)
{
	struct create *create = context;
	const struct create_request *request = create->request;
	struct container *container = create->container;
	int r = bundle_read(request->bundle, request->config, container, &create->config_text, err);

	if (r < 0)
		return r;
	map_caller(container->config.linux, &container->arena);
	if (container->config.process)
		container->config.process->terminal |= request->terminal;
	return 0;
}

static int check_config(void *context, struct error *err)
{
	struct create *create = context;
	const struct spec_config *config = &create->container->config;
	int r;

	/* `start` needs it, nobody else does (config.md, "Process"). */
	if (!config->process && !create->request->at_gate)
		return error_set(err, EINVAL, "config.json: /process: is required");
	r = config->process ? lsm_check(config->process, err) : 0;
	return r < 0 ? r :
		       process_check_request(config->process, &create->request->process, err);
}

/* Before there is anything that would have to be taken back. */
static int open_hooks_output(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;
	auto_close int bundle = -1;

	if (!container->config.hooks)
		return 0;
	bundle = sys_open(container->state.bundle, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	return hooks_output_open(&container->config, bundle, &create->hooks_output, err);
}

static int make_plan(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;
	const struct spec_config *config = &container->config;
	int r = plan_make(config, container->state.bundle, container->state.rootfs,
			  &container->arena, &create->plan, err);

	if (r < 0)
		return r;
	if ((create->plan.own & (CLONE_NEWNS | CLONE_NEWUSER)) == CLONE_NEWUSER)
		return error_set(err, EINVAL,
				 "config.json: /linux/namespaces: with a user namespace of its own "
				 "a container needs a mount namespace of its own: the host's may "
				 "not be changed from there");
	if (config->linux && config->linux->netDevices_len && !(create->plan.own & CLONE_NEWNET))
		return error_set(err, EINVAL,
				 "config.json: /linux/netDevices: needs a network namespace of its "
				 "own in /linux/namespaces");
	return 0;
}

static void close_plan(void *context)
{
	struct create *create = context;

	plan_close(&create->plan);
}

static int make_filter(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;

	return filter_make(&container->config, container->store, &create->filter, err);
}

static int plan_resctrl(void *context, struct error *err)
{
	struct create *create = context;

	return resctrl_plan(create->container, create->request->id, err);
}

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

static void remove_state(void *context)
{
	struct create *create = context;
	const struct spec_state *state = &create->container->state;

	if (state->rootfsMount)
		rootfs_shared_detach(state->rootfs, state->rootfsMount, NULL);
	/* That takes a descriptor, and the want of one may be why we are here. */
	plan_close(&create->plan);
	fd_close(&create->gate);
	if (create->has_stuck_cgroup)
		return;
	store_remove_entry(create->container->store, create->request->id, NULL);
	create->container->state.pid = 0;
	hooks_run_outside(create->container, HOOKS_POSTSTOP, -1, NULL);
}

static int make_state(void *context, struct error *err)
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
		remove_state(create);
	return r;
}

static int make_notify_socket(void *context, struct error *err)
{
	static char *options[] = { "bind", "nosuid", "nodev", "noexec", "ro", NULL };
	struct create *create = context;
	struct container *container = create->container;
	const char *path;
	int r;

	if (!create->request->notify)
		return 0;
	r = notify_socket_make(container->entry, &container->arena, &path, err);
	return r < 0 ? r : plan_add_directory(&create->plan, path, notify_socket_directory, options,
					      &container->arena, err);
}

static int make_devices(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;

	return plan_device_make(&create->plan, container->config.linux, container->entry, err);
}

static int start_unit(void *context, struct error *err)
{
	struct create *create = context;

	if (create->request->cgroup != CREATE_CGROUP_SYSTEMD)
		return 0;
	return unit_start(&create->unit, create->container, &create->has_stuck_cgroup, err);
}

static void stop_unit(void *context)
{
	struct create *create = context;

	unit_close(&create->unit);
	create->has_stuck_cgroup |= unit_stop(create->container, NULL) < 0;
}

static int make_cgroup(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;
	const struct spec_linux *linux = container->config.linux;
	int r;

	if (create->request->cgroup == CREATE_CGROUP_NONE)
		return 0;
	r = cgroup_create(&container->cgroup,
			  unit_resources(&create->unit, linux ? linux->resources : NULL), err);
	/* Without privileges some may not be there. */
	if (r == 0)
		container->state.cgroupPaths =
			cgroup_paths(&container->cgroup, &container->arena);
	return r;
}

static int plan_cgroup_mounts(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;
	auto_cgroup struct cgroup callers = { 0 };
	uid_t owner;
	int r = plan_cgroup_check_delegate(&container->config, err);

	if (r < 0)
		return r;
	if (!container->cgroup.len) {
		r = cgroup_of_process(getpid(), &container->arena, &callers, err);
		return r < 0 ? r : plan_cgroup_add(&create->plan, &callers, &container->arena, err);
	}
	if (plan_cgroup_owner(&create->plan, &container->config, &container->cgroup, &owner))
		r = cgroup_delegate(&container->cgroup, owner, err);
	return r < 0 ? r :
		       plan_cgroup_add(&create->plan, &container->cgroup, &container->arena, err);
}

static void remove_cgroup(void *context)
{
	struct create *create = context;
	const struct cgroup *cgroup = &create->container->cgroup;

	cgroup_kill(cgroup, SIGKILL, NULL);
	create->has_stuck_cgroup |= cgroup_remove(cgroup, NULL) < 0;
}

static void remove_resctrl(void *context)
{
	struct create *create = context;

	resctrl_remove(create->container, NULL);
}

static int make_resctrl(void *context, struct error *err)
{
	struct create *create = context;

	return resctrl_make(create->container, err);
}

/* The child never returns from here. */
_Noreturn static void become_init(struct create *create, int sync)
{
	struct container *container = create->container;
	struct init init = {
		.config = &container->config,
		.state = &container->state,
		.rootfs = container->state.rootfs,
		.no_pivot = create->request->no_pivot,
		.plan = &create->plan,
		.cgroup = &container->cgroup,
		.gate = create->gate,
		.entry = container->entry,
		.root = -1,
		.hooks_output = create->hooks_output,
		.process = {
			.spec = container->config.process,
			.linux = container->config.linux,
			.keyring = container->state.sessionKeyring,
			.keep_groups = process_keeps_groups(&container->config),
			.filter = filter_or_null(&create->filter),
			.preserve_fds = create->request->process.preserve_fds,
			.listen_fds = create->request->process.listen_fds,
			.notify_socket = create->request->notify ? notify_socket_path : NULL,
			.sync = sync,
			.slave = -1,
		},
	};

	serve_await_move(create->serve, sync);
	init_run(&init);
}

static int clone_init(void *context, struct error *err)
{
	struct create *create = context;
	const struct spec_linux *linux = create->container->config.linux;
	const struct plan *plan = &create->plan;
	uint64_t namespaces = plan_joins_first(plan) ? 0 : plan_birth_types(plan);
	int sync, r;

	serve_watch_memory(create->serve, &create->container->cgroup,
			   linux ? linux->resources : NULL);
	r = serve_clone(create->serve, namespaces, create->container, &sync, err);
	if (r == 0)
		become_init(create, sync);
	if (r < 0)
		return ns_explain_making(namespaces, r, err);
	/* On v1 the process enters the cgroup later. */
	if (cgroup_clone_fd(&create->container->cgroup) < 0)
		return 0;
	r = unit_release(&create->unit, create->container, err);
	if (r < 0)
		serve_kill(create->serve);
	return r;
}

static void kill_init(void *context)
{
	struct create *create = context;

	serve_kill(create->serve);
}

static int map_ids(struct create *create, struct error *err)
{
	const struct spec_linux *linux = create->container->config.linux;
	auto_close int proc = -1;
	int r;

	if (!(create->plan.own & CLONE_NEWUSER))
		return 0;
	proc = sys_open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	if (proc < 0)
		return error_errno(err, proc, "open /proc");
	r = (create->plan.namespaces & CLONE_NEWUSER ? idmap_write : idmap_check)(
		proc, create->serve->pid, linux->uidMappings, linux->uidMappings_len,
		linux->gidMappings, linux->gidMappings_len, err);
	/* Its own error is next then. */
	if (r < 0 && serve_has_ended(create->serve)) {
		if (err)
			*err = (struct error){ 0 };
		return 0;
	}
	if (r < 0)
		return create->plan.namespaces & CLONE_NEWUSER ?
			       error_context(err, "map the ids of the user namespace") : r;
	r = sync_send(create->serve->sync, SYNC_MAPPED, 0, NULL, -1);
	/* Where it has ended, its error is next. */
	return r < 0 && r != -EPIPE ? error_errno(err, r, "send to the container's process") : 0;
}

static int place(void *context, struct error *err)
{
	struct create *create = context;
	int r = plan_joins_first(&create->plan) ? serve_until_placed(create->serve, err) : 0;

	return r < 0 ? r : map_ids(create, err);
}

/* Only now serve knows the process that stays, if one was in between. */
static int enter_resctrl(void *context, struct error *err)
{
	struct create *create = context;

	return resctrl_add(create->container, create->serve->pid, err);
}

/* That of the process, which it may be about to join only. Return: a descriptor or -errno. */
static int open_netns(const struct create *create, struct error *err)
{
	const struct plan *plan = &create->plan;
	char path[64];
	int fd;

	snprintf(path, sizeof(path), "/proc/%d/ns/net", create->serve->pid);
	for (size_t i = 0; i < plan->joined_len; i++)
		if (plan->joined[i].type == CLONE_NEWNET)
			snprintf(path, sizeof(path), "/proc/self/fd/%d", plan->joined[i].fd);
	fd = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
	return fd < 0 ? error_errno(err, fd, "open the container's network namespace") : fd;
}

static int move_devices(void *context, struct error *err)
{
	struct create *create = context;
	const struct spec_linux *linux = create->container->config.linux;
	int netns, r;

	if (!linux || !linux->netDevices_len)
		return 0;
	netns = open_netns(create, err);
	if (netns < 0)
		return netns;
	r = devices_move(&create->devices, linux->netDevices, linux->netDevices_len, netns, err);
	/* Where nobody hears it, the process's error is next. */
	if (r == 0)
		sync_send(create->serve->sync, SYNC_DEVICES, 0, NULL, -1);
	return r;
}

static void return_devices(void *context)
{
	struct create *create = context;

	devices_return(&create->devices);
}

static int set_up(void *context, struct error *err)
{
	struct create *create = context;
	int r;

	create->serve->container = create->container;
	r = serve_until_ready(create->serve, create->container->config.process,
			      &create->request->process, err);
	plan_device_unlink(&create->plan, create->container->entry);
	if (r == 0)
		r = unit_release(&create->unit, create->container, err);
	if (r == 0)
		r = plan_cgroup_enter_delegate(&create->plan, &create->container->config,
					       &create->container->cgroup, create->serve->pid, err);
	return r;
}

static int finish(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;
	struct serve *serve = create->serve;
	int r = container_set_process(container, serve->pid, err);

	if (r < 0)
		return r;
	/* It has a process now, which says that it is in use. */
	cgroup_unlock(&container->cgroup);
	/* Without a gate nobody can see the moment between created and running. */
	r = container_set_status(container,
				 create->request->at_gate ? SPEC_STATUS_CREATED :
							    SPEC_STATUS_RUNNING,
				 err);
	if (r == 0)
		r = process_announce(&create->request->process, serve->pid, serve->pidfd, err);
	if (r < 0 || !create->request->at_gate)
		return r;
	r = sync_send(serve->sync, SYNC_WAIT, 0, NULL, -1);
	if (r == 0)
		return 0;
	process_withdraw(&create->request->process);
	return error_errno(err, r, "send to the container's process");
}

static const struct step steps[] = {
	{ "read the bundle", true, read_bundle, NULL },
	{ "check the config", true, check_config, NULL },
	{ "open what hooks write to", true, open_hooks_output, NULL },
	{ "open what comes from the host", true, make_plan, close_plan },
	{ "make the seccomp filter", true, make_filter, NULL },
	{ "find the groups in resctrl", true, plan_resctrl, NULL },
	{ "make the state directory", true, make_state, remove_state },
	{ "make the notify socket", true, make_notify_socket, NULL },
	{ "make the devices", true, make_devices, NULL },
	{ "start the unit", true, start_unit, stop_unit },
	{ "make the cgroup", true, make_cgroup, remove_cgroup },
	{ "make the groups in resctrl", true, make_resctrl, remove_resctrl },
	{ "open the cgroup for its mounts", true, plan_cgroup_mounts, NULL },
	{ "make the container's process", true, clone_init, kill_init },
	{ "place the container's process", true, place, NULL },
	{ "enter the groups in resctrl", true, enter_resctrl, NULL },
	{ "move network devices", true, move_devices, return_devices },
	{ "set up the container", true, set_up, NULL },
	{ "write the state", true, finish, NULL },
};

int create_run(int store, const struct create_request *request, struct container *container,
	       struct serve *serve, struct error *err)
{
	struct create create = {
		.request = request,
		.container = container,
		.serve = serve,
		.plan = PLAN_NONE,
		.devices = DEVICES_NONE,
		.hooks_output = HOOKS_OUTPUT_NONE,
		.unit = UNIT_NONE,
		.gate = -1,
	};
	int r = store_check_id(request->id, err);

	container->store = store;
	if (r == 0)
		r = steps_run(steps, sizeof(steps) / sizeof(*steps), &create, err);
	devices_close(&create.devices);
	plan_close(&create.plan);
	filter_free(&create.filter);
	buf_free(&create.config_text);
	hooks_output_close(&create.hooks_output);
	fd_close(&create.gate);
	unit_close(&create.unit);
	return r;
}
