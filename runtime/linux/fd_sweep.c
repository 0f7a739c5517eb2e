/* fd_sweep.c - which descriptors survive execve */
#include "runtime/linux/fd_sweep.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/close_range.h>
#include <unistd.h>

#include "base/sys.h"

int fd_sweep(int keep, struct error *err)
{
	unsigned int first = 3U + (unsigned int)keep;
	int r = sys_close_range(first, ~0U, CLOSE_RANGE_CLOEXEC);

	return r < 0 ? error_errno(err, r, "mark descriptors from %u on close-on-exec", first) : 0;
}

int fd_sweep_check(int first, int keep, struct error *err)
{
	for (int i = first; i < keep; i++) {
		int flags = fcntl(3 + i, F_GETFD);

		/* What is close-on-exec is not the caller's: it would not have come to us. */
		if (flags < 0 || flags & FD_CLOEXEC)
			return error_set(err, EBADF, "descriptor %d of %d to preserve is not open",
					 3 + i, keep - first);
	}
	return 0;
}
