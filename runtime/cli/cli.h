/* cli.h - what all sub-commands share: the table's row, global options, the way to the store */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "base/options.h"
#include "runtime/container/create.h"

struct cli_globals {
	const char *root, *log, *log_format, *rootless, *cgroup_manager, *timings;
	bool debug, systemd_cgroup, version;
};

struct cli_call {
	const struct cli_globals *globals;
	const void *options; /* the struct that the command's rows fill */
	char **args;         /* positional arguments, NULL-terminated */
	int args_len;
};

/* Every file of this folder that is named like a command has one of these. */
struct cli_command {
	const char *name;
	const char *arguments; /* "ID [SIGNAL]" */
	const char *summary;
	const struct option_row *rows;
	size_t options_size;
	int args_min, args_max;  /* args_max < 0: any number */
	bool stop_at_positional; /* what follows the id belongs to the container's command */
	bool sealed;             /* enters a container: runs from a copy that nobody can write */
	bool finishes_seal;      /* by itself, before it makes a process: self_exe_finish() */
	int failure_status;      /* exit status of an error; 0: 1 */

	/* Return: the exit status, or -errno with err. */
	int (*run)(const struct cli_call *call, struct error *err);
};

enum { CLI_OPTIONS_SIZE_MAX = 256 };

/* Runs gocker with this table, which a NULL ends. Return: the exit status. */
int cli_main(const struct cli_command *const *commands, int argc, char **argv);

/*
 * Return: whether --rootless is "false": then who may make no cgroup is no exception. Else the
 * container of such a caller has none, unless config.json names one or sets limits.
 */
bool cli_needs_cgroup(const struct cli_globals *globals);

/* Opens the store that --root, user and environment choose. Return: a descriptor or -errno. */
int cli_open_store(const struct cli_globals *globals, bool make, struct error *err);

/*
 * Who makes the cgroups of containers, and whose systemd that would be. --rootless is checked.
 * Return: 0, or -EINVAL where the options name a cgroup manager that there is not.
 */
int cli_find_cgroup_manager(const struct cli_globals *globals, enum create_cgroup *manager,
			    enum unit_bus *bus, struct error *err);

/* Writes the text to standard output. Return: 0 or -errno of write(2). */
int cli_print(const char *text, size_t len, struct error *err);
