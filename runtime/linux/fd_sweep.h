/* fd_sweep.h - which descriptors survive execve */
#pragma once
#include "base/error.h"

/*
 * Marks all descriptors above 2 + keep close-on-exec. Those below are left as they are: what the
 * caller of gocker handed over survives, what gocker opened is close-on-exec wherever it landed.
 * Return: 0 or -errno of close_range(2).
 */
int fd_sweep(int keep, struct error *err);

/*
 * Looks whether what is to be kept has come from the caller; first: how many need not have.
 * Return: 0; -EBADF where one of the descriptors from 3 + first to 2 + keep is not open, or is one
 * that gocker opened (close-on-exec).
 */
int fd_sweep_check(int first, int keep, struct error *err);
