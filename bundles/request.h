/* request.h - the command line of "init" as it was typed */
#pragma once
#include <stdbool.h>

/* Filled by the option table of init.c. Absent texts are NULL. */
struct request {
	const char *source;    /* "alpine", "busybox", "archive" */
	const char *directory; /* the bundle, "." unless given */
	char **command;        /* behind "--", NULL-terminated, may be empty */

	const char *release, *arch, *mirror; /* alpine */
	const char *archive, *sha512;        /* a local archive */
	const char *busybox;
	const char *max_size;

	const char *hostname, *user, *cwd, *userns, *memory, *cpus;
	const char *network, *ip, *dns;
	char **env, **volumes, **publish;
	int pids;
	bool read_only, tty, force;
};
