/* filter.c - the container's seccomp filter, made once and kept for the next time */
#include "runtime/container/filter.h"

#include "runtime/linux/seccomp_compile.h"

int filter_make(const struct spec_config *config, int store, struct seccomp_filter *filter,
		struct error *err)
{
	const struct spec_seccomp *profile = config->linux ? config->linux->seccomp : NULL;
	int r;
	(void)store;

	if (!profile)
		return 0;
	r = seccomp_filter_plan(profile, filter, err);
	if (r == 0)
		r = seccomp_compile(profile, &filter->program, err);
	return r < 0 ? error_context(err, "config.json: /linux/seccomp") : 0;
}

const struct seccomp_filter *filter_or_null(const struct seccomp_filter *filter)
{
	return filter->program.len ? filter : NULL;
}

void filter_free(struct seccomp_filter *filter)
{
	buf_free(&filter->program);
}
