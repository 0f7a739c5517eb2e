/* config_resources.c - config.json: linux.resources, what the cgroup limits */
#include <errno.h>
#include <string.h>

#include "spec/check.h"
#include "spec/config_schema.h"

static const struct name_value rule_types[] = { { "a", 0 }, { "b", 0 }, { "c", 0 }, { NULL, 0 } };

/* -1 is "any", as is absence. */
static const struct schema_row device_rule_rows[] = {
	REQUIRED(spec_device_rule, allow, bool),
	OPTIONAL(spec_device_rule, type, string, .names = rule_types),
	MAYBE(spec_device_rule, major, int64, .min = -1, .max = UINT32_MAX),
	MAYBE(spec_device_rule, minor, int64, .min = -1, .max = UINT32_MAX),
	OPTIONAL(spec_device_rule, access, string, .check = check_access),
};
static const struct schema spec_device_rule_schema = SCHEMA(spec_device_rule, device_rule_rows);

static const struct schema_row pids_rows[] = {
	MAYBE(spec_pids, limit, int64),
};
static const struct schema spec_pids_schema = SCHEMA(spec_pids, pids_rows);

/* Weights are 10 to 1000; docker sends 0 for "unchanged". */
static const struct schema_row weight_device_rows[] = {
	REQUIRED(spec_weight_device, major, int64, .max = UINT32_MAX),
	REQUIRED(spec_weight_device, minor, int64, .max = UINT32_MAX),
	MAYBE(spec_weight_device, weight, uint16, .max = 1000),
	MAYBE(spec_weight_device, leafWeight, uint16, .max = 1000),
};

static int check_weight_device(const void *object, struct error *err)
{
	const struct spec_weight_device *device = object;

	if (device->weight || device->leafWeight)
		return 0;
	return error_set(err, EINVAL, "weight or leafWeight is required");
}

static bool is_same_weight_device(const void *a, const void *b)
{
	const struct spec_weight_device *one = a, *other = b;

	return one->major == other->major && one->minor == other->minor;
}

static const struct schema spec_weight_device_schema =
	SCHEMA(spec_weight_device, weight_device_rows, .check = check_weight_device,
	       .is_same = is_same_weight_device);

static const struct schema_row throttle_device_rows[] = {
	REQUIRED(spec_throttle_device, major, int64, .max = UINT32_MAX),
	REQUIRED(spec_throttle_device, minor, int64, .max = UINT32_MAX),
	ALWAYS(spec_throttle_device, rate, uint64),
};

static bool is_same_throttle_device(const void *a, const void *b)
{
	const struct spec_throttle_device *one = a, *other = b;

	return one->major == other->major && one->minor == other->minor;
}

static const struct schema spec_throttle_device_schema =
	SCHEMA(spec_throttle_device, throttle_device_rows, .is_same = is_same_throttle_device);

static const struct schema_row block_io_rows[] = {
	MAYBE(spec_block_io, weight, uint16, .max = 1000),
	MAYBE(spec_block_io, leafWeight, uint16, .max = 1000),
	OBJECTS(spec_block_io, weightDevice, spec_weight_device),
	OBJECTS(spec_block_io, throttleReadBpsDevice, spec_throttle_device),
	OBJECTS(spec_block_io, throttleWriteBpsDevice, spec_throttle_device),
	OBJECTS(spec_block_io, throttleReadIOPSDevice, spec_throttle_device),
	OBJECTS(spec_block_io, throttleWriteIOPSDevice, spec_throttle_device),
};
static const struct schema spec_block_io_schema = SCHEMA(spec_block_io, block_io_rows);

static const struct schema_row cpu_rows[] = {
	MAYBE(spec_cpu, shares, uint64),
	MAYBE(spec_cpu, quota, int64),
	MAYBE(spec_cpu, burst, uint64),
	MAYBE(spec_cpu, period, uint64),
	MAYBE(spec_cpu, realtimeRuntime, int64),
	MAYBE(spec_cpu, realtimePeriod, uint64),
	OPTIONAL(spec_cpu, cpus, string, .check = check_number_list),
	OPTIONAL(spec_cpu, mems, string, .check = check_number_list),
	MAYBE(spec_cpu, idle, int64, .max = 1),
};
static const struct schema spec_cpu_schema = SCHEMA(spec_cpu, cpu_rows);

static const struct schema_row hugepage_limit_rows[] = {
	REQUIRED(spec_hugepage_limit, pageSize, string, .check = check_page_size),
	REQUIRED(spec_hugepage_limit, limit, uint64),
};

