/* resume.c - gocker resume: lets the processes of a paused container go on */
#include "base/fd.h"
#include "runtime/cli/commands.h"
#include "runtime/container/pause.h"

static int run(const struct cli_call *call, struct error *err)
{
	auto_close int store = cli_open_store(call->globals, false, err);

	return store < 0 ? store : pause_end(store, call->args[0], err);
}

const struct cli_command cli_resume = {
	.name = "resume",
	.arguments = "ID",
	.summary = "let the processes of a paused container go on",
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
