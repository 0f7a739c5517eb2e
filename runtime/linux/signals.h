/* signals.h - signals by name, and a clean slate for the container's process */
#pragma once
#include "base/error.h"

/*
 * Reads a signal as `kill` takes it: a number from 0 to 64 (0 only asks whether the process is
 * there, kill(2)), a name with or without SIG in either case, RTMIN, RTMIN+n, RTMAX-n.
 * Return: 0, or -EINVAL with "unknown signal".
 */
int signals_parse(const char *text, int *signal, struct error *err);

/*
 * Gives every signal its default action and unblocks all: ignored and blocked signals would survive
 * execve(2). Return: 0 or -errno of sigaction(2), sigprocmask(2).
 */
int signals_reset(struct error *err);
