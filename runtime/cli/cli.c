/* cli.c - from argv to a sub-command, and from its result to an exit status */
#include "runtime/cli/cli.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdalign.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/library.h"
#include "base/log.h"
#include "base/proc.h"
#include "base/strv.h"
#include "base/sys.h"
#include "base/table.h"
#include "base/timings.h"
#include "runtime/container/store.h"
#include "runtime/linux/seccomp_compile.h"
#include "runtime/linux/self_exe.h"
#include "spec/config.h"

/* When the command began: CLOCK_MONOTONIC. */
static int64_t start;

static const struct option_row global_rows[] = {
	OPTION_STRING(cli_globals, root, "root", 0, "DIR",
		      "where containers' states are kept (/run/gocker, without root "
		      "$XDG_RUNTIME_DIR/gocker)"),
	OPTION_STRING(cli_globals, log, "log", 0, "FILE", "append messages to FILE"),
	OPTION_STRING(cli_globals, log_format, "log-format", 0, "FORMAT",
		      "form of the lines in FILE: text (the default) or json"),
	OPTION_FLAG(cli_globals, debug, "debug", 0, "log every step"),
	OPTION_STRING(cli_globals, timings, "timings", 0, "FILE",
		      "append to FILE how long each step took, a line of JSON each"),
	OPTION_FLAG(cli_globals, systemd_cgroup, "systemd-cgroup", 0,
		    "let systemd manage cgroups: the same as --cgroup-manager systemd"),
	OPTION_STRING(cli_globals, cgroup_manager, "cgroup-manager", 0, "MANAGER",
		      "cgroupfs (the default), systemd or disabled"),
	OPTION_STRING(cli_globals, rootless, "rootless", 0, "MODE", "true, false or auto"),
	OPTION_FLAG(cli_globals, version, "version", 'v', "print the version"),
	{ 0 },
};

static void print_help(const struct cli_command *const *commands)
{
	printf("Usage: gocker [OPTION...] COMMAND [ARGUMENT...]\n\n"
	       "Runs containers that are described by an OCI bundle.\n\nCommands:\n");
	for (; *commands; commands++)
		printf("  %-10s %s\n", (*commands)->name, (*commands)->summary);
	printf("\nOptions:\n");
	options_print(global_rows, stdout);
	printf("\n\"gocker COMMAND --help\" tells more about a command.\n");
}

static void print_command_help(const struct cli_command *command)
{
	printf("Usage: gocker %s [OPTION...]%s%s\n\n%s\n", command->name,
	       *command->arguments ? " " : "", command->arguments, command->summary);
	if (!command->rows)
		return;
	printf("\nOptions:\n");
	options_print(command->rows, stdout);
}

static void print_version(void)
{
	char libseccomp[SECCOMP_VERSION_SIZE];

	seccomp_compile_version(libseccomp);
	printf("gocker version %s\n", PACKAGE_VERSION);
	if (*GIT_COMMIT)
		printf("commit: %s\n", GIT_COMMIT);
	printf("spec: %s\n", SPEC_VERSION);
	printf("libseccomp: %s\n", libseccomp);
}

static int open_log(const struct cli_globals *globals, struct error *err)
{
	const char *format = globals->log_format ? globals->log_format : "text";
	struct log_settings settings = {
		.program = "gocker",
		.file = globals->log,
		.json = !strcmp(format, "json"),
		.debug = globals->debug,
	};

	if (!settings.json && strcmp(format, "text") != 0)
		return error_set(err, EINVAL, "--log-format: \"%s\" is neither text nor json",
				 format);
	return log_open(&settings, err);
}

static const struct cli_command *find_command(const struct cli_command *const *commands,
					      const char *name)
{
	for (; *commands; commands++)
		if (!strcmp((*commands)->name, name))
			return *commands;
	return NULL;
}

static int check_args(const struct cli_command *command, const struct cli_call *call,
		      struct error *err)
{
	if (call->args_len < command->args_min)
		return error_set(err, EINVAL, "%s: arguments are missing, usage: gocker %s %s",
				 command->name, command->name, command->arguments);
	if (command->args_max >= 0 && call->args_len > command->args_max)
		return error_set(err, EINVAL, "%s: \"%s\" is one argument too many", command->name,
				 call->args[command->args_max]);
	return 0;
}

static bool is_about_container(const struct cli_command *command)
{
	return !strncmp(command->arguments, "ID", 2);
}

enum { SHOWN_ID_LEN = 80 };

/* Places a failure: the command, and the container if there is one; what is no id may be long. */
static int place_error(const struct cli_command *command, const struct cli_call *call,
		       struct error *err)
{
	if (call->args_len && is_about_container(command))
		return error_context(err, "%s \"%.*s\"", command->name, SHOWN_ID_LEN,
				     call->args[0]);
	return error_context(err, "%s", command->name);
}

