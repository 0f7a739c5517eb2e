/* start.h - executes the program of a created container */
#pragma once
#include "base/error.h"

/*
 * Return: 0 when the program runs; -EINVAL with runc's words where the container is not created;
 * -ENOENT; or the error of the container's process, which has ended then.
 */
int start_run(int store, const char *id, struct error *err);
