/* terminal_relay.c - copies between the user's terminal and the container's */
#include "runtime/linux/terminal_relay.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"

enum { AT_INPUT, AT_MASTER, AT_OUTPUT };
enum {
	DRAIN_MILLISECONDS = 1000,
	DRAIN_MAX = 1 << 20, /* more than a terminal holds; another process may go on writing */
};
enum { END_OF_FILE_CHARACTER = 4 }; /* Ctrl-D, VEOF in termios(3) */

/*
 * Opens a terminal or pipe once more, non-blocking. O_NONBLOCK on the descriptor itself would
 * change it for all that share it: the user's shell would find its terminal non-blocking.
 * Return: a descriptor, which blocks where opening again is refused, or -errno.
 */
static int open_again(int fd, int flags)
{
	char path[32];
	struct stat st;
	int again = -1;

	if (fstat(fd, &st) < 0)
		return -errno;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	if (S_ISFIFO(st.st_mode) || isatty(fd))
		again = sys_open(path, flags | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);
	if (again < 0)
		again = fcntl(fd, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);
	return again < 0 ? -errno : again;
}

int terminal_relay_start(int master, struct terminal_relay *relay, struct error *err)
{
	int flags = fcntl(master, F_GETFL);

	if (flags < 0 || fcntl(master, F_SETFL, flags | O_NONBLOCK) < 0)
		return error_errno(err, errno, "make the terminal's master non-blocking");
	relay->started = true;
	relay->input = open_again(STDIN_FILENO, O_RDONLY);
	relay->output = open_again(STDOUT_FILENO, O_WRONLY);
	relay->in.from = relay->input;
	relay->in.to = master;
	relay->in.from_ended = relay->input < 0;
	relay->out.from = master;
	relay->out.to = relay->output;
	relay->out.to_ended = relay->output < 0;
	return 0;
}

static bool pipe_is_empty(const struct terminal_relay_pipe *pipe)
{
	return pipe->start == pipe->end;
}

/* Reads once. Return: whether there was anything. */
static bool pipe_fill(struct terminal_relay_pipe *pipe)
{
	ssize_t got;

	if (pipe->from_ended || !pipe_is_empty(pipe))
		return false;
	got = read(pipe->from, pipe->data, sizeof(pipe->data));
	if (got < 0 && (errno == EAGAIN || errno == EINTR))
		return false;
	/* EIO: all slaves are closed. */
	pipe->from_ended = got <= 0;
	pipe->start = 0;
	pipe->end = got < 0 ? 0 : (size_t)got;
	return got > 0;
}

/*
 * Writes what can be written without blocking: even where the descriptor would block, what poll(2)
 * calls writable takes PIPE_BUF bytes. Return: whether anything was written or thrown away.
 */
static bool pipe_flush(struct terminal_relay_pipe *pipe, int milliseconds)
{
	struct pollfd ready = { .fd = pipe->to, .events = POLLOUT };
	size_t len = pipe->end - pipe->start;

	if (!len)
		return false;
	if (!pipe->to_ended) {
		ssize_t written;

		if (poll(&ready, 1, milliseconds) <= 0)
			return false;
		if (len > PIPE_BUF)
			len = PIPE_BUF;
		written = write(pipe->to, pipe->data + pipe->start, len);
		if (written >= 0) {
			pipe->start += (size_t)written;
			return true;
		}
		if (errno == EAGAIN || errno == EINTR)
			return false;
		pipe->to_ended = true;
	}
	pipe->start = pipe->end;
	return true;
}

void terminal_relay_poll_fds(const struct terminal_relay *relay,
			     struct pollfd fds[TERMINAL_RELAY_FDS])
{
	const struct terminal_relay_pipe *in = &relay->in, *out = &relay->out;
	int master = in->to;
	bool fill_in = !in->from_ended && pipe_is_empty(in);
	bool fill_out = !out->from_ended && pipe_is_empty(out);
	bool flush_in = !in->to_ended && !pipe_is_empty(in);
	bool flush_out = !out->to_ended && !pipe_is_empty(out);
	short master_events = (short)((fill_out ? POLLIN : 0) | (flush_in ? POLLOUT : 0));

	/* poll(2) reports a hang-up even where nothing is asked, and would return at once. */
	fds[AT_INPUT] = (struct pollfd){ fill_in ? relay->input : -1, POLLIN, 0 };
	fds[AT_MASTER] = (struct pollfd){ master_events ? master : -1, master_events, 0 };
	fds[AT_OUTPUT] = (struct pollfd){ flush_out ? relay->output : -1, POLLOUT, 0 };
}

/*
 * A file or a pipe that ends is the end of the input for the program on the terminal, too. Within a
 * line the first character only hands the line over.
 */
static void pass_end_of_input(struct terminal_relay_pipe *in, bool within_line)
{
	in->start = 0;
	in->end = within_line ? 2 : 1;
	memset(in->data, END_OF_FILE_CHARACTER, in->end);
}

static void handle_input(struct terminal_relay *relay)
{
	struct terminal_relay_pipe *in = &relay->in;
	bool within_line = relay->within_line;

	if (pipe_fill(in))
		relay->within_line = in->data[in->end - 1] != '\n';
	else if (in->from_ended && !isatty(relay->input))
		pass_end_of_input(in, within_line);
}

int terminal_relay_handle(struct terminal_relay *relay,
			  const struct pollfd fds[TERMINAL_RELAY_FDS])
{
	if (fds[AT_INPUT].revents)
		handle_input(relay);
	if (fds[AT_MASTER].revents & ~POLLOUT)
		pipe_fill(&relay->out);
	pipe_flush(&relay->in, 0);
	pipe_flush(&relay->out, 0);
	return !relay->out.from_ended || !pipe_is_empty(&relay->out);
}

void terminal_relay_drain(struct terminal_relay *relay)
{
	struct terminal_relay_pipe *out = &relay->out;
	size_t drained = 0;

	if (!relay->started)
		return;
	while (pipe_flush(out, DRAIN_MILLISECONDS) || (drained < DRAIN_MAX && pipe_fill(out)))
		drained += out->end - out->start;
}

void terminal_relay_stop(struct terminal_relay *relay)
{
	if (!relay->started)
		return;
	fd_close(&relay->input);
	fd_close(&relay->output);
	relay->started = false;
}
