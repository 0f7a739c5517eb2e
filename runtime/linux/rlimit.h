/* rlimit.h - resource limits of the container's process */
#pragma once
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "spec/config.h"

/*
 * Sets the limits of a process; pid 0: this one. Return: 0; -EINVAL where soft is above hard;
 * -EPERM where a hard limit would rise without CAP_SYS_RESOURCE; or another -errno of prlimit(2).
 */
int rlimit_set(pid_t pid, const struct spec_rlimit *limits, size_t len, struct error *err);
