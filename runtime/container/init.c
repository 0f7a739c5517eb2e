/* init.c - the container's first process, from its birth in new namespaces to its program */
#include "runtime/container/init.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/path.h"
#include "base/sys.h"
#include "base/timings.h"
#include "runtime/container/gate.h"
#include "runtime/container/hooks.h"
#include "runtime/container/notify_socket.h"
#include "runtime/container/rebirth.h"
#include "runtime/container/steps.h"
#include "runtime/container/sync.h"
#include "runtime/linux/affinity.h"
#include "runtime/linux/dev.h"
#include "runtime/linux/mask.h"
#include "runtime/linux/mount.h"
#include "runtime/linux/mount_cgroup.h"
#include "runtime/linux/ns.h"
#include "runtime/linux/procfs.h"
#include "runtime/linux/rootfs.h"
#include "runtime/linux/rootfs_move.h"
#include "runtime/linux/rootfs_shared.h"
#include "runtime/linux/sysctl.h"
#include "runtime/linux/user.h"
#include "runtime/linux/uts.h"
#include "runtime/net/link.h"

static int set_own_limits(void *context, struct error *err)
{
	struct init *init = context;

	return init->plan->opens_late ? process_set_own_limits(init->config->process, err) : 0;
}

static int enter_cgroup(void *context, struct error *err)
{
	struct init *init = context;
	int r = cgroup_enter(init->cgroup, err);

	if (r == 0)
		affinity_reset();
	return r;
}

static int unshare_rest(struct init *init, uint64_t namespaces, struct error *err)
{
	int r = namespaces ? sys_unshare((int)namespaces) : 0;

	if (r < 0) {
		error_errno(err, r, "unshare");
		return ns_explain_making(namespaces, r, err);
	}
	r = sync_send(init->process.sync, SYNC_PLACED, 0, NULL, -1);
	return r < 0 ? error_errno(err, r, "send to the runtime") : 0;
}

/* In what is joined are processes that must not get at this one's descriptors: CVE-2016-9962. */
static int join_namespaces(void *context, struct error *err)
{
	struct init *init = context;
	struct plan *plan = init->plan;
	uint64_t rest = plan_birth_types(plan);
	bool needs_birth = (plan->own & CLONE_NEWPID);
	int r;

	if (!plan->joined_len)
		return 0;
	if (plan_joins_others(plan))
		process_hide();
	r = ns_join(plan->joined, plan->joined_len, err);
	if (r < 0 || !plan_joins_first(plan))
		return r;
	return needs_birth ? rebirth_run(init->process.sync, rest, init->cgroup, err) :
			     unshare_rest(init, rest, err);
}

static int make_time(void *context, struct error *err)
{
	struct init *init = context;
	const struct spec_linux *linux = init->config->linux;

	if (!(init->plan->namespaces & init->plan->late & CLONE_NEWTIME))
		return 0;
	return ns_make_time(linux->timeOffsets, err);
}

/* Before it becomes another user, who may reach less of the host. */
static int open_sources(void *context, struct error *err)
{
	struct init *init = context;

	if (init->plan->opens_late)
		return plan_open_late(init->plan, err);
	return (init->plan->own & CLONE_NEWUSER) && (init->plan->namespaces & CLONE_NEWNS) ?
		       plan_lock_sources(init->plan, err) :
		       0;
}

static int enter_user_namespace(void *context, struct error *err)
{
	struct init *init = context;
	int r;

	if (!(init->plan->own & CLONE_NEWUSER))
		return 0;
	r = sync_expect(init->process.sync, SYNC_MAPPED, err);
	return r < 0 ? r : ns_become_root(err);
}

/* Before anything that looks at them: sysctls by their names, hooks. */
static int await_network(void *context, struct error *err)
{
	struct init *init = context;

	return init->awaits_network ? sync_expect(init->process.sync, SYNC_NETWORK, err) : 0;
}

/* Its root is the cgroup of whoever makes it: that is why clone3 did not make it. */
static int unshare_cgroup(void *context, struct error *err)
{
	struct init *init = context;
	int r;

	if (!(init->plan->namespaces & CLONE_NEWCGROUP))
		return 0;
	r = sys_unshare(CLONE_NEWCGROUP);
	return r < 0 ? error_errno(err, r, "unshare") : 0;
}

static int set_names(void *context, struct error *err)
{
	struct init *init = context;
	int r = 0;

	if (init->config->hostname)
		r = uts_set_hostname(init->config->hostname, err);
	if (r == 0 && init->config->domainname)
		r = uts_set_domainname(init->config->domainname, err);
	return r;
}

