/* network.c - gocker network: bridges, who is on them, and what is left behind */
#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "runtime/cli/columns.h"
#include "runtime/cli/commands.h"
#include "runtime/net/prune.h"
#include "runtime/net/survey.h"

struct network_options {
	const char *format;
};

static const struct option_row rows[] = {
	OPTION_STRING(network_options, format, "format", 'f', "FORMAT",
		      "of ls: table (the default) or json"),
	{ 0 },
};

enum { COLUMNS = 5 };

static const char *const titles[COLUMNS] = { "BRIDGE", "NETWORK", "CONTAINER", "ADDRESS", "PORTS" };

/* The lines of the table, in the arena. */
struct lines {
	struct arena *arena;
	const char *(*cells)[COLUMNS];
	size_t len;
};

static void add_line(struct lines *lines, const char *const cells[COLUMNS])
{
	lines->cells = arena_grow(lines->arena, lines->cells, lines->len, sizeof(*lines->cells));
	for (size_t i = 0; i < COLUMNS; i++)
		lines->cells[lines->len][i] = cells[i] && *cells[i] ? cells[i] : "-";
	lines->len++;
}

static const char *join(char *const *texts, struct arena *arena)
{
	auto_buf struct buf joined = { 0 };

	buf_puts(&joined, "");
	for (; *texts; texts++)
		buf_printf(&joined, "%s%s", joined.len ? "," : "", *texts);
	return arena_strdup(arena, joined.data);
}

/* The bridge's address of the same family: that with a colon is of IPv6. */
static const char *network_of(const struct spec_bridge *bridge, const char *address)
{
	for (char **at = bridge->addresses; *at; at++)
		if (!strchr(*at, ':') == !strchr(address, ':'))
			return *at;
	return NULL;
}

static void add_bridge(const struct spec_bridge *bridge, struct lines *lines)
{
	for (size_t i = 0; i < bridge->containers_len; i++) {
		const struct spec_bridge_container *container = &bridge->containers[i];

		add_line(lines, (const char *const[COLUMNS]){
			bridge->name, network_of(bridge, container->address), container->id,
			container->address, join(container->ports, lines->arena) });
	}
	if (!bridge->containers_len)
		add_line(lines, (const char *const[COLUMNS]){
			bridge->name, join(bridge->addresses, lines->arena) });
}

static int list_bridges(const struct cli_call *call, struct rtnl *rtnl, struct error *err)
{
	const struct network_options *options = call->options;
	const char *format = options->format ? options->format : "table";
	bool is_json = !strcmp(format, "json");
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf out = { 0 };
	struct lines lines = { .arena = &arena };
	struct spec_bridge *bridges;
	int len;

	if (!is_json && strcmp(format, "table") != 0)
		return error_set(err, EINVAL, "--format: \"%s\" is neither table nor json", format);
	len = survey_bridges(rtnl, &arena, &bridges, err);
	if (len < 0)
		return len;
	add_line(&lines, titles);
	for (int i = 0; i < len; i++)
		add_bridge(&bridges[i], &lines);
	if (is_json)
		spec_bridges_write(bridges, (size_t)len, &out);
	else
		columns_print(lines.cells[0], lines.len, COLUMNS, &out);
	return cli_print(out.data, out.len, err);
}

static int remove_bridge(const struct cli_call *call, struct rtnl *rtnl, struct error *err)
{
	return prune_bridge(rtnl, call->args[1], err);
}

static int prune(const struct cli_call *call __attribute__((unused)), struct rtnl *rtnl,
		 struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf out = { 0 };
	char **removed;
	struct error own = { 0 };
	int r = prune_all(rtnl, &arena, &removed, err), printed;

	buf_puts(&out, "");
	for (; *removed; removed++)
		buf_printf(&out, "removed %s\n", *removed);
	printed = cli_print(out.data, out.len, r < 0 ? &own : err);
	return r < 0 ? r : printed;
}

static const struct verb {
	const char *name;
	int args; /* with the verb */
	int (*run)(const struct cli_call *call, struct rtnl *rtnl, struct error *err);
} verbs[] = {
	{ "ls", 1, list_bridges },
	{ "rm", 2, remove_bridge },
	{ "prune", 1, prune },
};

static const struct verb *find_verb(const struct cli_call *call)
{
	for (size_t i = 0; i < sizeof(verbs) / sizeof(*verbs); i++)
		if (!strcmp(call->args[0], verbs[i].name) && call->args_len == verbs[i].args)
			return &verbs[i];
	return NULL;
}

static int run(const struct cli_call *call, struct error *err)
{
	const struct verb *verb = find_verb(call);
	auto_rtnl struct rtnl rtnl = { 0 };
	int r;

	if (!verb)
		return error_set(err, EINVAL, "usage: gocker network ls | rm BRIDGE | prune");
	if (geteuid() != 0)
		return error_set(err, EPERM, "needs root: containers of other users are on no "
				 "bridge");
	r = rtnl_open(&rtnl, err);
	return r < 0 ? r : verb->run(call, &rtnl, err);
}

const struct cli_command cli_network = {
	.name = "network",
	.arguments = "ls|rm BRIDGE|prune",
	.summary = "list bridges and who is on them, remove what is left behind",
	.rows = rows,
	.options_size = sizeof(struct network_options),
	.args_min = 1,
	.args_max = 2,
	.run = run,
};
