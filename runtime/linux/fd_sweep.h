/* fd_sweep.h - which descriptors survive execve */
#pragma once
#include <stddef.h>

#include "base/error.h"

/*
 * Marks all descriptors above 2 + keep close-on-exec. Those below are left as they are: what the
 * caller of gocker handed over survives, what gocker opened is close-on-exec wherever it landed.
 * That may be in between, as some engines hand over a few descriptors out of a range (podman).
 * Return: 0 or -errno of close_range(2).
 */
int fd_sweep(int keep, struct error *err);

/*
 * Closes all descriptors above 2 + keep but those in kept, which is sorted by that and may have
 * some that are not open (-1) or not above.
 */
void fd_sweep_close(int keep, int *kept, size_t len);
