/* mount_borrow.h - the host's /proc or /sys where a user namespace may not make its own */
#pragma once
#include "base/error.h"
#include "runtime/linux/mountopt.h"

/*
 * A user namespace makes a procfs or sysfs only together with the pid or network namespace that it
 * shows. In that of the host, what the host has mounted shows the same: it is taken instead, with
 * all below it, a sysfs only where it is to be read-only.
 * Return: a detached mount with the attributes of the options; -ENOENT where there is nothing of
 * the kind, with nothing said; -errno of open_tree(2), mount_setattr(2).
 */
int mount_borrow(const char *type, const struct mount_options *options, struct error *err);