static int bring_up_loopback(void *context, struct error *err)
{
	struct init *init = context;

	return init->plan->namespaces & CLONE_NEWNET ? link_set_loopback_up(err) : 0;
}

static int attach_rootfs(void *context, struct error *err)
{
	struct init *init = context;
	const struct spec_linux *linux = init->config->linux;

	if (!(init->plan->own & CLONE_NEWNS))
		init->root = rootfs_shared_attach(init->plan->rootfs_fd, init->rootfs, err);
	else
		init->root = rootfs_attach(init->plan->rootfs_fd, init->rootfs,
					   linux ? linux->rootfsPropagation : 0, err);
	return init->root < 0 ? init->root : 0;
}

/* What comes after it, the program included, finds itself in this mount. */
static int replace_root(struct init *init, const struct plan_mount *mount, struct error *err)
{
	int root;

	if (!(init->plan->own & CLONE_NEWNS))
		return error_set(err, EINVAL, "it needs a mount namespace of the container's own");
	if (init->no_pivot)
		return error_set(err, EINVAL, "--no-pivot cannot be used with it");
	root = mount_add_root(init->root, mount->spec, &mount->options, mount->source_fd, err);
	if (root < 0)
		return root;
	fd_close(&init->root);
	init->root = root;
	return 0;
}

static int mount_one(struct init *init, const struct plan_mount *mount, struct error *err)
{
	struct plan *plan = init->plan;

	if (mount->is_cgroup)
		return mount_cgroup(init->root, mount->spec, &mount->options, plan->hierarchies,
				    plan->hierarchies_len, plan->namespaces & CLONE_NEWCGROUP, err);
	if (mount->link)
		return rootfs_make_link(init->root, mount->spec->destination, mount->link, err);
	if (!strcmp(mount->spec->destination, "/") && !mount->options.remount)
		return replace_root(init, mount, err);
	return mount_add(init->root, mount->spec, &mount->options, mount->source_fd, err);
}

static int place_mount_error(const struct plan_mount *mount, struct error *err)
{
	const char *what = mount->options.bind ? mount->spec->source : mount->spec->type;

	return error_context(err, "mount %s on \"%s\"", what ? what : "again",
			     mount->spec->destination);
}

/*
 * The place that the host has may be taken, as by a volume with the host's socket. Then the other
 * one alone is made; and that would cover a place which is below it.
 */
static int mount_notify(struct init *init, const struct plan_mount *mount, struct error *err)
{
	const char *socket = init->process.notify_socket;
	bool is_last = !strcmp(mount->spec->destination, notify_socket_directory);

	if (socket && path_is_below(socket, mount->spec->destination))
		return 0;
	if (mount_one(init, mount, err) < 0) {
		place_mount_error(mount, err);
		if (is_last)
			return -err->num;
		log_note("%s", err->text);
		*err = (struct error){ 0 };
		return 0;
	}
	if (!socket)
		init->process.notify_socket = mount->notify;
	return 0;
}

static int mount_filesystems(void *context, struct error *err)
{
	struct init *init = context;

	for (size_t i = 0; i < init->plan->mounts_len; i++) {
		const struct plan_mount *mount = &init->plan->mounts[i];

		if (mount->notify) {
			if (mount_notify(init, mount, err) < 0)
				return -err->num;
		} else if (mount_one(init, mount, err) < 0) {
			return place_mount_error(mount, err);
		}
	}
	return 0;
}

/* What had to be filled first: /dev, tmpfs with content. */
static int finish_mounts(void *context, struct error *err)
{
	struct init *init = context;

	for (size_t i = 0; i < init->plan->mounts_len; i++) {
		const struct plan_mount *mount = &init->plan->mounts[i];

		if (!mount->is_cgroup &&
		    mount_finish_readonly(init->root, mount->spec, &mount->options, err) < 0)
			return place_mount_error(mount, err);
	}
	return 0;
}

/* A /dev that is the host's has its nodes, and they are not the container's to change. */
static bool has_host_dev(const struct init *init)
{
	for (size_t i = 0; i < init->plan->mounts_len; i++) {
		const struct plan_mount *mount = &init->plan->mounts[i];

		if (mount->options.bind && !strcmp(mount->spec->destination, "/dev"))
			return true;
	}
	return false;
}

static int bind_device(struct init *init, size_t i, struct error *err)
{
	const struct plan *plan = init->plan;

	return plan->device_fds[i] < 0 ?
		       dev_make_nodes(init->root, &plan->devices[i], 1, err) :
		       dev_bind_node(init->root, &plan->devices[i], plan->device_fds[i], err);
}