static int open_timings(const struct cli_command *command, const struct cli_call *call,
			struct error *err)
{
	const struct timings_settings settings = {
		.file = call->globals->timings,
		.command = command->name,
		.id = is_about_container(command) ? call->args[0] : NULL,
		.start = start,
	};

	return settings.file ? timings_open(&settings, err) : 0;
}

static int run_call(const struct cli_command *command, struct cli_call *call, struct error *err)
{
	int r = check_args(command, call, err);

	if (r == 0)
		r = open_timings(command, call, err);
	if (r < 0)
		return r;
	r = command->run(call, err);
	timings_end(start, "all of it");
	return r < 0 ? place_error(command, call, err) : r;
}

static int run_command(const struct cli_command *command, const struct cli_globals *globals,
		       int argc, char **argv, struct error *err)
{
	alignas(max_align_t) char options[CLI_OPTIONS_SIZE_MAX] = { 0 };
	struct cli_call call = { .globals = globals, .options = options };
	bool help = false;
	int r = options_parse(command->rows, options, command->stop_at_positional, argc, argv,
			      &help, err);

	if (r < 0) {
		error_context(err, "%s", command->name);
	} else if (help) {
		print_command_help(command);
		r = 0;
	} else {
		call.args = argv + r;
		call.args_len = argc - r;
		r = run_call(command, &call, err);
	}
	options_free(command->rows, options);
	return r;
}

/* --rootless, with the words that runc knows: those of Go's booleans. NULL where it is another. */
static const struct name_value *rootless_mode(const struct cli_globals *globals)
{
	static const struct name_value modes[] = {
		{ "auto", UNIT_BUS_AUTO },   { "", UNIT_BUS_AUTO },
		{ "true", UNIT_BUS_USER },   { "TRUE", UNIT_BUS_USER },   { "True", UNIT_BUS_USER },
		{ "t", UNIT_BUS_USER },      { "T", UNIT_BUS_USER },      { "1", UNIT_BUS_USER },
		{ "false", UNIT_BUS_SYSTEM }, { "FALSE", UNIT_BUS_SYSTEM },
		{ "False", UNIT_BUS_SYSTEM }, { "f", UNIT_BUS_SYSTEM },
		{ "F", UNIT_BUS_SYSTEM },     { "0", UNIT_BUS_SYSTEM },
		{ NULL, 0 },
	};

	return table_find_name(modes, globals->rootless ? globals->rootless : "auto");
}

static int check_globals(const struct cli_globals *globals, struct error *err)
{
	if (!rootless_mode(globals))
		return error_set(err, EINVAL, "--rootless: \"%s\" is neither true, false nor auto",
				 globals->rootless);
	return 0;
}

/* Return: the command that the words name, sealed if it has to be; NULL with err. */
static const struct cli_command *choose_command(const struct cli_command *const *commands,
						const struct cli_globals *globals, char **argv,
						const char *name, struct error *err)
{
	const struct cli_command *command = find_command(commands, name);

	if (!command) {
		error_set(err, EINVAL, "unknown command \"%s\": gocker --help lists them", name);
		return NULL;
	}
	if (check_globals(globals, err) < 0)
		return NULL;
	if (command->sealed && self_exe_seal(argv, err) < 0)
		return NULL;
	if (!command->finishes_seal)
		self_exe_finish();
	return command;
}

/* Who gave a log file finds the message there, too. Return: -errno of the failure. */
static int fail_early(const struct cli_globals *globals, const struct error *err)
{
	open_log(globals, NULL);
	return -err->num;
}

/* Return: the exit status, or -errno with err. *command is set once it is known. */
static int run_gocker(const struct cli_command *const *commands, int argc, char **argv,
		      const struct cli_command **command, struct error *err)
{
	struct cli_globals globals = { 0 };
	bool help = false;
	int r, first = options_parse(global_rows, &globals, true, argc, argv, &help, err);

	if (first < 0)
		return fail_early(&globals, err);
	if (globals.version && !help) {
		print_version();
		return 0;
	}
	if (help || first == argc || !strcmp(argv[first], "help")) {
		print_help(commands);
		return help || first < argc ? 0 : 1;
	}
	*command = choose_command(commands, &globals, argv, argv[first], err);
	if (!*command)
		return fail_early(&globals, err);
	r = open_log(&globals, err);
	return r < 0 ? r : run_command(*command, &globals, argc - first, argv + first, err);
}

/*
 * Nothing that we open may land on 0, 1 or 2: it would be the container's standard input or output.
 * The container finds /dev/null there.
 */
