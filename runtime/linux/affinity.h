/* affinity.h - which CPUs the process may run on */
#pragma once
#include "base/error.h"

/*
 * Lets this process, and what it makes from now on, run on the CPUs of a list such as "0-3,7" only,
 * sched_setaffinity(2). name is what messages call the list.
 * Return: 0; -EINVAL where the cpuset of its control group has none of them.
 */
int affinity_set(const char *cpus, const char *name, struct error *err);

/*
 * Lets this process run on all CPUs that its control group has, whatever the caller of gocker was
 * bound to: kernels since 6.2 remember that over the change of the control group. Call it when the
 * control group is entered. A failure is a warning only.
 */
void affinity_reset(void);