/* In somebody's user namespace, or without CAP_MKNOD: the host's. */
static int borrow_device(struct init *init, const struct spec_device *device, struct error *err)
{
	auto_close int node = dev_open_host(device, err);

	return node < 0 ? node : dev_bind_node(init->root, device, node, err);
}

static int make_or_borrow_devices(struct init *init, struct error *err)
{
	const struct plan *plan = init->plan;
	int r = dev_make_nodes(init->root, plan->devices, plan->devices_len, err);

	if (r != -EPERM)
		return r;
	*err = (struct error){ 0 };
	r = 0;
	for (size_t i = 0; r == 0 && i < plan->devices_len; i++)
		r = plan->devices[i].type == 'p' ?
			    dev_make_nodes(init->root, &plan->devices[i], 1, err) :
			    borrow_device(init, &plan->devices[i], err);
	return r;
}

static int make_devices(void *context, struct error *err)
{
	struct init *init = context;
	const struct plan *plan = init->plan;
	auto_close int dev = -1;
	int r = 0;

	if (has_host_dev(init))
		return 0;
	/* An image's symlink may lead to a volume, which is the host's: no place for nodes. */
	dev = rootfs_ensure_plain_directory(init->root, "/dev", err);
	if (dev < 0)
		return dev;
	if (!plan->device_fds)
		r = make_or_borrow_devices(init, err);
	for (size_t i = 0; r == 0 && plan->device_fds && i < plan->devices_len; i++)
		r = bind_device(init, i, err);
	return r < 0 ? r : dev_make_links(init->root, err);
}

static int open_terminal(void *context, struct error *err)
{
	struct init *init = context;

	if (!init->process.spec || !init->process.spec->terminal)
		return 0;
	return process_open_terminal(&init->process, init->root, true, err);
}

/* The runtime runs them, in its own namespaces, while this process waits. */
static int await_hooks(void *context, struct error *err)
{
	struct init *init = context;
	const struct spec_hooks *hooks = init->config->hooks;
	int r;

	if (!hooks_has(hooks, HOOKS_PRESTART) && !hooks_has(hooks, HOOKS_CREATE_RUNTIME))
		return 0;
	r = sync_send(init->process.sync, SYNC_HOOKS, 0, NULL, -1);
	return r < 0 ? error_errno(err, r, "ask the runtime") :
		       sync_expect(init->process.sync, SYNC_HOOKS_DONE, err);
}

/*
 * With the path as the host has it, as nothing is "/" yet but the host's root. The environment is
 * the runtime's, never the one of the container's program, which an image may have chosen
 * (LD_PRELOAD).
 */
