/* kill.c - gocker kill: sends a signal to a container */
#include "runtime/container/kill.h"

#include "base/fd.h"
#include "runtime/cli/commands.h"
#include "runtime/linux/signals.h"

struct kill_options {
	bool all;
};

static const struct option_row rows[] = {
	OPTION_FLAG(kill_options, all, "all", 'a', "to all processes of the container"),
	{ 0 },
};

static int run(const struct cli_call *call, struct error *err)
{
	const struct kill_options *options = call->options;
	auto_container struct container container = CONTAINER_NONE;
	auto_close int store = -1;
	int signal;
	int r = signals_parse(call->args_len > 1 ? call->args[1] : "TERM", &signal, err);

	if (r < 0)
		return r;
	store = cli_open_store(call->globals, false, err);
	r = store < 0 ? store : container_open(store, call->args[0], false, &container, err);
	return r < 0 ? r : kill_container(&container, signal, options->all, err);
}

const struct cli_command cli_kill = {
	.name = "kill",
	.arguments = "ID [SIGNAL]",
	.summary = "send a signal (TERM) to a container",
	.rows = rows,
	.options_size = sizeof(struct kill_options),
	.args_min = 1,
	.args_max = 2,
	.run = run,
};
