/* child.h - runs another program to its end: what it reads, what it says, how long it may take */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

struct child_request {
	const char *path;       /* as execve(2) takes it; not looked up in $PATH */
	char *const *args;      /* NULL or empty: the path is its only argument */
	char *const *env;
	int directory;          /* where it runs; -1: where this process is */
	const char *input;      /* what it finds on its standard input, before the end of file */
	size_t input_len;
	int64_t timeout;        /* seconds, as of now; 0: none */
	int preserved_fds;      /* how many from 3 on are not close-on-exec here: not for it */
	int watched;            /* when this descriptor is readable, it is killed; -1: none */
	const char *watched_end; /* what that means, for the message */
	int output, error;       /* where these go instead of into the message; -1: nowhere else */
};

/*
 * Runs the program in a session of its own, with default signals and no descriptor but its standard
 * ones, and waits for its end. It dies with this process. What it leaves behind in the background
 * lives on, unless its time is over, watched is readable or this process is interrupted
 * (interrupt.h): then its whole process group is killed.
 *
 * Made of old system calls only: it also runs where a seccomp filter is in place already.
 *
 * *status gets the exit status, or -1 where it has none.
 * Return: 0 where it ended with status 0; -ECHILD for another end, with the last part of what it
 * said (standard output and error, unless they go elsewhere); -ETIMEDOUT; -ESRCH; -EINTR; -errno of
 * pipe(2), fork(2), execve(2).
 */
int child_run(const struct child_request *request, int *status, struct error *err);
