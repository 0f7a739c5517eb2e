/* events.c - gocker events: what a container uses, as JSON lines */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "runtime/cgroup/stats.h"
#include "runtime/cli/commands.h"
#include "runtime/container/container.h"

struct events_options {
	const char *interval;
	bool stats;
};

static const struct option_row rows[] = {
	OPTION_FLAG(events_options, stats, "stats", 0, "print once and end"),
	OPTION_STRING(events_options, interval, "interval", 0, "TIME",
		      "time between the lines, such as 500ms or 1m30s (5s)"),
	{ 0 },
};

/* A duration as Go writes it: numbers with units. Return: milliseconds or -EINVAL. */
static int parse_interval(const char *text, struct error *err)
{
	static const struct {
		const char *name;
		int milliseconds;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60 * 1000 }, { "h", 60 * 60 * 1000 } };
	double sum = 0;
	const char *at = text;

	while (*at) {
		char *end;
		double number = strtod(at, &end);
		size_t len = strspn(end, "hms"), i = 0;

		while (i < 4 && (strlen(units[i].name) != len || strncmp(units[i].name, end, len)))
			i++;
		if (end == at || i == 4)
			break;
		sum += number * units[i].milliseconds;
		at = end + len;
	}
	if (*at || !(sum >= 1) || sum > INT_MAX)
		return error_set(err, EINVAL, "--interval: \"%s\" is no time such as 5s", text);
	return (int)sum;
}

enum { DEV_SIZE_MAX = 1024 * 1024, COUNTERS = 16 };

/* "  eth0: 1 2 3 ...", eight numbers about receiving, eight about sending: proc_pid_net(5). */
static void add_interface(const char *line, struct buf *out)
{
	static const struct {
		const char *name;
		int column;
	} wanted[] = {
		{ "RxBytes", 0 },
		{ "RxPackets", 1 },
		{ "RxErrors", 2 },
		{ "RxDropped", 3 },
		{ "TxBytes", 8 },
		{ "TxPackets", 9 },
		{ "TxErrors", 10 },
		{ "TxDropped", 11 },
	};
	const char *name = line + strspn(line, " "), *at = strchr(line, ':');
	unsigned long long counters[COUNTERS];
	char *end = (char *)at + 1;

	for (int i = 0; i < COUNTERS; i++)
		counters[i] = strtoull(end, &end, 10);
	if (out->data[out->len - 1] != '[')
		buf_puts(out, ",");
	buf_puts(out, "{\"Name\":\"");
	/* A container's root chooses the name. */
	for (; name < at; name++)
		if (*name == '"' || *name == '\\' || (unsigned char)*name < 0x20 || *name & 0x80)
			buf_printf(out, "\\u%04x", (unsigned char)*name);
		else
			buf_add(out, name, 1);
	buf_puts(out, "\"");
	for (size_t i = 0; i < sizeof(wanted) / sizeof(*wanted); i++)
		buf_printf(out, ",\"%s\":%llu", wanted[i].name, counters[wanted[i].column]);
	buf_puts(out, "}");
}

static void add_interfaces(pid_t pid, struct buf *out)
{
	auto_buf struct buf text = { 0 };
	char path[64], *rest = NULL;

	snprintf(path, sizeof(path), "/proc/%d/net/dev", pid);
	buf_puts(out, ",\"network_interfaces\":[");
	if (file_read_at(-1, path, DEV_SIZE_MAX, &text) >= 0 && text.data)
		for (char *line = strtok_r(text.data, "\n", &rest); line;
		     line = strtok_r(NULL, "\n", &rest))
			if (strchr(line, ':'))
				add_interface(line, out);
	buf_puts(out, "]");
}

static int print_stats(const struct container *container, struct error *err)
{
	auto_buf struct buf line = { 0 };

	buf_printf(&line, "{\"type\":\"stats\",\"id\":\"%s\",\"data\":{", container->state.id);
	stats_add(&container->cgroup, &line);
	buf_puts(&line, ",\"intel_rdt\":{}");
	add_interfaces((pid_t)container->state.pid, &line);
	buf_puts(&line, "}}\n");
	return cli_print(line.data, line.len, err);
}

/* Until the container's process ends. */
static int print_regularly(const struct container *container, int interval, struct error *err)
{
	auto_close int pidfd = container_open_process(container, err);
	struct pollfd poll_fd = { .fd = pidfd, .events = POLLIN };
	int r = pidfd < 0 ? pidfd : 0;

	while (r == 0) {
		int ended = poll(&poll_fd, 1, interval);

		if (ended > 0)
			return 0;
		if (ended == 0)
			r = print_stats(container, err);
		else if (errno != EINTR)
			return error_errno(err, errno, "wait for the container's end");
	}
	return r;
}

static int run(const struct cli_call *call, struct error *err)
{
	const struct events_options *options = call->options;
	int interval = parse_interval(options->interval ? options->interval : "5s", err);
	auto_container struct container container = CONTAINER_NONE;
	auto_close int store = -1;
	int r;

	if (interval < 0)
		return interval;
	store = cli_open_store(call->globals, false, err);
	r = store < 0 ? store : container_open(store, call->args[0], false, &container, err);
	if (r < 0)
		return r;
	if (container.state.status == SPEC_STATUS_STOPPED)
		return error_set(err, ESRCH, "container with id %s is not running",
				 container.state.id);
	r = container_open_cgroup(&container, err);
	if (r < 0)
		return r;
	return options->stats ? print_stats(&container, err) :
				print_regularly(&container, interval, err);
}

const struct cli_command cli_events = {
	.name = "events",
	.arguments = "ID",
	.summary = "print what a container uses",
	.rows = rows,
	.options_size = sizeof(struct events_options),
	.args_min = 1,
	.args_max = 1,
	.run = run,
};
