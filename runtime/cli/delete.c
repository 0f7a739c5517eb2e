/* delete.c - gocker delete: removes a container that has stopped */
#include "runtime/container/delete.h"

#include <errno.h>

#include "base/fd.h"
#include "runtime/cli/commands.h"
#include "runtime/container/store.h"

struct delete_options {
	bool force;
};

static const struct option_row rows[] = {
	OPTION_FLAG(delete_options, force, "force", 'f',
		    "kill what lives, be content where there is nothing"),
	{ 0 },
};

static int run(const struct cli_call *call, struct error *err)
{
	const struct delete_options *options = call->options;
	auto_close int store = cli_open_store(call->globals, false, err);

	if (store == -ENOENT && options->force)
		return store_check_id(call->args[0], err);
	return store < 0 ? store : delete_run(store, call->args[0], options->force, err);
}

const struct cli_command cli_delete = {
	.name = "delete",
	.arguments = "ID",
	.summary = "remove a container that has stopped",
	.rows = rows,
	.options_size = sizeof(struct delete_options),
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
