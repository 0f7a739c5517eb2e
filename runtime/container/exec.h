/* exec.h - runs a further process in a running container */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/container/container.h"
#include "runtime/container/process.h"
#include "runtime/container/serve.h"

/* What the command line says differs from the container's own process. */
struct exec_request {
	struct process_request process;
	const char *process_file; /* a process document; NULL: the container's, changed by: */
	char **args;
	char **env;         /* added to the container's */
	const char *cwd;    /* NULL: the container's */
	const char *user;   /* UID[:GID]; NULL: the container's */
	char **groups;      /* additional group ids */
	char **caps;        /* capability names to add */
	const char *apparmor, *process_label; /* NULL: the container's */
	const char *cgroup; /* below the container's; NULL: the container's */
	bool tty, no_new_privs;
	bool ignore_paused;
};

/*
 * Starts the process in all namespaces and the cgroup of the container. On success it runs its
 * program, and *serve has its pid and pidfd, and its terminal's master if nobody else took it.
 * Return: 0; -EINVAL "cannot exec in a stopped container" or "container paused"; the process's
 * error; nothing of it is left then.
 */
int exec_run(struct container *container, const struct exec_request *request,
	     struct serve *serve, struct error *err);
