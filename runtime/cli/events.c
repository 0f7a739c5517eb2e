/* events.c - gocker events: what a container uses, as JSON lines */
#include <errno.h>
#include <poll.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "runtime/cgroup/oom_watch.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/interval.h"
#include "runtime/container/container.h"
#include "runtime/container/usage.h"

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

static int print_stats(const struct container *container, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf line = { 0 };
	struct spec_stats stats;

	usage_read(container, &arena, &stats);
	spec_stats_write(container->state.id, &stats, &line);
	return cli_print(line.data, line.len, err);
}

static int print_oom(const struct container *container, struct error *err)
{
	auto_buf struct buf line = { 0 };

	spec_stats_write_oom(container->state.id, &line);
	return cli_print(line.data, line.len, err);
}

enum { POLL_END, POLL_OOM, POLL_TIMER, POLL_READER, POLL_MAX };

/* A kill may be what ends the container: it is told before. */
static int handle(const struct container *container, struct oom_watch *oom,
		  const struct pollfd fds[POLL_MAX], struct error *err)
{
	int r = 0;

	if ((fds[POLL_OOM].revents || fds[POLL_END].revents) && oom_watch_read(oom))
		r = print_oom(container, err);
	if (r == 0 && fds[POLL_TIMER].revents && !fds[POLL_END].revents) {
		interval_read(fds[POLL_TIMER].fd);
		r = print_stats(container, err);
	}
	return r;
}

/* Until the container's process ends, or nobody reads any more. */
static int print_events(const struct container *container, int interval, struct error *err)
{
	auto_close int pidfd = container_open_process(container, err);
	auto_close int timer = pidfd < 0 ? pidfd : interval_open(interval, interval, err);
	auto_oom_watch struct oom_watch oom = OOM_WATCH_NONE;
	int r = timer < 0 ? timer : oom_watch_open(&container->cgroup, &oom, err);
	struct pollfd fds[POLL_MAX] = {
		[POLL_END] = { .fd = pidfd, .events = POLLIN },
		[POLL_OOM] = { .fd = oom.fd, .events = oom.events },
		[POLL_TIMER] = { .fd = timer, .events = POLLIN },
		[POLL_READER] = { .fd = STDOUT_FILENO },
	};

	while (r == 0 && !fds[POLL_END].revents && !fds[POLL_READER].revents) {
		if (poll(fds, POLL_MAX, -1) >= 0)
			r = handle(container, &oom, fds, err);
		else if (errno != EINTR)
			r = error_errno(err, errno, "wait for the container's end");
	}
	return r == -EPIPE ? 0 : r;
}

static int run(const struct cli_call *call, struct error *err)
{
	const struct events_options *options = call->options;
	int interval = interval_parse(options->interval, "5s", err);
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
				print_events(&container, interval, err);
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
