/* oom.c - how likely the kernel kills the process when memory is short */
#include "runtime/linux/oom.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>

#include "runtime/linux/procfs.h"

int oom_set_score_adj(int proc_fd, pid_t pid, int64_t value, struct error *err)
{
	char text[32], path[64];
	int r;

	if (value < -1000 || value > 1000)
		return error_set(err, EINVAL, "oomScoreAdj %" PRId64 " is not within -1000 to 1000",
				 value);
	snprintf(text, sizeof(text), "%d", (int)value);
	snprintf(path, sizeof(path), "%d/oom_score_adj", pid);
	r = procfs_set(proc_fd, path, text);
	if (r == -EACCES)
		return error_set(err, r, "set oomScoreAdj to %s: Permission denied; a value below "
					 "the present one needs CAP_SYS_RESOURCE",
				 text);
	return r < 0 ? error_errno(err, r, "set oomScoreAdj to %s", text) : 0;
}
