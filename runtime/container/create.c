/* create.c - makes a container: everything but the execution of its program */
#include "runtime/container/create.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/cgroup/systemd_bus.h"
#include "runtime/container/bundle.h"
#include "runtime/container/create_steps.h"
#include "runtime/container/resctrl.h"
#include "runtime/container/steps.h"
#include "runtime/container/store.h"
#include "runtime/linux/lsm.h"

static int read_bundle(void *context, struct error *err)
{
	struct create *create = context;
	const struct create_request *request = create->request;
	struct container *container = create->container;
	int r = bundle_read(request->bundle, request->config, container, &create->config_text, err);

	if (r < 0)
		return r;
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
	if (r == 0 && create->request->cgroup == CREATE_CGROUP_SYSTEMD)
		r = systemd_bus_load(err);
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

static const struct step steps[] = {
	{ "read the bundle", true, read_bundle, NULL },
	{ "check the config", true, check_config, NULL },
	{ "open what hooks write to", true, open_hooks_output, NULL },
	{ "open what comes from the host", true, make_plan, close_plan },
	{ "plan the network", true, create_plan_network, NULL },
	{ "begin the network namespace", true, create_begin_netns, create_abandon_netns },
	{ "make the seccomp filter", true, make_filter, NULL },
	{ "find the groups in resctrl", true, plan_resctrl, NULL },
	{ "make the state directory", true, create_make_state, create_remove_state },
	{ "reserve the network", true, create_reserve_network, create_release_network },
	{ "make the notify socket", true, create_make_notify_socket, NULL },
	{ "make the devices", true, create_make_devices, NULL },
	{ "start the unit", true, create_start_unit, create_stop_unit },
	{ "make the cgroup", true, create_make_cgroup, create_remove_cgroup },
	{ "make the groups in resctrl", true, create_make_resctrl, create_remove_resctrl },
	{ "open the cgroup for its mounts", true, create_plan_cgroup_mounts, NULL },
	{ "take the network namespace", true, create_take_netns, NULL },
	{ "make the container's process", true, create_clone_init, create_kill_init },
	{ "place the container's process", true, create_place, NULL },
	{ "enter the groups in resctrl", true, create_enter_resctrl, NULL },
	{ "move network devices", true, create_move_devices, create_return_devices },
	{ "connect the network", true, create_connect, create_disconnect },
	{ "set up the container", true, create_set_up, NULL },
	{ "write the state", true, create_finish, NULL },
};

int create_run(int store, const struct create_request *request, struct container *container,
	       struct serve *serve, struct error *err)
{
	struct create create = {
		.request = request,
		.container = container,
		.serve = serve,
		.plan = PLAN_NONE,
		.aside = ASIDE_NONE,
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
