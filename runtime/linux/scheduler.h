/* scheduler.h - how the kernel shares the processors' time with the process */
#pragma once
#include <sys/types.h>

#include "base/error.h"
#include "spec/config.h"

/*
 * Sets policy, nice value, priority, flags and deadline of a process, sched_setattr(2). It is the
 * runtime that does it: real-time policies and smaller nice values need CAP_SYS_NICE in the initial
 * user namespace. Return: 0, or -errno of sched_setattr(2) with a hint.
 */
int scheduler_set(pid_t pid, const struct spec_scheduler *scheduler, struct error *err);
