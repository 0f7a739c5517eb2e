/* seccomp_notify.h - hands a listener for seccomp notifications to its agent */
#pragma once
#include <stddef.h>

#include "base/error.h"

/*
 * Connects to the stream socket of the agent and sends the document with the descriptor, which
 * stands at its beginning. An agent that does not take it within ten seconds is given up.
 * Return: 0; -ENOTSOCK; -ETIMEDOUT; -errno of open(2), connect(2), sendmsg(2).
 */
int seccomp_notify_send(const char *path, const void *document, size_t len, int listener,
			struct error *err);
