/* ns_processes.h - the processes in a pid namespace, and in those below it */
#pragma once
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"

/*
 * Those in the pid namespace of the process first, itself included, and in namespaces that they
 * have made, as far as the caller may look at them. *pids is from malloc.
 * Return: 0; -EACCES where first may not be looked at; -errno of open(2).
 */
int ns_processes(pid_t first, pid_t **pids, size_t *len, struct error *err);
