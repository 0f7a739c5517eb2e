/* oom.h - how likely the kernel kills the process when memory is short */
#pragma once
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Sets /proc/<pid>/oom_score_adj, proc_pid_oom_score_adj(5). value is -1000 to 1000. Who lowers it
 * must have CAP_SYS_RESOURCE in the initial user namespace, so that the runtime does it for the
 * container's process. A process that has the value already is left alone where the caller may not
 * write to the file. proc_fd is a procfs in which pid is a number.
 * Return: 0; -EINVAL; -EACCES without that capability; or another -errno of openat2(2), write(2).
 */
int oom_set_score_adj(int proc_fd, pid_t pid, int64_t value, struct error *err);

/*
 * The same for this process, as long as it is not hidden (PR_SET_DUMPABLE): from then on the file
 * is root's, and a plain user's runtime cannot write to it.
 */
int oom_set_own_score_adj(int64_t value, struct error *err);
