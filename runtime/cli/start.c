/* start.c - gocker start: executes the program of a created container */
#include "runtime/container/start.h"

#include "base/fd.h"
#include "runtime/cli/commands.h"

static int run(const struct cli_call *call, struct error *err)
{
	auto_close int store = cli_open_store(call->globals, false, err);

	return store < 0 ? store : start_run(store, call->args[0], err);
}

const struct cli_command cli_start = {
	.name = "start",
	.arguments = "ID",
	.summary = "execute the program of a created container",
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
