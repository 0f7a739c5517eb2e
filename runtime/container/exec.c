/* exec.c - runs a further process in a running container */
#include "runtime/container/exec.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/proc.h"
#include "base/sys.h"
#include "base/timings.h"
#include "runtime/cgroup/systemd_bus.h"
#include "runtime/container/exec_spec.h"
#include "runtime/container/filter.h"
#include "runtime/container/launch.h"
#include "runtime/container/rebirth.h"
#include "runtime/container/resctrl.h"
#include "runtime/container/steps.h"
#include "runtime/container/sync.h"
#include "runtime/linux/affinity.h"
#include "runtime/linux/lsm.h"
#include "runtime/linux/ns.h"
#include "runtime/linux/rootfs.h"
#include "runtime/linux/rootfs_shared.h"

enum { END_TIMEOUT_MS = 500 };

struct exec {
	const struct exec_request *request;
	struct container *container;
	struct serve *serve;
	struct spec_process spec;
	struct seccomp_filter filter;
	int init;          /* pidfd of the container's process */
	bool is_born_late; /* into the pid namespace, that only its user namespace may enter */
};

static int read_request(void *context, struct error *err)
{
	struct exec *exec = context;
	int r = exec_spec_make(exec->request, exec->container, &exec->spec, err);

	if (r == 0)
		r = lsm_check(&exec->spec, err);
	return r < 0 ? r : process_check_request(&exec->spec, &exec->request->process, err);
}

/* The container's cgroup, or the one below it that is asked for. */
static int open_cgroup(struct exec *exec, struct error *err)
{
	struct container *container = exec->container;
	struct cgroup child = { 0 };
	int r = container_open_cgroup(container, err);

	if (r < 0 || !exec->request->cgroup)
		return r;
	r = cgroup_open_child(&container->cgroup, exec->request->cgroup, &container->arena, &child,
			      err);
	if (r < 0)
		return r;
	cgroup_close(&container->cgroup);
	container->cgroup = child;
	return 0;
}

static int check_status(void *context, struct error *err)
{
	struct exec *exec = context;

	switch (exec->container->state.status) {
	case SPEC_STATUS_CREATED:
	case SPEC_STATUS_RUNNING:
		break;
	case SPEC_STATUS_PAUSED:
		if (exec->request->ignore_paused)
			break;
		return error_set(err, EINVAL, "container paused: cannot exec in a paused "
					      "container (use --ignore-paused to override)");
	default:
		return error_set(err, EINVAL, "cannot exec in a stopped container");
	}
	exec->init = container_open_process(exec->container, err);
	return exec->init < 0 ? exec->init : open_cgroup(exec, err);
}

/* Those that config.json asks for. The user namespace that one is in already is not entered. */
static int namespace_types(const struct exec *exec)
{
	const struct spec_linux *linux = exec->container->config.linux;
	int types = 0;

	for (size_t i = 0; linux && i < linux->namespaces_len; i++)
		types |= linux->namespaces[i].type;
	if ((types & CLONE_NEWUSER) &&
	    ns_is_shared((pid_t)exec->container->state.pid, CLONE_NEWUSER) == 1)
		types &= ~CLONE_NEWUSER;
	return types;
}

/*
 * All in one step. Those that config.json does not ask for are where the container was made, which
 * need not be where this exec runs; only their owner may enter them, and needs not in most cases.
 */
static int enter_namespaces(const struct exec *exec, int types, struct error *err)
{
	const int others = CLONE_NEWCGROUP | CLONE_NEWIPC | CLONE_NEWNET | CLONE_NEWNS |
			   CLONE_NEWTIME | CLONE_NEWUTS;
	const struct spec_state *state = &exec->container->state;
	int wanted = exec->is_born_late ? types : types & ~CLONE_NEWPID;
	int r = sys_setns(exec->init, wanted | others);

	if (r == -EPERM && (wanted | others) != wanted)
		r = sys_setns(exec->init, wanted);
	if (r == -EPERM && state->status == SPEC_STATUS_CREATED && geteuid() != 0)
		return error_errno(err, r, "enter the container's namespaces (until it is started, "
					   "only root may)");
	if (r < 0)
		return error_errno(err, r, "enter the container's namespaces");
	/* In a mount namespace of its own, the container's root is "/". */
	return state->rootfsMount ?
		       rootfs_shared_join(state->rootfs, state->rootfsMount, err) :
		       0;
}

