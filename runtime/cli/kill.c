/* kill.c - gocker kill: sends a signal to a container */
#include "runtime/container/kill.h"

#include "base/fd.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/id_pattern.h"
#include "runtime/linux/signals.h"

struct kill_options {
	bool all, regex;
};

static const struct option_row rows[] = {
	OPTION_FLAG(kill_options, all, "all", 'a', "to all processes of the container"),
	OPTION_FLAG(kill_options, regex, "regex", 'r',
		    "ID is a regular expression: to all containers that match"),
	{ 0 },
};

struct wanted {
	int signal;
	bool all;
};

static int kill_one(int store, const char *id, const void *data, struct error *err)
{
	const struct wanted *wanted = data;
	auto_container struct container container = CONTAINER_NONE;
	int r = container_open(store, id, false, &container, err);

	return r < 0 ? r : kill_container(&container, wanted->signal, wanted->all, err);
}

static int run(const struct cli_call *call, struct error *err)
{
	const struct kill_options *options = call->options;
	struct wanted wanted = { .all = options->all };
	auto_close int store = -1;
	int r = signals_parse(call->args_len > 1 ? call->args[1] : "TERM", &wanted.signal, err);

	if (r < 0)
		return r;
	store = cli_open_store(call->globals, false, err);
	if (store < 0)
		return store;
	return options->regex ? id_pattern_apply(store, call->args[0], kill_one, &wanted, err) :
				kill_one(store, call->args[0], &wanted, err);
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
