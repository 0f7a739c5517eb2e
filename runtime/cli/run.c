/* run.c - gocker run: create, start, and unless detached wait and delete */
#include <sys/prctl.h>

#include "base/fd.h"
#include "base/log.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/process_options.h"
#include "runtime/container/create.h"
#include "runtime/container/delete.h"
#include "runtime/container/launch.h"
#include "runtime/container/notify_socket.h"
#include "runtime/container/start.h"
#include "runtime/container/store.h"
#include "runtime/container/wait.h"

struct run_options {
	struct process_options process;
	const char *bundle, *config;
	bool detach, keep, no_subreaper, tty;
};

static const struct option_row rows[] = {
	OPTION_STRING(run_options, bundle, "bundle", 'b', "DIR",
		      "directory of the bundle (the current one)"),
	OPTION_STRING(run_options, config, "config", 'f', "FILE",
		      "name of the config in the bundle (config.json)"),
	OPTION_FLAG(run_options, detach, "detach", 'd', "do not wait for the end"),
	OPTION_FLAG(run_options, tty, "tty", 't', "give it a terminal, whatever the config says"),
	OPTION_FLAG(run_options, keep, "keep", 0, "do not delete the container at its end"),
	OPTION_FLAG(run_options, no_subreaper, "no-subreaper", 0,
		    "do not become the parent of processes that the container leaves behind"),
	PROCESS_OPTIONS(run_options),
	PROCESS_OPTION_KEYRING(run_options),
	PROCESS_OPTION_PIVOT(run_options),
	{ 0 },
};

/* Creates and starts. Return: 0 or -errno, with nothing left. */
static int start_container(int store, const struct create_request *request,
			   struct container *container, struct serve *serve, struct error *err)
{
	int r = create_run(store, request, container, serve, err);

	if (r < 0)
		return r;
	if (request->notify)
		r = serve->notify = notify_socket_listen(container->entry, err);
	if (r >= 0)
		r = launch(container, serve->pid, serve->sync, err);
	if (r == 0)
		r = start_run_hooks(container, err);
	if (r < 0) {
		serve_kill(serve);
		delete_container(container, NULL);
		process_withdraw(&request->process);
	}
	return r;
}

static int run_foreground(int store, const struct run_options *options,
			  const struct create_request *request, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	struct serve serve = SERVE_NONE;
	auto_close int signals = -1;
	int status = 0, r;

	signals = wait_open_signals(err);
	if (signals < 0)
		return signals;
	if (!options->no_subreaper)
		prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0);
	r = start_container(store, request, &container, &serve, err);
	if (r == 0) {
		/* Others may stop, pause or delete it from here on. */
		store_unlock_entry(container.entry);
		r = status = wait_for_end(&serve, signals, err);
		if (r < 0)
			serve_kill(&serve);
		if (!options->keep && delete_container(&container, err) < 0)
			r = -err->num;
	}
	serve_close(&serve);
	return r < 0 ? r : status;
}

static int run_detached(int store, const struct create_request *request, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	struct serve serve = SERVE_NONE;
	int r = start_container(store, request, &container, &serve, err);

	if (r == 0 && serve.notify >= 0) {
		store_unlock_entry(container.entry);
		notify_socket_await(serve.notify, notify_socket_of_host(), serve.pidfd, serve.pid);
	}
	serve_close(&serve);
	return r;
}

static int run(const struct cli_call *call, struct error *err)
{
	const struct run_options *options = call->options;
	struct create_request request = {
		.process = process_options_request(&options->process, options->detach),
		.id = call->args[0],
		.bundle = options->bundle ? options->bundle : "",
		.config = options->config,
		.terminal = options->tty,
		.no_pivot = options->process.no_pivot,
		.notify = notify_socket_of_host(),
		.needs_cgroup = cli_needs_cgroup(call->globals),
	};
	auto_close int store = -1;
	int r = cli_find_cgroup_manager(call->globals, &request.cgroup, &request.bus, err);

	if (r < 0)
		return r;
	store = cli_open_store(call->globals, true, err);
	if (store < 0)
		return store;
	return options->detach ? run_detached(store, &request, err) :
				 run_foreground(store, options, &request, err);
}

const struct cli_command cli_run = {
	.name = "run",
	.arguments = "ID",
	.summary = "create a container, start it, wait for its end and delete it",
	.rows = rows,
	.options_size = sizeof(struct run_options),
	.args_min = 1,
	.args_max = 1,
	.sealed = true,
	.finishes_seal = true,
	.run = run,
};