/* setns(2) into the mount namespace has made the container's root "/". */
static int open_terminal(struct process *process, struct error *err)
{
	auto_close int root = sys_open("/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);

	return root < 0 ? error_errno(err, root, "open /") :
			  process_open_terminal(process, root, false, err);
}

/* When the control group is entered, as that may change the CPUs. */
static int set_affinity(const struct spec_cpu_affinity *affinity, struct error *err)
{
	if (affinity && affinity->final)
		return affinity_set(affinity->final, "execCPUAffinity.final", err);
	if (!affinity || !affinity->initial)
		affinity_reset();
	return 0;
}

static int enter_container(const struct exec *exec, int types, struct process *process,
			   struct error *err)
{
	int r = cgroup_enter(&exec->container->cgroup, err);

	if (r == 0)
		r = set_affinity(exec->spec.execCPUAffinity, err);
	if (r < 0)
		return r;
	r = enter_namespaces(exec, types, err);
	if (r == 0 && (types & CLONE_NEWUSER))
		r = ns_become_root(err);
	if (r == 0 && exec->is_born_late)
		r = rebirth_run(process->sync, 0, &exec->container->cgroup, err);
	if (r == 0 && exec->spec.terminal)
		r = open_terminal(process, err);
	return r < 0 ? r : process_prepare(process, err);
}

/* Runs in the child; it reports through the socket. */
_Noreturn static void run_process(struct exec *exec, int types, int sync)
{
	struct process process = {
		.spec = &exec->spec,
		.linux = exec->container->config.linux,
		.keyring = exec->container->state.sessionKeyring,
		.keep_groups = process_keeps_groups(&exec->container->config),
		.filter = filter_or_null(&exec->filter),
		.preserve_fds = exec->request->process.preserve_fds,
		.listen_fds = exec->request->process.listen_fds,
		.sync = sync,
		.slave = -1,
	};
	struct error err = { 0 };
	int r;

	sync_divert_log(&process.sync);
	timings_set_side("container");
	r = geteuid() == 0 ? 0 : process_set_own_limits(&exec->spec, &err);
	process_hide();
	serve_await_move(exec->serve, sync);
	if (r == 0)
		r = enter_container(exec, types, &process, &err);
	process_close_others(&process, -1);
	if (r == 0)
		r = sync_send(sync, SYNC_READY, 0, NULL, -1);
	if (r == 0)
		r = sync_expect(sync, SYNC_EXECUTE, &err);
	if (r == 0)
		process_execute(&process, &err);
	sync_send_error(sync, &err);
	_exit(1);
}

static int make_filter(void *context, struct error *err)
{
	struct exec *exec = context;

	return filter_make(&exec->container->config, exec->container->store, &exec->filter, err);
}

static int clone_in(struct exec *exec, int types, struct error *err)
{
	const struct spec_linux *linux = exec->container->config.linux;
	int sync, r;

	serve_watch_memory(exec->serve, &exec->container->cgroup, linux ? linux->resources : NULL);
	r = serve_clone(exec->serve, 0, exec->container, &sync, err);
	if (r == 0)
		run_process(exec, types, sync);
	return r < 0 ? r : 0;
}

/*
 * A container that manages its own cgroups has no processes in the one that we made (the "no
 * internal processes" rule of cgroups(7)): then the place is where its first process is.
 */
static int clone_beside_init(struct exec *exec, int types, struct error *err)
{
	struct container *container = exec->container;
	struct cgroup found = { 0 };
	int r = clone_in(exec, types, err);

	/* A user's systemd tells no more than that it may not move the process there. */
	if (r != -EBUSY && !(r == -EACCES && container->state.systemd))
		return r;
	r = cgroup_of_process((pid_t)container->state.pid, &container->arena, &found, err);
	if (r == 0)
		r = cgroup_check_within(&found, &container->cgroup, err);
	cgroup_close(&container->cgroup);
	container->cgroup = found;
	return r < 0 ? r : clone_in(exec, types, err);
}

/*
 * A pid namespace is entered by one's children: the process is born in it, with no step between.
 * What gocker starts later is born in its own again.
 */
static int clone_process(void *context, struct error *err)
{
	struct exec *exec = context;
	int types = namespace_types(exec);
	auto_close int own = -1;
	int r;

	if (!(types & CLONE_NEWPID))
		return clone_beside_init(exec, types, err);
	r = own = sys_open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC, 0);
	if (r >= 0)
		r = sys_setns(exec->init, CLONE_NEWPID);
	exec->is_born_late = r == -EPERM && (types & CLONE_NEWUSER);
	if (exec->is_born_late)
		return clone_beside_init(exec, types, err);
	if (r < 0)
		return error_errno(err, r, "enter the container's pid namespace");
	r = clone_beside_init(exec, types, err);
	sys_setns(own, CLONE_NEWPID);
	return r;
}

