/* top.c - gocker top: what the containers use, live */
#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <signal.h>
#include <sys/signalfd.h>
#include <sys/sysinfo.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/cli/commands.h"
#include "runtime/cli/interval.h"
#include "runtime/cli/top_sample.h"
#include "runtime/cli/top_screen.h"
#include "runtime/cli/top_table.h"
#include "runtime/container/wait.h"

struct top_options {
	const char *interval, *sort;
	int count;
	bool once, all;
};

static const struct option_row rows[] = {
	OPTION_FLAG(top_options, all, "all", 'a', "also those that have stopped"),
	OPTION_NUMBER(top_options, count, "count", 'n', "COUNT", "print COUNT tables and end"),
	OPTION_STRING(top_options, interval, "interval", 'd', "TIME",
		      "time between the tables, such as 500ms or 1m30s (2s)"),
	OPTION_FLAG(top_options, once, "once", 0, "print one table and end: --count 1"),
	OPTION_STRING(top_options, sort, "sort", 's', "COLUMN",
		      "cpu (the default), memory, pids, io, net or name"),
	{ 0 },
};

/* The first table shows what was used in this time, in milliseconds. */
enum { FIRST_INTERVAL = 500 };

struct top {
	const struct cli_globals *globals;
	struct top_sample sample;
	struct top_screen screen;
	const char *sort;
	int count; /* tables that are left to print; 0: it is live, or has no end */
	bool live;
	bool has_printed;
	int signals, timer;
};

static uint64_t total_memory(void)
{
	struct sysinfo info;

	return sysinfo(&info) < 0 ? UINT64_MAX : (uint64_t)info.totalram * info.mem_unit;
}

static void add_summary(const struct top *top, const struct top_look *look, struct buf *out)
{
	const struct top_sample *sample = &top->sample;
	auto_buf struct buf line = { 0 };
	double cpu = 0;

	for (size_t i = 0; i < sample->len; i++)
		cpu += sample->rows[i].cpu > 0 ? sample->rows[i].cpu : 0;
	buf_printf(&line,
		   "%zu container%s, cpu %.1f%% of %ld00%%, sorted by %s    "
		   "q: quit, c m p i n a: sort", sample->len, sample->len == 1 ? "" : "s", cpu,
		   sysconf(_SC_NPROCESSORS_ONLN), top->sort);
	buf_printf(out, "%.*s%s", look->width, line.data, look->line_end);
}

/* Clears the rest of the line; of the screen. */
#define CLEAR_LINE "\033[K"
#define CLEAR_SCREEN "\033[J"
#define CURSOR_HOME "\033[H"

static int draw(struct top *top, struct error *err)
{
	const struct top_look look = {
		.bars = top->screen.is_terminal,
		.utf8 = top->screen.utf8,
		.colour = top->screen.colour,
		.width = top->screen.is_terminal ? top->screen.width : 0,
		.height = top->live ? top->screen.height - 2 : 0,
		.line_end = top->live ? CLEAR_LINE "\n" : "\n",
		.host_memory = total_memory(),
	};
	auto_buf struct buf out = { 0 };
	int r = top_table_sort(top->sample.rows, top->sample.len, top->sort, err);

	if (r < 0)
		return r;
	if (top->live) {
		buf_puts(&out, CURSOR_HOME);
		add_summary(top, &look, &out);
	} else if (top->has_printed) {
		buf_puts(&out, "\n");
	}
	top->has_printed = true;
	top_table_add(top->sample.rows, top->sample.len, &look, &out);
	if (top->live)
		buf_puts(&out, CLEAR_SCREEN);
	return cli_print(out.data, out.len, err);
}

/* What ends the loop, beside failures; a signal's is 128 and its number. */
enum { GO_ON = -1,
       END = 0 };

static int suspend(struct top *top, struct error *err)
{
	top_screen_leave(&top->screen);
	raise(SIGSTOP);
	return top_screen_enter(&top->screen, err);
}

static int redraw(struct top *top, int *end, struct error *err)
{
	top_screen_measure(&top->screen);
	*end = GO_ON;
	return draw(top, err);
}

static int handle_signal(struct top *top, int *end, struct error *err)
{
	struct signalfd_siginfo info;
	int r = 0;

	if (read(top->signals, &info, sizeof(info)) != sizeof(info))
		return 0;
	switch ((int)info.ssi_signo) {
	case SIGWINCH:
		return top->live ? redraw(top, end, err) : 0;
	case SIGTSTP:
		if (top->live)
			r = suspend(top, err);
		else
			raise(SIGSTOP);
		return r < 0 || !top->live ? r : redraw(top, end, err);
	case SIGCONT:
	case SIGCHLD:
		return 0;
	default:
		*end = 128 + (int)info.ssi_signo;
		return 0;
	}
}

