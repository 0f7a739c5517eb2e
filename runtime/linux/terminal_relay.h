/* terminal_relay.h - copies between the user's terminal and the container's */
#pragma once
#include <poll.h>
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"

enum { TERMINAL_RELAY_FDS = 3, TERMINAL_RELAY_BUFFER = 16384 };

/* One direction: what was read from one side and not yet written to the other. */
struct terminal_relay_pipe {
	int from, to;
	bool from_ended;   /* gives no more */
	bool to_ended;     /* takes no more: what is read is thrown away */
	size_t start, end; /* of the bytes that wait in data */
	char data[TERMINAL_RELAY_BUFFER];
};

/*
 * The caller owns the poll loop, in this order:
 *
 *	terminal_relay_start(master, &relay, &err);
 *	do {
 *		terminal_relay_poll_fds(&relay, fds);    (TERMINAL_RELAY_FDS entries of its array)
 *		poll(fds, ...);
 *		terminal_relay_handle(&relay, fds);      (and tty_copy_size() on SIGWINCH)
 *	} while (the process lives);
 *	terminal_relay_drain(&relay);
 *	terminal_relay_stop(&relay);
 *
 * Start with { 0 }; a relay that was not started may be stopped. SIGPIPE must be ignored.
 */
struct terminal_relay {
	bool started;
	bool within_line;  /* the last of the input was no newline */
	int input, output; /* ours: opened again, for making them non-blocking */
	struct terminal_relay_pipe in, out;
};

/*
 * Connects standard input and output with the master, which stays the caller's and becomes
 * non-blocking. Return: 0 or -errno of fcntl(2).
 */
int terminal_relay_start(int master, struct terminal_relay *relay, struct error *err);

/* Fills TERMINAL_RELAY_FDS entries; those that nothing is wanted from have fd -1. */
void terminal_relay_poll_fds(const struct terminal_relay *relay,
			     struct pollfd fds[TERMINAL_RELAY_FDS]);

/*
 * Moves what the last poll(2) said can be moved.
 * Return: 1 while the container's side is open, 0 once it is closed and all output is written.
 */
int terminal_relay_handle(struct terminal_relay *relay,
			  const struct pollfd fds[TERMINAL_RELAY_FDS]);

/*
 * Call it when the container's process has ended: writes out what it left behind, and returns even
 * where another process still holds the slave open or nobody reads the output for a second.
 */
void terminal_relay_drain(struct terminal_relay *relay);

/* Closes what start opened. */
void terminal_relay_stop(struct terminal_relay *relay);
