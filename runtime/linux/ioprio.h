/* ioprio.h - whose input and output goes first */
#pragma once
#include <sys/types.h>

#include "base/error.h"
#include "spec/config.h"

/*
 * Sets class and priority of a process, which its children inherit, ioprio_set(2). It is the
 * runtime that does it: IOPRIO_CLASS_RT needs CAP_SYS_NICE in the initial user namespace.
 * Return: 0 or -errno of ioprio_set(2).
 */
int ioprio_set(pid_t pid, const struct spec_io_priority *priority, struct error *err);
