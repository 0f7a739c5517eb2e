/* filter.h - the container's seccomp filter, made once and kept for the next time */
#pragma once
#include "base/error.h"
#include "runtime/linux/seccomp_filter.h"
#include "spec/config.h"

/*
 * Makes the filter that the config asks for; *filter stays empty where it asks for none.
 * Return: 0; -EINVAL with the place of what is wrong; -errno.
 */
int filter_make(const struct spec_config *config, int store, struct seccomp_filter *filter,
		struct error *err);

/* Return: the filter, NULL where it is empty. */
const struct seccomp_filter *filter_or_null(const struct seccomp_filter *filter);

void filter_free(struct seccomp_filter *filter);
