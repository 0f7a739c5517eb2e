/* create.h - makes a container: everything but the execution of its program */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/container/container.h"
#include "runtime/container/process.h"
#include "runtime/container/serve.h"
#include "runtime/container/unit.h"

/* Who makes its cgroup. */
enum create_cgroup {
	CREATE_CGROUP_FS,      /* we */
	CREATE_CGROUP_SYSTEMD,
	CREATE_CGROUP_NONE,    /* it stays in the caller's, without limits */
};

struct create_request {
	struct process_request process;
	const char *id;
	const char *bundle; /* a directory; "" is the current one */
	const char *config; /* file name of the config, relative to the bundle; NULL: config.json */
	bool terminal;      /* whatever the config says */
	bool no_pivot;      /* move the root over "/" where pivot_root(2) cannot be used */
	bool needs_cgroup;  /* it is an error where the caller may make none */
	enum create_cgroup cgroup;
	enum unit_bus bus;  /* for CREATE_CGROUP_SYSTEMD */
	bool notify;        /* its program gets a NOTIFY_SOCKET: notify_socket.h */
	bool at_gate;       /* it waits for `start`; else for launch() on serve->sync */
};

/*
 * On success the container is open and locked in *container, and *serve has its process: with
 * at_gate on its own, else waiting for launch(). On failure nothing is left of it.
 * Return: 0; -EEXIST for an id in use; -EINVAL for a bad config; -errno of what failed.
 */
int create_run(int store, const struct create_request *request, struct container *container,
	       struct serve *serve, struct error *err);
