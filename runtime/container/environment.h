/* environment.h - the environment of the container's program */
#pragma once
#include "base/error.h"
#include "runtime/container/process.h"

/*
 * Makes process->env of what config.json says, HOME as a login would set it, and what systemd's
 * protocols need: LISTEN_FDS and LISTEN_PID, NOTIFY_SOCKET; the last one of a name holds. Called in
 * the container.
 * Return: 0 or -errno of reading /etc/passwd.
 */
int environment_make(struct process *process, struct error *err);
