/* late_close.h - descriptors whose close waits in the kernel, closed by the kernel itself */
#pragma once
#include <stddef.h>

enum { LATE_CLOSE_MAX = 6 };

/*
 * Closes up to LATE_CLOSE_MAX descriptors and makes them -1. Where this is the last hold on a file,
 * what its close waits for is not waited for here: the kernel's worker does it, in milliseconds, or
 * if that was at work just then, when anybody has closed a socket of unix(7). Before Linux 6.10, or
 * where sockets or memory are short, it is as close(2).
 */
void late_close(int *fds, size_t len);