/* Before the process is made, as it may be born in the container's control group. */
static int set_initial_affinity(void *context, struct error *err)
{
	struct exec *exec = context;
	const struct spec_cpu_affinity *affinity = exec->spec.execCPUAffinity;

	if (!affinity || !affinity->initial)
		return 0;
	return affinity_set(affinity->initial, "execCPUAffinity.initial", err);
}

static int place(void *context, struct error *err)
{
	struct exec *exec = context;

	return exec->is_born_late ? serve_until_placed(exec->serve, err) : 0;
}

static void kill_process(void *context)
{
	struct exec *exec = context;

	serve_kill(exec->serve);
}

static int enter_resctrl(void *context, struct error *err)
{
	struct exec *exec = context;

	return resctrl_add(exec->container, exec->serve->pid, err);
}

static int await_ready(void *context, struct error *err)
{
	struct exec *exec = context;

	return serve_until_ready(exec->serve, &exec->spec, &exec->request->process, err);
}

static int execute(void *context, struct error *err)
{
	struct exec *exec = context;
	const struct process_request *request = &exec->request->process;
	int r = process_announce(request, exec->serve->pid, exec->serve->pidfd, err);

	if (r < 0)
		return r;
	r = launch(exec->container, exec->serve->pid, exec->serve->sync, err);
	if (r < 0)
		process_withdraw(request);
	return r;
}

static const struct step steps[] = {
	{ "look at the container", true, check_status, NULL },
	{ "read the process", true, read_request, NULL },
	{ "move to the first CPUs", true, set_initial_affinity, NULL },
	{ "make the seccomp filter", true, make_filter, NULL },
	{ "make the process", true, clone_process, kill_process },
	{ "place the process", true, place, NULL },
	{ "set up the process", true, await_ready, NULL },
	{ "enter the groups in resctrl", true, enter_resctrl, NULL },
	{ "execute the program", true, execute, NULL },
};

/*
 * A container that ends meanwhile fails each step in another way: clone3(2) with "no memory".
 * setns(2) and the exec's own process, which is killed, fail when it is only about to end.
 */
static bool has_ended(int init, int failure)
{
	struct pollfd poll_fd = { .fd = init, .events = POLLIN };
	bool may_be_ending = failure == -ESRCH || failure == -EPIPE;

	return poll(&poll_fd, 1, may_be_ending ? END_TIMEOUT_MS : 0) > 0;
}

int exec_run(struct container *container, const struct exec_request *request,
	     struct serve *serve, struct error *err)
{
	struct exec exec = {
		.request = request, .container = container, .serve = serve, .init = -1
	};
	int r = 0;

	/* systemd places the processes of users, who may not. */
	if (container->state.systemd && !proc_is_real_root())
		r = systemd_bus_load(err);
	if (r == 0)
		r = container_read_config(container, err);
	if (r == 0)
		r = steps_run(steps, sizeof(steps) / sizeof(*steps), &exec, err);
	if (r < 0 && exec.init >= 0 && has_ended(exec.init, r))
		error_context(err, "cannot exec in a stopped container");
	fd_close(&exec.init);
	filter_free(&exec.filter);
	return r;
}
