/* serve.h - the runtime's side of the conversation with a process that sets itself up */
#pragma once
#include "base/error.h"
#include "runtime/container/process.h"

/* A process that the runtime has made and that is not yet on its own. */
struct serve {
	pid_t pid;
	int pidfd;
	int sync;
	int master; /* of its terminal, if it stays with the runtime; -1 */
};

#define SERVE_NONE { .pid = -1, .pidfd = -1, .sync = -1, .master = -1 }

/*
 * Does what the process asks for until it is ready, then sets what only the runtime can set.
 * Return: 0; the process's own error; -EPIPE where it ended without one.
 */
int serve_until_ready(struct serve *serve, const struct spec_process *spec,
		      const struct process_request *request, struct error *err);

/* Kills the process, if it is there, and reaps it. */
void serve_kill(struct serve *serve);

/* Closes the descriptors. */
void serve_close(struct serve *serve);
