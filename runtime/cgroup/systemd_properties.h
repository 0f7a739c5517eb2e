/* systemd_properties.h - limits as properties of a unit: the same tables for create and update */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/error.h"
#include "runtime/cgroup/systemd_value.h"
#include "spec/config.h"

/* What the systemd is that gets them. */
struct systemd_host {
	bool is_v2;           /* it manages a v2 hierarchy: others have other properties */
	unsigned int version; /* of systemd: what is too new for it is left to the cgroup's files */
};

/*
 * Adds what systemd can be told of the limits: it sets them, too, whenever it comes by. Values are
 * those that go into the cgroup's files. Limits without a property are passed over, and so are
 * device rules.
 * Return: 0; -EINVAL with the place below /linux/resources in err.
 */
int systemd_properties_limits(const struct systemd_host *host,
			      const struct spec_resources *resources,
			      struct systemd_properties *properties, struct error *err);

/*
 * Adds DevicePolicy and DeviceAllow, so that the program that systemd attaches allows no less than
 * ours. It only knows lists of what is allowed: rules that are none are left to our program.
 * Return: 0; -EINVAL for a bad rule.
 */
int systemd_properties_devices(const struct spec_device_rule *rules, size_t len,
			       struct systemd_properties *properties, struct error *err);

/*
 * systemd counts a quota in whole percents of a cpu and rounds up. Return: the quota that comes out
 * of it, for the cgroup's file: both would go on correcting each other else.
 */
int64_t systemd_properties_round_quota(int64_t quota, uint64_t period);
