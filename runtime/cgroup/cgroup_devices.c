/* cgroup_devices.c - device rules go where the host has them: v1's controller or an eBPF program */
#include <errno.h>
#include <string.h>

#include "base/log.h"
#include "base/proc.h"
#include "runtime/cgroup/driver.h"

static bool is_same_rule(const struct device_rule *a, const struct device_rule *b)
{
	return a->allow == b->allow && a->types == b->types && a->access == b->access &&
	       a->major == b->major && a->minor == b->minor;
}

bool cgroup_same_devices(const struct spec_device_rule *a, size_t a_len,
			 const struct spec_device_rule *b, size_t b_len)
{
	auto_arena struct arena arena = { 0 };
	struct device_rules one, other;

	if (device_rules_read(a, a_len, &arena, &one, NULL) < 0 ||
	    device_rules_read(b, b_len, &arena, &other, NULL) < 0 || one.len != other.len)
		return false;
	for (size_t i = 0; i < one.len; i++)
		if (!is_same_rule(&one.rules[i], &other.rules[i]))
			return false;
	return true;
}

int cgroup_set_devices(const struct cgroup *cgroup, const struct spec_device_rule *rules,
		       size_t len, struct error *err)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "devices");
	auto_arena struct arena arena = { 0 };
	struct device_rules all;
	int ret = device_rules_read(rules, len, &arena, &all, err);

	if (ret < 0)
		return ret;
	ret = hierarchy ? hierarchy->driver->set_devices(cgroup, hierarchy, &all, err) :
			  error_set(err, EOPNOTSUPP, "this host has no cgroup for device rules");
	if (ret >= 0 || (hierarchy && ret != -EPERM && ret != -EACCES))
		return ret < 0 ? error_context(err, "/linux/resources/devices") : 0;
	/* What runs then can neither make a device, nor open one that its owner could not. */
	if (proc_is_real_root())
		return error_context(err, "/linux/resources/devices");
	log_debug("no device rules without privileges: %s", strerror(-ret));
	if (err)
		*err = (struct error){ 0 };
	return 0;
}
