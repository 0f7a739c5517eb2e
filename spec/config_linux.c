/* config_linux.c - config.json: linux, but for its resources and seccomp */
#include <errno.h>
#include <linux/mempolicy.h>
#include <string.h>

#include "spec/check.h"
#include "spec/config_schema.h"

static const struct schema_row id_mapping_rows[] = {
	REQUIRED(spec_id_mapping, containerID, uint32, .max = UINT32_MAX - 1),
	REQUIRED(spec_id_mapping, hostID, uint32, .max = UINT32_MAX - 1),
	REQUIRED(spec_id_mapping, size, uint32, .min = 1, .max = UINT32_MAX),
};

/* user_namespaces(7): the last id of a range is at most 4294967294. */
static int check_id_mapping(const void *object, struct error *err)
{
	const struct spec_id_mapping *mapping = object;

	if (mapping->size > UINT32_MAX - mapping->containerID)
		return error_set(err, EINVAL, "containerID %u and size %u reach beyond 4294967294",
				 mapping->containerID, mapping->size);
	if (mapping->size > UINT32_MAX - mapping->hostID)
		return error_set(err, EINVAL, "hostID %u and size %u reach beyond 4294967294",
				 mapping->hostID, mapping->size);
	return 0;
}

const struct schema spec_id_mapping_schema =
	SCHEMA(spec_id_mapping, id_mapping_rows, .check = check_id_mapping);

/*
 * A dev_t has 12 bits for the major and 20 for the minor number; what is larger would become
 * another device. Podman and docker have sent the type bits of st_mode in fileMode.
 */
static const struct schema_row device_rows[] = {
	REQUIRED(spec_device, type, character, .check = check_device_type),
	REQUIRED(spec_device, path, string, .check = check_absolute_path),
	OPTIONAL(spec_device, major, int64, .max = 0xfff),
	OPTIONAL(spec_device, minor, int64, .max = 0xfffff),
	MAYBE(spec_device, fileMode, uint32, .max = 0177777),
	MAYBE(spec_device, uid, uint32, .max = UINT32_MAX - 1),
	MAYBE(spec_device, gid, uint32, .max = UINT32_MAX - 1),
};
static const struct schema spec_device_schema = SCHEMA(spec_device, device_rows);

static const struct schema_row net_device_rows[] = {
	OPTIONAL(spec_net_device, name, string, .check = check_interface_name),
};

static int check_net_device(const void *object, struct error *err)
{
	const struct spec_net_device *net_device = object;

	return check_interface_name(net_device->device, err);
}

static const struct schema spec_net_device_schema =
	SCHEMA(spec_net_device, net_device_rows, .check = check_net_device);

static const struct schema_row namespace_rows[] = {
	REQUIRED(spec_namespace, type, name, .names = spec_namespace_types),
	OPTIONAL(spec_namespace, path, string, .check = check_absolute_path),
};
static const struct schema spec_namespace_schema = SCHEMA(spec_namespace, namespace_rows);

static const struct schema_row intel_rdt_rows[] = {
	OPTIONAL(spec_intel_rdt, closID, string, .check = check_class_of_service),
	OPTIONAL(spec_intel_rdt, schemata, strings, .check = check_line),
	OPTIONAL(spec_intel_rdt, l3CacheSchema, string, .check = check_line),
	OPTIONAL(spec_intel_rdt, memBwSchema, string, .check = check_memory_bandwidth),
	OPTIONAL(spec_intel_rdt, enableMonitoring, bool),
};
static const struct schema spec_intel_rdt_schema = SCHEMA(spec_intel_rdt, intel_rdt_rows);

static const struct schema_row memory_policy_rows[] = {
	REQUIRED(spec_memory_policy, mode, name, .names = spec_memory_policy_modes),
	OPTIONAL(spec_memory_policy, nodes, string, .check = check_number_list),
	OPTIONAL(spec_memory_policy, flags, strings, .names = spec_memory_policy_flags),
};

/* set_mempolicy(2): which modes take nodes. */
static int check_memory_policy(const void *object, struct error *err)
{
	const struct spec_memory_policy *policy = object;
	const char *mode = table_name_of(spec_memory_policy_modes, policy->mode);
	bool none = policy->mode == MPOL_DEFAULT || policy->mode == MPOL_LOCAL;

	if (none && policy->nodes)
		return error_set(err, EINVAL, "%s takes no nodes", mode);
	if (!none && policy->mode != MPOL_PREFERRED && !policy->nodes)
		return error_set(err, EINVAL, "%s needs nodes", mode);
	return 0;
}

static const struct schema spec_memory_policy_schema =
	SCHEMA(spec_memory_policy, memory_policy_rows, .check = check_memory_policy);

static const struct schema_row personality_rows[] = {
	REQUIRED(spec_personality, domain, name, .names = spec_personality_domains),
	OPTIONAL(spec_personality, flags, strings),
};
static const struct schema spec_personality_schema = SCHEMA(spec_personality, personality_rows);

static const struct schema_row time_offset_rows[] = {
	OPTIONAL(spec_time_offset, secs, int64),
	OPTIONAL(spec_time_offset, nanosecs, uint32, .max = 999999999),
};
static const struct schema spec_time_offset_schema = SCHEMA(spec_time_offset, time_offset_rows);

static const struct schema_row time_offsets_rows[] = {
	OBJECT(spec_time_offsets, boottime, spec_time_offset),
	OBJECT(spec_time_offsets, monotonic, spec_time_offset),
};
static const struct schema spec_time_offsets_schema = SCHEMA(spec_time_offsets, time_offsets_rows);

static const struct schema_row linux_rows[] = {
	OBJECTS(spec_linux, devices, spec_device),
	KEYED(spec_linux, netDevices, spec_net_device),
	OBJECTS(spec_linux, uidMappings, spec_id_mapping),
	OBJECTS(spec_linux, gidMappings, spec_id_mapping),
	OBJECTS(spec_linux, namespaces, spec_namespace),
	OBJECT(spec_linux, resources, spec_resources),
	OPTIONAL(spec_linux, cgroupsPath, string, .check = check_cgroup_path),
	OPTIONAL(spec_linux, rootfsPropagation, name, .names = spec_propagations),
	OBJECT(spec_linux, seccomp, spec_seccomp),
	PAIRS(spec_linux, sysctl),
	OPTIONAL(spec_linux, maskedPaths, strings, .check = check_absolute_path),
	OPTIONAL(spec_linux, readonlyPaths, strings, .check = check_absolute_path),
	OPTIONAL(spec_linux, mountLabel, string),
	OBJECT(spec_linux, intelRdt, spec_intel_rdt),
	OBJECT(spec_linux, memoryPolicy, spec_memory_policy),
	OBJECT(spec_linux, personality, spec_personality),
	OBJECT(spec_linux, timeOffsets, spec_time_offsets),
};
const struct schema spec_linux_schema = SCHEMA(spec_linux, linux_rows);
