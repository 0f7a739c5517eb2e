/* pause.c - stops the processes of a container for a while, and lets them go on */
#include "runtime/container/pause.h"

#include <errno.h>

#include "runtime/container/container.h"

static int freeze(struct container *container, struct error *err)
{
	int r = container_open_cgroup(container, err);

	if (r == 0)
		r = cgroup_freeze(&container->cgroup, err);
	if (r < 0)
		return r;
	r = container_set_status(container, SPEC_STATUS_PAUSED, err);
	if (r < 0)
		cgroup_thaw(&container->cgroup, NULL);
	return r;
}

int pause_run(int store, const char *id, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	int r = container_open(store, id, true, &container, err);

	if (r < 0)
		return r;
	switch (container.state.status) {
	case SPEC_STATUS_CREATED:
	case SPEC_STATUS_RUNNING:
		return freeze(&container, err);
	case SPEC_STATUS_PAUSED:
		return error_set(err, EINVAL, "container not running: it is paused already");
	default:
		return error_set(err, EINVAL, "container not running");
	}
}

int pause_end(int store, const char *id, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	int r = container_open(store, id, true, &container, err);

	if (r == 0)
		r = container_open_cgroup(&container, err);
	if (r < 0)
		return r;
	/* A `pause` that was killed half-way has frozen it, and not written so. */
	if (container.state.status == SPEC_STATUS_STOPPED || !cgroup_is_frozen(&container.cgroup))
		return error_set(err, EINVAL, "container not paused");
	r = cgroup_thaw(&container.cgroup, err);
	if (r == 0)
		r = container_find_phase(&container, err);
	return r < 0 ? r : container_set_status(&container, container.state.status, err);
}