static bool is_same_page_size(const void *a, const void *b)
{
	const struct spec_hugepage_limit *one = a, *other = b;

	return !strcmp(one->pageSize, other->pageSize);
}

static const struct schema spec_hugepage_limit_schema =
	SCHEMA(spec_hugepage_limit, hugepage_limit_rows, .is_same = is_same_page_size);

static const struct schema_row memory_rows[] = {
	MAYBE(spec_memory, limit, int64, .min = -1, .max = INT64_MAX),
	MAYBE(spec_memory, reservation, int64, .min = -1, .max = INT64_MAX),
	MAYBE(spec_memory, swap, int64, .min = -1, .max = INT64_MAX),
	MAYBE(spec_memory, kernel, int64, .min = -1, .max = INT64_MAX),
	MAYBE(spec_memory, kernelTCP, int64, .min = -1, .max = INT64_MAX),
	MAYBE(spec_memory, swappiness, uint64, .max = 100),
	MAYBE(spec_memory, disableOOMKiller, bool),
	MAYBE(spec_memory, useHierarchy, bool),
	MAYBE(spec_memory, checkBeforeUpdate, bool),
};
static const struct schema spec_memory_schema = SCHEMA(spec_memory, memory_rows);

static const struct schema_row interface_priority_rows[] = {
	REQUIRED(spec_interface_priority, name, string, .check = check_interface_name),
	REQUIRED(spec_interface_priority, priority, uint32),
};

static bool is_same_interface(const void *a, const void *b)
{
	const struct spec_interface_priority *one = a, *other = b;

	return !strcmp(one->name, other->name);
}

static const struct schema spec_interface_priority_schema =
	SCHEMA(spec_interface_priority, interface_priority_rows, .is_same = is_same_interface);

static const struct schema_row network_rows[] = {
	MAYBE(spec_network_class, classID, uint32),
	OBJECTS(spec_network_class, priorities, spec_interface_priority),
};
static const struct schema spec_network_class_schema = SCHEMA(spec_network_class, network_rows);

static const struct schema_row rdma_rows[] = {
	MAYBE(spec_rdma, hcaHandles, uint32),
	MAYBE(spec_rdma, hcaObjects, uint32),
};

static int check_rdma(const void *object, struct error *err)
{
	const struct spec_rdma *rdma = object;

	if (strpbrk(rdma->device, " \n"))
		return error_set(err, EINVAL, "the name of a device has no blanks and newlines");
	if (rdma->hcaHandles || rdma->hcaObjects)
		return 0;
	return error_set(err, EINVAL, "hcaHandles or hcaObjects is required");
}

static const struct schema spec_rdma_schema = SCHEMA(spec_rdma, rdma_rows, .check = check_rdma);

static const struct schema_row resources_rows[] = {
	PAIRS(spec_resources, unified),
	OBJECTS(spec_resources, devices, spec_device_rule),
	OBJECT(spec_resources, pids, spec_pids),
	OBJECT(spec_resources, blockIO, spec_block_io),
	OBJECT(spec_resources, cpu, spec_cpu),
	OBJECTS(spec_resources, hugepageLimits, spec_hugepage_limit),
	OBJECT(spec_resources, memory, spec_memory),
	OBJECT(spec_resources, network, spec_network_class),
	KEYED(spec_resources, rdma, spec_rdma),
};

/* The keys of unified become names of files in the cgroup. */
static int check_resources(const void *object, struct error *err)
{
	const struct spec_resources *resources = object;

	for (size_t i = 0; i < resources->unified_len; i++) {
		const char *file = resources->unified[i].key, *dot = strchr(file, '.');

		if (!dot || dot == file || !dot[1] || dot[1] == '.' || strchr(file, '/'))
			return error_set(err, EINVAL,
					 "unified: the specified key has not the form "
					 "CONTROLLER.VALUE `%.100s`: it is no file of a cgroup "
					 "controller such as \"memory.high\"",
					 file);
	}
	return 0;
}

const struct schema spec_resources_schema =
	SCHEMA(spec_resources, resources_rows, .check = check_resources);

int spec_resources_parse(const char *name, const char *text, size_t len, struct arena *arena,
			 struct spec_resources *resources, struct error *err)
{
	return schema_read(&spec_resources_schema, name, text, len, arena, resources, err);
}

void spec_resources_merge(struct spec_resources *base, const struct spec_resources *over,
			  struct arena *arena)
{
	if (over->devices)
		base->devices_len = 0;
	schema_merge(&spec_resources_schema, base, over, arena);
}
