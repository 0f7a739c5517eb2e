/* create_cgroup.c - the steps of create that make the unit, the cgroup and the groups in resctrl */
#include <signal.h>
#include <unistd.h>

#include "runtime/container/create_steps.h"
#include "runtime/container/plan_cgroup.h"
#include "runtime/container/resctrl.h"

int create_start_unit(void *context, struct error *err)
{
	struct create *create = context;

	if (create->request->cgroup != CREATE_CGROUP_SYSTEMD)
		return 0;
	return unit_start(&create->unit, create->container, &create->has_stuck_cgroup, err);
}

void create_stop_unit(void *context)
{
	struct create *create = context;

	unit_close(&create->unit);
	create->has_stuck_cgroup |= unit_stop(create->container, NULL) < 0;
}

int create_make_cgroup(void *context, struct error *err)
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

int create_plan_cgroup_mounts(void *context, struct error *err)
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

void create_remove_cgroup(void *context)
{
	struct create *create = context;
	const struct cgroup *cgroup = &create->container->cgroup;

	cgroup_kill(cgroup, SIGKILL, NULL);
	create->has_stuck_cgroup |= cgroup_remove(cgroup, NULL) < 0;
}

void create_remove_resctrl(void *context)
{
	struct create *create = context;

	resctrl_remove(create->container, NULL);
}

int create_make_resctrl(void *context, struct error *err)
{
	struct create *create = context;

	return resctrl_make(create->container, err);
}

/* Only now serve knows the process that stays, if one was in between. */
int create_enter_resctrl(void *context, struct error *err)
{
	struct create *create = context;

	return resctrl_add(create->container, create->serve->pid, err);
}
