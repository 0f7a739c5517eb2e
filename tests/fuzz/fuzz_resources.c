/* fuzz_resources.c - limits that update --resources reads: merged, as systemd's, as device rules */
#include <linux/bpf.h>

#include "runtime/cgroup/device_rules.h"
#include "runtime/cgroup/systemd_properties.h"
#include "spec/config_schema.h"
#include "tests/fuzz/fuzz.h"

static void check(int r, const struct error *err)
{
	if (r < 0)
		fuzz_check_error(r, err);
}

static void read_devices(const struct spec_resources *resources, struct arena *arena)
{
	struct systemd_properties properties = { .arena = arena };
	struct device_rules rules, exceptions;
	struct bpf_insn *program;
	struct error err = { 0 };
	bool allow;
	int r = device_rules_read(resources->devices, resources->devices_len, arena, &rules, &err);

	check(r, &err);
	if (r < 0)
		return;
	check(device_rules_flatten(&rules, arena, &allow, &exceptions, &err), &err);
	fuzz_check(device_rules_compile(&rules, arena, &program) > 0);
	check(systemd_properties_devices(resources->devices, resources->devices_len, &properties,
					 &err), &err);
}

static void read_limits(const struct spec_resources *resources, struct arena *arena)
{
	for (unsigned int version = 219; version <= 259; version += 20) {
		for (int is_v2 = 0; is_v2 < 2; is_v2++) {
			const struct systemd_host host = { is_v2, version };
			struct systemd_properties properties = { .arena = arena };
			struct error err = { 0 };

			check(systemd_properties_limits(&host, resources, &properties, &err), &err);
		}
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { FILES_MAX = 200 };
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf first = { 0 }, second = { 0 };
	struct spec_resources resources, merged = { 0 };
	struct error err = { 0 };
	int r = spec_resources_parse("limits", (const char *)data, size, &arena, &resources, &err);

	check(r, &err);
	if (r < 0)
		return 0;
	schema_write(&spec_resources_schema, &resources, SCHEMA_COMPACT, &first);
	fuzz_check(spec_resources_parse("again", first.data, first.len, &arena, &resources,
					&err) == 0);
	schema_write(&spec_resources_schema, &resources, SCHEMA_COMPACT, &second);
	fuzz_check_same(&first, &second);
	read_devices(&resources, &arena);
	read_limits(&resources, &arena);
	/* Each of them has been written to a file of a cgroup before they are merged. */
	if (resources.unified_len > FILES_MAX)
		return 0;
	spec_resources_merge(&merged, &resources, &arena);
	spec_resources_merge(&merged, &resources, &arena);
	return 0;
}
