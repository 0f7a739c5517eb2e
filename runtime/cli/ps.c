/* ps.c - gocker ps: the processes of a container */
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "runtime/cli/commands.h"
#include "runtime/container/container.h"
#include "runtime/linux/ns_processes.h"

struct ps_options {
	const char *format;
};

static const struct option_row rows[] = {
	OPTION_STRING(ps_options, format, "format", 'f', "FORMAT", "table (the default) or json"),
	{ 0 },
};

enum { PS_OUTPUT_MAX = 64 * 1024 * 1024 };

static void add_json(const pid_t *pids, size_t len, struct buf *out)
{
	buf_puts(out, "[");
	for (size_t i = 0; i < len; i++)
		buf_printf(out, "%s%d", i ? "," : "", pids[i]);
	buf_puts(out, "]\n");
}

/* Runs ps(1) with the arguments given, "-ef" without any, and takes its output. */
static int read_ps(char **args, struct buf *text, struct error *err)
{
	static char *usual[] = { "ps", "-ef", NULL };
	char **argv = args[0] ? args - 1 : usual;
	auto_close int output = -1;
	int ends[2], status, r;
	pid_t pid;

	if (pipe(ends) < 0)
		return error_errno(err, errno, "make a pipe");
	output = ends[0];
	pid = fork();
	if (pid == 0) {
		dup2(ends[1], STDOUT_FILENO);
		close(ends[0]);
		close(ends[1]);
		argv[0] = "ps";
		execvp("ps", argv);
		_exit(127);
	}
	close(ends[1]);
	if (pid < 0)
		return error_errno(err, errno, "make a process for ps(1)");
	r = file_read_fd(output, PS_OUTPUT_MAX, text);
	if (waitpid(pid, &status, 0) < 0 || status != 0)
		return error_set(err, ECHILD, "ps(1) failed: is it installed?");
	return r < 0 ? error_errno(err, r, "read the output of ps(1)") : 0;
}

/* Return: the number of the column whose title is PID, or -1. */
static int find_pid_column(const char *title)
{
	for (int column = 0; *title && *title != '\n'; column++) {
		size_t blanks = strspn(title, " "), len = strcspn(title + blanks, " \n");

		if (len == 3 && !strncmp(title + blanks, "PID", 3))
			return column;
		title += blanks + len;
	}
	return -1;
}

static pid_t read_column(const char *line, int column)
{
	for (; column > 0; column--) {
		line += strspn(line, " ");
		line += strcspn(line, " \n");
	}
	return (pid_t)strtol(line, NULL, 10);
}

static bool has_pid(const pid_t *pids, size_t len, pid_t pid)
{
	for (size_t i = 0; i < len; i++)
		if (pids[i] == pid)
			return true;
	return false;
}

/* Keeps the title and the lines of these processes. */
static int add_lines(const char *text, const pid_t *pids, size_t len, struct buf *out,
		     struct error *err)
{
	int column = find_pid_column(text);

	if (column < 0)
		return error_set(err, EINVAL, "couldn't find PID field in ps output");
	for (const char *line = text; *line;) {
		size_t line_len = strcspn(line, "\n");

		line_len += line[line_len] == '\n';
		if (line == text || has_pid(pids, len, read_column(line, column)))
			buf_add(out, line, line_len);
		line += line_len;
	}
	return 0;
}

static int add_table(const struct cli_call *call, const pid_t *pids, size_t len, struct buf *out,
		     struct error *err)
{
	auto_buf struct buf text = { 0 };
	int r = read_ps(call->args + 1, &text, err);

	return r < 0 ? r : add_lines(text.data ? text.data : "", pids, len, out, err);
}

static int format_pids(const struct cli_call *call, const pid_t *pids, size_t len, struct buf *out,
		       struct error *err)
{
	const struct ps_options *options = call->options;
	const char *format = options->format ? options->format : "table";

	if (!strcmp(format, "table"))
		return add_table(call, pids, len, out, err);
	if (strcmp(format, "json") != 0)
		return error_set(err, EINVAL, "--format: \"%s\" is neither table nor json", format);
	add_json(pids, len, out);
	return 0;
}

/*
 * Without a cgroup of its own the container is known by its pid namespace, and where that is not
 * its own either, or may not be looked at, by its first process.
 */
static int find_pids(struct container *container, pid_t **pids, size_t *len, struct error *err)
{
	pid_t first = (pid_t)container->state.pid;

	if (container->cgroup.len || !first)
		return cgroup_pids(&container->cgroup, true, pids, len, err);
	if (container_owns_pids(container) && ns_processes(first, pids, len, NULL) == 0)
		return 0;
	*pids = malloc(sizeof(**pids));
	if (!*pids)
		return error_set(err, ENOMEM, "out of memory");
	**pids = first;
	*len = 1;
	return 0;
}

static int run(const struct cli_call *call, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	auto_buf struct buf out = { 0 };
	auto_close int store = cli_open_store(call->globals, false, err);
	pid_t *pids = NULL;
	size_t len = 0;
	int r = store < 0 ? store :
			    container_open(store, call->args[0], false, &container, err);

	if (r == 0)
		r = container_open_cgroup(&container, err);
	if (r == 0)
		r = find_pids(&container, &pids, &len, err);
	if (r == 0)
		r = format_pids(call, pids, len, &out, err);
	free(pids);
	return r < 0 ? r : cli_print(out.data, out.len, err);
}

const struct cli_command cli_ps = {
	.name = "ps",
	.arguments = "ID [PS-ARGUMENT...]",
	.summary = "list the processes of a container",
	.rows = rows,
	.options_size = sizeof(struct ps_options),
	.args_min = 1,
	.args_max = -1,
	.stop_at_positional = true,
	.run = run,
};