static int open_standard(struct error *err)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int null;

		if (fcntl(fd, F_GETFD) >= 0)
			continue;
		/* It gets the lowest number that is free: this one. */
		null = sys_open("/dev/null", O_RDWR, 0);
		if (null < 0)
			return error_errno(err, null, "open /dev/null for the closed descriptor %d",
					   fd);
	}
	return 0;
}

int cli_main(const struct cli_command *const *commands, int argc, char **argv)
{
	const struct cli_command *command = NULL;
	struct error err = { 0 };
	int r = open_standard(&err);

	start = clock_now();
	library_begin(argv);
	/* Inherited as ignored, the kernel would reap the container's process before we can. */
	signal(SIGCHLD, SIG_DFL);
	/* Nobody who reads our messages shall end us half-way by going away. */
	signal(SIGPIPE, SIG_IGN);
	if (r == 0)
		r = run_gocker(commands, argc, argv, &command, &err);
	if (r >= 0)
		return r;
	log_error("%s", err.text);
	return command && command->failure_status ? command->failure_status : 1;
}

/*
 * What is there decides who kills and mounts what in our name. A shell of another user may have the
 * variable of the one before it: su(1).
 */
static int check_runtime_dir(const char *path, bool make, struct error *err)
{
	struct stat st;

	if (stat(path, &st) < 0) {
		if (errno == ENOENT && !make)
			return 0;
		return error_errno(err, errno, "XDG_RUNTIME_DIR: \"%s\"", path);
	}
	if (!S_ISDIR(st.st_mode))
		return error_set(err, ENOTDIR, "XDG_RUNTIME_DIR: \"%s\" is not a directory", path);
	if (st.st_uid != geteuid())
		return error_set(err, EPERM,
				 "XDG_RUNTIME_DIR: \"%s\" belongs to user %u, not to user %u", path,
				 st.st_uid, geteuid());
	if (st.st_mode & (S_IWGRP | S_IWOTH))
		return error_set(err, EPERM,
				 "XDG_RUNTIME_DIR: \"%s\" can be written by other users (mode "
				 "%04o)", path, st.st_mode & 07777);
	return 0;
}

/*
 * Engines without root call us as root of a user namespace. What they give to all commands is
 * XDG_RUNTIME_DIR alone, if it is set, so nothing else may decide.
 */
static bool is_root_place(const char *runtime)
{
	struct stat st;

	if (geteuid() != 0)
		return false;
	return !runtime || *runtime != '/' || proc_is_real_root() || stat(runtime, &st) < 0 ||
	       st.st_uid != 0;
}

int cli_open_store(const struct cli_globals *globals, bool make, struct error *err)
{
	const char *runtime = getenv("XDG_RUNTIME_DIR");
	auto_buf struct buf path = { 0 };
	int r;

	if (globals->root)
		return store_open(globals->root, make, err);
	if (is_root_place(runtime))
		return store_open("/run/gocker", make, err);
	if (!runtime || *runtime != '/')
		return error_set(err, EINVAL,
				 "without root the states need a place: set XDG_RUNTIME_DIR to an "
				 "absolute path or give --root");
	r = check_runtime_dir(runtime, make, err);
	if (r < 0)
		return r;
	buf_printf(&path, "%s/gocker", runtime);
	return store_open(path.data, make, err);
}

bool cli_needs_cgroup(const struct cli_globals *globals)
{
	return rootless_mode(globals)->value == UNIT_BUS_SYSTEM;
}

int cli_find_cgroup_manager(const struct cli_globals *globals, enum create_cgroup *manager,
			    enum unit_bus *bus, struct error *err)
{
	static const struct name_value managers[] = {
		{ "cgroupfs", CREATE_CGROUP_FS },
		{ "systemd", CREATE_CGROUP_SYSTEMD },
		{ "disabled", CREATE_CGROUP_NONE },
		{ NULL, 0 },
	};
	const char *usual = globals->systemd_cgroup ? "systemd" : "cgroupfs";
	const char *name = globals->cgroup_manager ? globals->cgroup_manager : usual;
	const struct name_value *row = table_find_name(managers, name);

	if (!row)
		return error_set(err, EINVAL, "--cgroup-manager: \"%s\" is not supported: use "
				 "cgroupfs, systemd or disabled", name);
	*manager = (enum create_cgroup)row->value;
	*bus = (enum unit_bus)rootless_mode(globals)->value;
	return 0;
}

int cli_print(const char *text, size_t len, struct error *err)
{
	int r = file_write_fd(STDOUT_FILENO, text, len);

	return r < 0 ? error_errno(err, r, "write to standard output") : 0;
}
