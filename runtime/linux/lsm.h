/* lsm.h - what AppArmor and SELinux call the process, and so allow it */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "spec/config.h"

/*
 * Whether the kernel has what apparmorProfile and selinuxLabel ask for: a process is never run
 * without the label that was wanted. For the runtime, as it looks at the host's /sys.
 * Return: 0, or -ENOTSUP in runc's words.
 */
int lsm_check(const struct spec_process *process, struct error *err);

/* Return: whether SELinux is on, as libselinux sees it. For the runtime, too. */
bool lsm_has_selinux(void);

/*
 * Has this process get its profile and its label with the next execve(2), and its label for the
 * keyrings that it makes. It must be in the container's pid namespace, and root in its user
 * namespace. Return: 0; -ENOENT where no such profile is loaded; -EINVAL where there is no such
 * label; or another -errno of openat2(2), write(2).
 */
int lsm_set(const struct spec_process *process, struct error *err);
