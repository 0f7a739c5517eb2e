/* rlimit.c - resource limits of the container's process */
#include "runtime/linux/rlimit.h"

#include <errno.h>
#include <inttypes.h>
#include <stdbool.h>
#include <sys/resource.h>

enum { DESCRIPTORS_NEEDED = 64 };

static bool is_for_last(const struct spec_rlimit *limit)
{
	return limit->type == RLIMIT_NOFILE && limit->soft < DESCRIPTORS_NEEDED &&
	       limit->soft <= limit->hard;
}

static int limit_set(pid_t pid, const struct spec_rlimit *limit, struct error *err)
{
	const struct rlimit value = { .rlim_cur = limit->soft, .rlim_max = limit->hard };
	const char *name = table_name_of(spec_rlimit_types, limit->type);
	const char *hint = "";
	char text[ERROR_NAME_SIZE];
	int num;

	if (!name)
		name = "unknown rlimit";
	if (limit->soft > limit->hard)
		return error_set(err, EINVAL, "%s: the soft limit %" PRIu64 " is above the hard "
					      "limit %" PRIu64,
				 name, limit->soft, limit->hard);
	if (!prlimit(pid, limit->type, &value, NULL))
		return 0;
	num = errno;
	if (num == EPERM)
		hint = limit->type == RLIMIT_NOFILE ?
			       "; above the present hard limit it needs CAP_SYS_RESOURCE, and "
			       "fs.nr_open is the end" :
			       "; above the present hard limit it needs CAP_SYS_RESOURCE";
	return error_set(err, num, "set %s to %" PRIu64 ":%" PRIu64 ": %s%s", name, limit->soft,
			 limit->hard, error_name(num, text), hint);
}

int rlimit_set(pid_t pid, const struct spec_rlimit *limits, size_t len, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < len; i++) {
		struct spec_rlimit limit = limits[i];

		/* To lower a limit needs no privilege; to raise the hard one may. */
		if (is_for_last(&limit))
			limit.soft = limit.hard;
		if (!is_for_last(&limit))
			r = limit_set(pid, &limit, err);
	}
	return r;
}

int rlimit_set_last(const struct spec_rlimit *limits, size_t len, struct error *err)
{
	int r = 0;

	for (size_t i = 0; r == 0 && i < len; i++)
		if (is_for_last(&limits[i]))
			r = limit_set(0, &limits[i], err);
	return r;
}
