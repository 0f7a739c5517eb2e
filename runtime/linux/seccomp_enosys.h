/* seccomp_enosys.h - system calls that a profile cannot know answer ENOSYS */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "spec/config.h"

/*
 * A profile lists the calls of its day and denies all others, with EPERM as a rule. A C library
 * that tries a newer call first goes back to the old one on ENOSYS only. So what has a higher
 * number than every call that the profile names, allowed or denied, gets ENOSYS in front of the
 * filter, for each architecture by itself. Profiles whose default lets calls through, or traces
 * them, are left alone, and so are architectures of which the profile names no call.
 *
 * Adds these instructions to an empty program; the filter is to be added behind them.
 * architectures: SCMP_ARCH_* of libseccomp, the native one among them.
 */
void seccomp_enosys_add(const struct spec_seccomp *profile, const uint32_t *architectures,
			size_t len, struct buf *program);
