/* state.c - gocker state: what is true of a container, as JSON */
#include "base/buf.h"
#include "base/fd.h"
#include "runtime/cli/commands.h"
#include "runtime/container/container.h"

static int run(const struct cli_call *call, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	auto_buf struct buf text = { 0 };
	auto_close int store = cli_open_store(call->globals, false, err);
	int r = store < 0 ? store :
			    container_open(store, call->args[0], false, &container, err);

	if (r < 0)
		return r;
	spec_state_write_public(&container.state, &text);
	return cli_print(text.data, text.len, err);
}

const struct cli_command cli_state = {
	.name = "state",
	.arguments = "ID",
	.summary = "print the state of a container as JSON",
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
