/* start.c - executes the program of a created container */
#include "runtime/container/start.h"

#include <errno.h>

#include "base/fd.h"
#include "runtime/container/container.h"
#include "runtime/container/gate.h"
#include "runtime/container/launch.h"

/* What `start` says to a container in each state; NULL: it starts. */
static const char *const refusals[] = {
	[SPEC_STATUS_CREATING] = "cannot start a container that is not created yet",
	[SPEC_STATUS_CREATED] = NULL,
	[SPEC_STATUS_RUNNING] = "cannot start an already running container",
	[SPEC_STATUS_PAUSED] = "cannot start an already running container",
	[SPEC_STATUS_STOPPED] = "cannot start a container that has stopped",
};

int start_run(int store, const char *id, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	auto_close int gate = -1;
	int r = container_open(store, id, true, &container, err);

	if (r < 0)
		return r;
	if (refusals[container.state.status])
		return error_set(err, EINVAL, "%s", refusals[container.state.status]);
	gate = gate_connect(container.entry, err);
	if (gate < 0)
		return gate;
	r = launch(&container, (pid_t)container.state.pid, gate, err);
	return r < 0 ? r : container_set_status(&container, SPEC_STATUS_RUNNING, err);
}
