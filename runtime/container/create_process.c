/* create_process.c - the steps of create that make the container's process and talk with it */
#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/container/create_steps.h"
#include "runtime/container/init.h"
#include "runtime/container/plan_cgroup.h"
#include "runtime/container/plan_device.h"
#include "runtime/container/sync.h"
#include "runtime/linux/idmap.h"
#include "runtime/linux/ns.h"

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
		.awaits_network = create_awaits_network(create),
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
			.sync = sync,
			.slave = -1,
		},
	};

	serve_await_move(create->serve, sync);
	init_run(&init);
}

int create_clone_init(void *context, struct error *err)
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

void create_kill_init(void *context)
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

int create_place(void *context, struct error *err)
{
	struct create *create = context;
	int r = plan_joins_first(&create->plan) ? serve_until_placed(create->serve, err) : 0;

	return r < 0 ? r : map_ids(create, err);
}

int create_set_up(void *context, struct error *err)
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

int create_finish(void *context, struct error *err)
{
	struct create *create = context;
	struct container *container = create->container;
	struct serve *serve = create->serve;
	int r = container_set_process(container, serve->pid, serve->pidfd, err);

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
