/* rebirth.h - one process more, where namespaces can be entered by birth alone */
#pragma once
#include <stdint.h>

#include "base/error.h"
#include "runtime/cgroup/cgroup.h"

/*
 * Returns in a child that is born into new namespaces (CLONE_NEW*, 0: none) and into the pid
 * namespace that was joined; what is new belongs to the user namespace that was joined. The runtime
 * stays the parent and gets the child's pidfd through sync (SYNC_PLACED); the caller ends.
 * Return: 0 in the child; -errno of clone3(2) in the caller.
 */
int rebirth_run(int sync, uint64_t namespaces, const struct cgroup *cgroup, struct error *err);
