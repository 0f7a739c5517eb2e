/* create.c - gocker create: makes a container that waits for `start` */
#include "runtime/container/create.h"

#include "base/fd.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/process_options.h"
#include "runtime/container/notify_socket.h"

struct create_options {
	struct process_options process;
	const char *bundle, *config;
};

static const struct option_row rows[] = {
	OPTION_STRING(create_options, bundle, "bundle", 'b', "DIR",
		      "directory of the bundle (the current one)"),
	OPTION_STRING(create_options, config, "config", 'f', "FILE",
		      "name of the config in the bundle (config.json)"),
	PROCESS_OPTIONS(create_options),
	PROCESS_OPTION_KEYRING(create_options),
	PROCESS_OPTION_PIVOT(create_options),
	{ 0 },
};

static int run(const struct cli_call *call, struct error *err)
{
	const struct create_options *options = call->options;
	struct create_request request = {
		.process = process_options_request(&options->process, true),
		.id = call->args[0],
		.bundle = options->bundle ? options->bundle : "",
		.config = options->config,
		.no_pivot = options->process.no_pivot,
		.notify = notify_socket_of_host(),
		.needs_cgroup = cli_needs_cgroup(call->globals),
		.at_gate = true,
	};
	auto_container struct container container = CONTAINER_NONE;
	struct serve serve = SERVE_NONE;
	auto_close int store = -1;
	int r = cli_find_cgroup_manager(call->globals, &request.cgroup, &request.bus, err);

	if (r < 0)
		return r;
	store = cli_open_store(call->globals, true, err);
	if (store < 0)
		return store;
	r = create_run(store, &request, &container, &serve, err);
	serve_close(&serve);
	return r;
}

const struct cli_command cli_create = {
	.name = "create",
	.arguments = "ID",
	.summary = "make a container that waits for start",
	.rows = rows,
	.options_size = sizeof(struct create_options),
	.args_min = 1,
	.args_max = 1,
	.sealed = true,
	.finishes_seal = true,
	.run = run,
};
