/* exec.c - gocker exec: a further process in a running container */
#include "runtime/container/exec.h"

#include "base/fd.h"
#include "base/strv.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/process_options.h"
#include "runtime/container/wait.h"

struct exec_options {
	struct process_options process;
	const char *process_file, *cwd, *user, *cgroup, *process_label, *apparmor;
	char **env, **groups, **caps;
	bool detach, tty, no_new_privs, ignore_paused;
};

static const struct option_row rows[] = {
	OPTION_STRING(exec_options, process_file, "process", 'p', "FILE",
		      "JSON document of the process, in place of the options below"),
	OPTION_FLAG(exec_options, detach, "detach", 'd', "do not wait for its end"),
	OPTION_FLAG(exec_options, tty, "tty", 't', "give it a terminal"),
	OPTION_STRING(exec_options, cwd, "cwd", 0, "DIR", "its working directory"),
	OPTION_STRINGS(exec_options, env, "env", 'e', "NAME=VALUE", "a further variable"),
	OPTION_STRING(exec_options, user, "user", 'u', "UID[:GID]", "who it runs as"),
	OPTION_STRINGS(exec_options, groups, "additional-gids", 'g', "GID", "a further group"),
	OPTION_STRINGS(exec_options, caps, "cap", 'c', "NAME", "a further capability"),
	OPTION_STRING(exec_options, process_label, "process-label", 0, "LABEL",
		      "its SELinux label"),
	OPTION_STRING(exec_options, apparmor, "apparmor", 0, "PROFILE", "its AppArmor profile"),
	OPTION_STRING(exec_options, cgroup, "cgroup", 0, "PATH",
		      "run it in this cgroup below the container's"),
	OPTION_FLAG(exec_options, no_new_privs, "no-new-privs", 0,
		    "execve(2) can give it no more privileges"),
	OPTION_FLAG(exec_options, ignore_paused, "ignore-paused", 0,
		    "also where the container is paused: it runs once that ends"),
	PROCESS_OPTIONS(exec_options),
	{ 0 },
};

static int run_foreground(struct container *container, const struct exec_request *request,
			  struct serve *serve, struct error *err)
{
	auto_close int signals = wait_open_signals(err);
	int r = signals < 0 ? signals : exec_run(container, request, serve, err);

	if (r < 0)
		return r;
	r = wait_for_end(serve, signals, err);
	if (r < 0)
		serve_kill(serve);
	return r;
}

static int run(const struct cli_call *call, struct error *err)
{
	const struct exec_options *options = call->options;
	struct exec_request request = {
		.process = process_options_request(&options->process, options->detach),
		.process_file = options->process_file,
		.args = call->args + 1,
		.env = options->env,
		.cwd = options->cwd,
		.user = options->user,
		.groups = options->groups,
		.caps = options->caps,
		.process_label = options->process_label,
		.apparmor = options->apparmor,
		.cgroup = options->cgroup,
		.tty = options->tty,
		.no_new_privs = options->no_new_privs,
		.ignore_paused = options->ignore_paused,
	};
	auto_container struct container container = CONTAINER_NONE;
	struct serve serve = SERVE_NONE;
	auto_close int store = cli_open_store(call->globals, false, err);
	int r = store < 0 ? store :
			    container_open(store, call->args[0], false, &container, err);

	if (r == 0)
		r = options->detach ? exec_run(&container, &request, &serve, err) :
				      run_foreground(&container, &request, &serve, err);
	serve_close(&serve);
	return r;
}

const struct cli_command cli_exec = {
	.name = "exec",
	.arguments = "ID [COMMAND [ARGUMENT...]]",
	.summary = "run a further process in a running container",
	.rows = rows,
	.options_size = sizeof(struct exec_options),
	.args_min = 1,
	.args_max = -1,
	.stop_at_positional = true,
	.sealed = true,
	.failure_status = 255,
	.run = run,
};
