/* gate.h - the socket where a created container's process waits for `start` */
#pragma once
#include "base/error.h"

/*
 * A socket, not a fifo: `start` learns over its connection whether the program could be executed,
 * and finds nobody listening when the process is gone. The listening socket and the connection are
 * close-on-exec, so execve(2) itself tells `start` that it worked.
 */

/* Makes the gate in a state directory. Return: a socket, or -errno of bind(2). */
int gate_make(int entry, struct error *err);

/* Called by the process that will wait at it. Return: 0 or -errno of listen(2). */
int gate_attend(int gate, struct error *err);

/*
 * Waits at the gate until `start` says that the program is to be executed; a caller that says
 * nothing and leaves only looked whether somebody listens.
 * Return: the connection, or -errno of accept(2).
 */
int gate_wait(int gate, struct error *err);

/* Connects to the gate of a container. Return: a socket; -ECONNREFUSED: nobody listens; -errno. */
int gate_connect(int entry, struct error *err);

/*
 * Whether a process waits at the gate; returns at once, be that process stopped.
 * Return: 1, 0, or -errno of socket(2), connect(2).
 */
int gate_is_attended(int entry, struct error *err);

/* Return: a pidfd of the process that waits at the gate; -ESRCH: none does. */
int gate_find_process(int entry);
