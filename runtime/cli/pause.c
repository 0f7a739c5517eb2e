/* pause.c - gocker pause: stops the processes of a container for a while */
#include "runtime/container/pause.h"

#include "base/fd.h"
#include "runtime/cli/commands.h"

static int run(const struct cli_call *call, struct error *err)
{
	auto_close int store = cli_open_store(call->globals, false, err);

	return store < 0 ? store : pause_run(store, call->args[0], err);
}

const struct cli_command cli_pause = {
	.name = "pause",
	.arguments = "ID",
	.summary = "stop the processes of a container for a while",
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