/* In raw mode these come as characters. */
enum { CTRL_C = 3,
       CTRL_Z = 26 };

static int handle_key(struct top *top, int *end, struct error *err)
{
	char key = 0;
	int r = 0;

	/* The terminal is gone. */
	if (read(STDIN_FILENO, &key, 1) != 1 || key == 'q' || key == 'Q' || key == CTRL_C) {
		*end = END;
		return 0;
	}
	if (key == CTRL_Z)
		r = suspend(top, err);
	else if (top_table_key(key))
		top->sort = top_table_key(key);
	return r < 0 ? r : redraw(top, end, err);
}

/* Where single containers were asked for, it ends with the last of them. */
static int handle_timer(struct top *top, int *end, struct error *err)
{
	int r;

	interval_read(top->timer);
	r = top_sample_read(&top->sample, top->globals, err);
	if (r == 0 && *top->sample.ids && !top->sample.len) {
		*end = END;
		return 0;
	}
	if (r == 0)
		r = draw(top, err);
	if (top->count && !--top->count)
		*end = END;
	return r;
}

enum { POLL_SIGNALS,
       POLL_TIMER,
       POLL_KEYS,
       POLL_READER,
       POLL_MAX };

/* Return: END, 128 and a signal's number, or -errno. */
static int loop(struct top *top, struct error *err)
{
	struct pollfd fds[POLL_MAX] = {
		[POLL_SIGNALS] = { .fd = top->signals, .events = POLLIN },
		[POLL_TIMER] = { .fd = top->timer, .events = POLLIN },
		[POLL_KEYS] = { .fd = top->screen.is_raw ? STDIN_FILENO : -1, .events = POLLIN },
		[POLL_READER] = { .fd = STDOUT_FILENO },
	};
	int r = 0, end = GO_ON;

	while (r == 0 && end == GO_ON) {
		if (poll(fds, POLL_MAX, -1) < 0 && errno != EINTR)
			return error_errno(err, errno, "poll");
		if (fds[POLL_READER].revents)
			return END;
		if (fds[POLL_SIGNALS].revents)
			r = handle_signal(top, &end, err);
		if (r == 0 && end == GO_ON && fds[POLL_KEYS].revents)
			r = handle_key(top, &end, err);
		if (r == 0 && end == GO_ON && fds[POLL_TIMER].revents)
			r = handle_timer(top, &end, err);
	}
	return r < 0 ? r : end;
}

static int check_ids(const struct cli_call *call, struct error *err)
{
	auto_close int store = *call->args ? cli_open_store(call->globals, false, err) : -1;

	for (char *const *id = call->args; *id; id++) {
		auto_container struct container container = CONTAINER_NONE;

		if (store == -ENOENT)
			error_set(err, ENOENT, "container does not exist");
		if (store < 0 || container_open(store, *id, false, &container, err) < 0)
			return error_context(err, "\"%.80s\"", *id);
	}
	return 0;
}

static int run_loop(struct top *top, int interval, struct error *err)
{
	int first = interval < FIRST_INTERVAL ? interval : FIRST_INTERVAL;
	auto_close int signals = wait_open_signals(err);
	auto_close int timer = signals < 0 ? signals : interval_open(first, interval, err);
	int r = timer < 0 ? timer : 0;

	top->signals = signals;
	top->timer = timer;
	if (r == 0 && top->live)
		r = top_screen_enter(&top->screen, err);
	if (r == 0)
		r = top_sample_read(&top->sample, top->globals, err);
	if (r == 0 && top->live)
		r = draw(top, err);
	if (r == 0)
		r = loop(top, err);
	top_screen_leave(&top->screen);
	return r == -EPIPE ? END : r;
}

static int run(const struct cli_call *call, struct error *err)
{
	const struct top_options *options = call->options;
	int interval = interval_parse(options->interval, "2s", err);
	struct top top = {
		.globals = call->globals,
		.sample = { .ids = call->args, .all = options->all },
		.sort = options->sort ? options->sort : "cpu",
		.count = options->once ? 1 : options->count,
	};
	int r = interval < 0 ? interval : top_table_sort(NULL, 0, top.sort, err);

	if (r == 0)
		r = check_ids(call, err);
	if (r < 0)
		return r;
	top_screen_look(&top.screen);
	top.live = top.screen.is_terminal && !top.count;
	r = run_loop(&top, interval, err);
	top_sample_close(&top.sample);
	return r;
}

const struct cli_command cli_top = {
	.name = "top",
	.arguments = "[ID...]",
	.summary = "show what the containers use, live",
	.rows = rows,
	.options_size = sizeof(struct top_options),
	.args_max = -1,
	.run = run,
};
