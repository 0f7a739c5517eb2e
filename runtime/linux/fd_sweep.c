/* fd_sweep.c - which descriptors survive execve */
#include "runtime/linux/fd_sweep.h"

#include <limits.h>
#include <linux/close_range.h>
#include <stdlib.h>

#include "base/sys.h"

int fd_sweep(int keep, struct error *err)
{
	unsigned int first = 3U + (unsigned int)keep;
	int r = sys_close_range(first, ~0U, CLOSE_RANGE_CLOEXEC);

	return r < 0 ? error_errno(err, r, "mark descriptors from %u on close-on-exec", first) : 0;
}

static int compare(const void *a, const void *b)
{
	return *(const int *)a - *(const int *)b;
}

void fd_sweep_close(int keep, int *kept, size_t len)
{
	int first = 3 + keep;

	qsort(kept, len, sizeof(*kept), compare);
	for (size_t i = 0; i < len; i++) {
		if (kept[i] > first)
			sys_close_range((unsigned int)first, (unsigned int)kept[i] - 1, 0);
		if (kept[i] >= first)
			first = kept[i] + 1;
	}
	sys_close_range((unsigned int)first, INT_MAX, 0);
}
