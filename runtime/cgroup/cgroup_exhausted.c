/* cgroup_exhausted.c - whether the container's cgroup has used up what it may have */
#include <errno.h>
#include <inttypes.h>

#include "base/buf.h"
#include "base/file.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/stats_file.h"

enum { EVENTS_MAX = 4096 };

/* v1's "unlimited" is the largest number of whole pages. */
static const uint64_t V1_UNLIMITED = INT64_MAX / 4096 * 4096;

/* A file with one number. "max": -ERANGE. Return: 0 or -errno. */
static int read_number(const struct cgroup_hierarchy *hierarchy, const char *file, uint64_t *value)
{
	auto_buf struct buf text = { 0 };
	int r = file_read_at(hierarchy->fd, file, EVENTS_MAX, &text);

	if (r < 0)
		return r;
	if (!text.len || !stats_file_number(text.data, NULL, value))
		return -EINVAL;
	return *value == UINT64_MAX ? -ERANGE : 0;
}

int cgroup_count_oom_kills(const struct cgroup *cgroup, uint64_t *count)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "memory");
	auto_buf struct buf text = { 0 };
	int r;

	if (!hierarchy)
		return -EOPNOTSUPP;
	r = file_read_at(hierarchy->fd,
			 cgroup_is_v2(hierarchy) ? "memory.events" : "memory.oom_control",
			 EVENTS_MAX, &text);
	if (r < 0)
		return r;
	return text.len && stats_file_number(text.data, "oom_kill", count) ? 0 : -EOPNOTSUPP;
}

int cgroup_memory_limit(const struct cgroup *cgroup, uint64_t *bytes)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "memory");
	const char *file;
	int r;

	if (!hierarchy)
		return -EOPNOTSUPP;
	file = cgroup_is_v2(hierarchy) ? "memory.max" : "memory.limit_in_bytes";
	r = read_number(hierarchy, file, bytes);
	return r == 0 && *bytes >= V1_UNLIMITED ? -ERANGE : r;
}

static bool is_full(const struct cgroup *cgroup, uint64_t *limit)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "pids");
	uint64_t current;

	return hierarchy && read_number(hierarchy, "pids.max", limit) == 0 &&
	       read_number(hierarchy, "pids.current", &current) == 0 && current >= *limit;
}

int cgroup_explain_fork(const struct cgroup *cgroup, int num, struct error *err)
{
	struct error failure = *err;
	uint64_t limit;

	if (num != -EAGAIN || !is_full(cgroup, &limit))
		return num;
	return error_set(err, num,
			 "%s: the container has reached its limit of %" PRIu64 " "
			 "(/linux/resources/pids/limit)",
			 failure.text, limit);
}
