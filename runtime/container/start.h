/* start.h - executes the program of a created container */
#pragma once
#include "base/error.h"
#include "runtime/container/container.h"

/*
 * Where a startContainer or poststart hook fails, the container is deleted.
 * Return: 0 when the program runs; -EINVAL with runc's words where the container is not created;
 * -ENOENT; or the error of the container's process, which has ended then.
 */
int start_run(int store, const char *id, struct error *err);

/*
 * Runs the poststart hooks of a container whose program runs. If there are some, the lock on its
 * state is given up before. When one fails, the container is to be deleted.
 * Return: 0 or -errno as hooks_run.
 */
int start_run_hooks(struct container *container, struct error *err);
