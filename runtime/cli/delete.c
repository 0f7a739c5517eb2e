/* delete.c - gocker delete: removes a container that has stopped */
#include "runtime/container/delete.h"

#include <errno.h>

#include "base/fd.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/id_pattern.h"
#include "runtime/container/store.h"

struct delete_options {
	bool force, regex;
};

static const struct option_row rows[] = {
	OPTION_FLAG(delete_options, force, "force", 'f',
		    "kill what lives, be content where there is nothing"),
	OPTION_FLAG(delete_options, regex, "regex", 'r',
		    "ID is a regular expression: all containers that match"),
	{ 0 },
};

static int delete_one(int store, const char *id, const void *data, struct error *err)
{
	const struct delete_options *options = data;

	return delete_run(store, id, options->force, err);
}

static int run(const struct cli_call *call, struct error *err)
{
	const struct delete_options *options = call->options;
	auto_close int store = cli_open_store(call->globals, false, err);

	if (store == -ENOENT && options->force)
		return options->regex ? 0 : store_check_id(call->args[0], err);
	if (store < 0)
		return store;
	return options->regex ? id_pattern_apply(store, call->args[0], delete_one, options, err) :
				delete_one(store, call->args[0], options, err);
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
