/* start.c - executes the program of a created container */
#include "runtime/container/start.h"

#include <errno.h>

#include "base/fd.h"
#include "base/log.h"
#include "runtime/container/container.h"
#include "runtime/container/delete.h"
#include "runtime/container/gate.h"
#include "runtime/container/hooks.h"
#include "runtime/container/launch.h"
#include "runtime/container/notify_socket.h"
#include "runtime/container/store.h"

/* What `start` says to a container in each state; NULL: it starts. */
static const char *const refusals[] = {
	[SPEC_STATUS_CREATING] = "cannot start a container that is not created yet",
	[SPEC_STATUS_CREATED] = NULL,
	[SPEC_STATUS_RUNNING] = "cannot start an already running container",
	[SPEC_STATUS_PAUSED] = "cannot start a container in the paused state: container paused",
	[SPEC_STATUS_STOPPED] = "cannot start a container that has stopped",
};

/* Others may stop or delete the container while it gets ready. */
static void await_ready(struct container *container, int notify)
{
	auto_close int pidfd = container_open_process(container, NULL);

	store_unlock_entry(container->entry);
	if (pidfd >= 0)
		notify_socket_await(notify, notify_socket_of_host(), pidfd,
				    (pid_t)container->state.pid);
}

/* The lifecycle goes on with its steps 12 and 13 (runtime.md): destroyed, then poststop hooks. */
static void take_away(struct container *container)
{
	struct error cause = { 0 };

	if (delete_container(container, &cause) < 0)
		log_warning("the container could not be deleted: %s", cause.text);
}

int start_run_hooks(struct container *container, struct error *err)
{
	int r = hooks_read(container, HOOKS_POSTSTART, err);

	if (r < 0 || !hooks_has(container->config.hooks, HOOKS_POSTSTART))
		return r;
	/* They may look at the container, and change it. */
	store_unlock_entry(container->entry);
	return hooks_run_outside(container, HOOKS_POSTSTART, -1, err);
}

static int execute(struct container *container, int gate, struct error *err)
{
	int r = store_mark_starting(container->entry, err);

	if (r == 0)
		r = launch(container, (pid_t)container->state.pid, gate, err);
	if (r == -EINTR || r == -ECHILD)
		take_away(container);
	if (r == 0)
		r = container_set_status(container, SPEC_STATUS_RUNNING, err);
	if (r < 0)
		return r;
	store_unmark_starting(container->entry);
	r = start_run_hooks(container, err);
	if (r < 0)
		take_away(container);
	return r;
}

int start_run(int store, const char *id, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	auto_close int gate = -1, notify = -1;
	int r = container_open(store, id, true, &container, err);

	if (r < 0)
		return r;
	if (refusals[container.state.status])
		return error_set(err, EINVAL, "%s", refusals[container.state.status]);
	if (notify_socket_of_host())
		r = notify = notify_socket_listen(container.entry, err);
	/* `create` was not asked for one. */
	if (r < 0 && r != -ENOENT)
		return r;
	gate = gate_connect(container.entry, err);
	if (gate < 0)
		return gate;
	r = execute(&container, gate, err);
	if (r == 0 && notify >= 0)
		await_ready(&container, notify);
	return r;
}
