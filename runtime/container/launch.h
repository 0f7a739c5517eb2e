/* launch.h - sends a process that is set up on to its program */
#pragma once
#include "base/error.h"
#include "runtime/container/container.h"

/*
 * Tells the process to execute its program, does what it asks for on the way, and waits for the end
 * of file that says that the program runs. sock is the conversation with it; pid is its number for
 * this runtime. The listener of a seccomp filter goes to its agent; when the agent lets the process
 * wait on its way to execve(2), it is left to the agent after some seconds, with a warning.
 * Return: 0, or the process's own error, -ECHILD where a startContainer hook has failed; -EINTR
 * where hooks run and a signal came: it goes on.
 */
int launch(struct container *container, pid_t pid, int sock, struct error *err);