static int run_create_container(void *context, struct error *err)
{
	struct init *init = context;
	struct hooks_call call = {
		.hooks = init->config->hooks,
		.state = init->state,
		.env = environ,
		.init = -1,
		.output = init->hooks_output,
	};
	auto_close int bundle = -1;
	mode_t before;
	int r;

	if (!hooks_has(call.hooks, HOOKS_CREATE_CONTAINER))
		return 0;
	/* The container's root need not be allowed to go where the bundle is. */
	bundle = sys_open(init->state->bundle, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	call.directory = bundle < 0 ? init->root : bundle;
	before = umask(USER_UMASK_DEFAULT);
	r = hooks_run(&call, HOOKS_CREATE_CONTAINER, err);
	umask(before);
	return r < 0 ? cgroup_explain_fork(init->cgroup, r, err) : r;
}

static int set_sysctl(void *context, struct error *err)
{
	struct init *init = context;
	const struct spec_linux *linux = init->config->linux;
	auto_close int proc = -1;

	if (!linux || !linux->sysctl_len)
		return 0;
	proc = procfs_open_private(err);
	return proc < 0 ? proc : sysctl_set(proc, linux->sysctl, linux->sysctl_len, err);
}

static int cover_paths(void *context, struct error *err)
{
	struct init *init = context;
	const struct spec_linux *linux = init->config->linux;
	auto_close int null = -1;
	int r;

	if (!linux)
		return 0;
	r = mask_make_readonly(init->root, linux->readonlyPaths, err);
	if (r < 0 || !linux->maskedPaths || !linux->maskedPaths[0])
		return r;
	null = rootfs_open(init->root, "dev/null", O_PATH, err);
	return null < 0 ? null : mask_paths(init->root, linux->maskedPaths, null,
				       init->plan->context, err);
}

/* Engines set a working directory that the image does not have, and rely on runc's making it. */
static int make_cwd(void *context, struct error *err)
{
	struct init *init = context;
	const struct spec_process *process = init->process.spec;
	auto_close int fd = -1;

	if (!process || !strcmp(process->cwd, "/"))
		return 0;
	fd = rootfs_ensure_directory(init->root, process->cwd, 0755, err);
	return fd < 0 ? error_context(err, "config.json: /process/cwd") : 0;
}

static int enter_root(struct init *init, struct error *err)
{
	if (!(init->plan->own & CLONE_NEWNS))
		return rootfs_shared_enter(init->root, err);
	return init->no_pivot ? rootfs_move(init->root, init->rootfs, err) :
				rootfs_pivot(init->root, err);
}

static int change_root(void *context, struct error *err)
{
	struct init *init = context;
	const struct spec_linux *linux = init->config->linux;
	int r = enter_root(init, err);

	fd_close(&init->root);
	if (r == 0)
		r = rootfs_set_propagation(linux ? linux->rootfsPropagation : 0, err);
	if (r == 0 && init->config->root->readonly)
		r = rootfs_set_readonly(err);
	return r;
}

static int prepare_process(void *context, struct error *err)
{
	struct init *init = context;

	return init->process.spec ? process_prepare(&init->process, err) : 0;
}

static const struct step steps[] = {
	{ "set limits without privileges", .run = set_own_limits },
	{ "enter the cgroup", .run = enter_cgroup },
	{ "join namespaces", .run = join_namespaces },
	{ "make the time namespace", .run = make_time },
	{ "open the host's mounts", .run = open_sources },
	{ "enter the user namespace", .run = enter_user_namespace },
	{ "make the cgroup namespace", .run = unshare_cgroup },
	{ "set the host name", .run = set_names },
	{ "bring up the loopback interface", .run = bring_up_loopback },
	{ "attach the root filesystem", .run = attach_rootfs },
	{ "mount filesystems", .run = mount_filesystems },
	{ "make devices", .run = make_devices },
	{ "open the terminal", .run = open_terminal },
	{ "wait for the network", .run = await_network },
	{ "run the prestart and createRuntime hooks", .run = await_hooks },
	{ "run the createContainer hooks", .tells_place = true, .run = run_create_container },
	{ "set sysctl", .tells_place = true, .run = set_sysctl },
	{ "make cwd", .tells_place = true, .run = make_cwd },
	{ "make mounts read-only", .run = finish_mounts },
	{ "mask paths", .run = cover_paths },
	{ "change the root", .run = change_root },
	{ "prepare the process", .tells_place = true, .run = prepare_process },
};

/* Waits for the word to go on, at the gate if it is to be `start` who says it. */
static int await_execute(struct init *init, struct error *err)
{
	int *sync = &init->process.sync;
	struct sync_message message;
	auto_close int fd = -1;
	int r = init->gate < 0 ? 0 : gate_attend(init->gate, err);

	if (r < 0)
		return r;
	r = sync_send(*sync, SYNC_READY, 0, NULL, -1);
	if (r == 0)
		r = sync_receive(*sync, &message, &fd);
	if (r < 0)
		return error_errno(err, r, "wait for the runtime");
	/* Only now: the files in /proc that the runtime has written to become root's. */
	process_hide();
	if (message.type == SYNC_EXECUTE)
		return 0;
	fd_close(sync);
	*sync = gate_wait(init->gate, err);
	if (*sync >= 0 && !init->process.spec)
		return error_set(err, EINVAL, "config.json: /process: is required by start");
	return *sync < 0 ? *sync : 0;
}

/* Run by process_execute: as the user, in the cwd, with no more rights than the program. */
static void plan_start_hooks(struct init *init)
{
	struct process *process = &init->process;

	if (!hooks_has(init->config->hooks, HOOKS_START_CONTAINER))
		hooks_output_close(&init->hooks_output);
	process->start_hooks = (struct hooks_call){
		.hooks = init->config->hooks,
		.state = init->state,
		.env = process->env,
		.directory = -1,
		.preserved_fds = process->preserve_fds,
		.init = -1,
		.output = init->hooks_output,
	};
}

void init_run(struct init *init)
{
	struct error err = { 0 };
	int r;

	umask(0);
	fd_close(&init->entry);
	sync_divert_log(&init->process.sync);
	timings_set_side("container");
	r = steps_run(steps, sizeof(steps) / sizeof(*steps), init, &err);
	plan_start_hooks(init);
	process_close_others(&init->process, init->gate);
	if (r == 0)
		r = await_execute(init, &err);
	if (r == 0)
		process_execute(&init->process, &err);
	sync_send_error(init->process.sync, &err);
	_exit(1);
}
