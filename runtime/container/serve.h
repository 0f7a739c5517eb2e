/* serve.h - the runtime's side of the conversation with a process that sets itself up */
#pragma once
#include <stdint.h>

#include "base/error.h"
#include "runtime/cgroup/cgroup.h"
#include "runtime/container/container.h"
#include "runtime/container/process.h"

/* A process that the runtime has made and that is not yet on its own. */
struct serve {
	pid_t pid;
	int pidfd;
	int sync;
	int master; /* of its terminal, if it stays with the runtime; -1 */
	const struct cgroup *watched; /* its cgroup, if it has a limit of memory; NULL */
	uint64_t oom_kills;           /* how many there were in it before */
	bool needs_move; /* into its cgroup: it may not be born there */
	int notify; /* where its program says that it is ready, notify_socket.h; -1 */
	struct container *container; /* whose hooks it may ask for; NULL: no such process */
};

#define SERVE_NONE { .pid = -1, .pidfd = -1, .sync = -1, .master = -1, .notify = -1 }

/*
 * Before serve_clone: makes it possible to say that a process has been killed because it needed
 * more than its limit of memory. Nothing is done where resources (may be NULL) has no such limit.
 */
void serve_watch_memory(struct serve *serve, const struct cgroup *cgroup,
			const struct spec_resources *resources);

/*
 * Makes the process, with these new namespaces (CLONE_NEW*, clone(2)), in the container's v2 cgroup
 * if there is one. Where that may not be and the cgroup is a unit's, systemd moves it there. *sync
 * is the process's end of the conversation, its own alone.
 * Return: 0 in the process, 1 in the runtime, -errno of socketpair(2), clone3(2), asking systemd.
 */
int serve_clone(struct serve *serve, uint64_t namespaces, const struct container *container,
		int *sync, struct error *err);

/*
 * In the process, before it enters namespaces or takes other ids: waits until systemd has moved it,
 * if it has to. It ends where the runtime is gone.
 */
void serve_await_move(const struct serve *serve, int sync);

/*
 * Waits until a process that joins namespaces first has done that. What is in them and goes on may
 * be a child of it, which is *serve's process then; the first one is reaped.
 * Return: 0; the process's own error; -EPIPE where it ended without one.
 */
int serve_until_placed(struct serve *serve, struct error *err);

/*
 * Does what the process asks for until it is ready, then sets what only the runtime can set. spec
 * may be NULL where a container has no process in its config.json.
 * Return: 0; the process's own error; -ENOMEM where it was killed for want of memory; -EPIPE where
 * it ended without a word.
 */
int serve_until_ready(struct serve *serve, const struct spec_process *spec,
		      const struct process_request *request, struct error *err);

/*
 * Return: whether the process has ended or does so within a moment: then what it has left to say
 * explains more than what one failed to do to it from outside.
 */
bool serve_has_ended(const struct serve *serve);

/* Kills the process, if it is there, and reaps it. */
void serve_kill(struct serve *serve);

/* Closes the descriptors. */
void serve_close(struct serve *serve);
