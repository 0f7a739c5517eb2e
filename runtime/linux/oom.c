/* oom.c - how likely the kernel kills the process when memory is short */
#include "runtime/linux/oom.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/number.h"
#include "runtime/linux/procfs.h"

enum { SCORE_MAX = 16 };

static bool score_is(int proc_fd, const char *path, int64_t value)
{
	auto_buf struct buf text = { 0 };
	int64_t found;

	if (file_read_at(proc_fd, path, SCORE_MAX, &text) < 0 || !text.len)
		return false;
	text.data[strcspn(text.data, "\n")] = 0;
	return number_parse_i64(text.data, &found) == 0 && found == value;
}

/* Return: 0 with the text that the kernel's file takes, or -EINVAL. */
static int compose(int64_t value, char text[SCORE_MAX], struct error *err)
{
	if (value < -1000 || value > 1000)
		return error_set(err, EINVAL, "oomScoreAdj %" PRId64 " is not within -1000 to 1000",
				 value);
	snprintf(text, SCORE_MAX, "%d", (int)value);
	return 0;
}

static int explain(int num, const char *text, struct error *err)
{
	if (num == -EACCES)
		return error_set(err, num,
				 "set oomScoreAdj to %s: Permission denied; a value below the "
				 "present one needs CAP_SYS_RESOURCE", text);
	return num < 0 ? error_errno(err, num, "set oomScoreAdj to %s", text) : 0;
}

int oom_set_score_adj(int proc_fd, pid_t pid, int64_t value, struct error *err)
{
	char text[SCORE_MAX], path[64];
	int r = compose(value, text, err);

	if (r < 0)
		return r;
	snprintf(path, sizeof(path), "%d/oom_score_adj", pid);
	r = procfs_set(proc_fd, path, text);
	return r == -EACCES && score_is(proc_fd, path, value) ? 0 : explain(r, text, err);
}

int oom_set_own_score_adj(int64_t value, struct error *err)
{
	auto_close int proc = procfs_open_private(err);
	char text[SCORE_MAX];
	int r = proc < 0 ? proc : compose(value, text, err);

	return r < 0 ? r : explain(procfs_set_own(proc, "oom_score_adj", text), text, err);
}
