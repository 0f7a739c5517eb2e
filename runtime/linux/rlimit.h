/* rlimit.h - resource limits of the container's process */
#pragma once
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "spec/config.h"

/*
 * Sets the limits of a process that has still something to do; pid 0: this one. So few descriptors
 * that it could not are left to rlimit_set_last.
 * Return: 0; -EINVAL where soft is above hard; -EPERM where a hard limit would rise without
 * CAP_SYS_RESOURCE; or another -errno of prlimit(2).
 */
int rlimit_set(pid_t pid, const struct spec_rlimit *limits, size_t len, struct error *err);

/* Sets what rlimit_set has left, for this process. Return: 0; -errno of prlimit(2). */
int rlimit_set_last(const struct spec_rlimit *limits, size_t len, struct error *err);
