/* fuzz_tables.c - tables of the kernel: network devices, allowed devices, shares of a cache */
#include <string.h>

#include "runtime/cgroup/device_rules.h"
#include "runtime/linux/rdt_schemata.h"
#include "runtime/net/counters.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	char *text = fuzz_text(&arena, data, size), *copy = arena_strdup(&arena, text);
	char *schemata = strchr(text, '\n');
	struct spec_network_stats device;
	struct device_rules exceptions;

	if (counters_parse(text, &arena, &device))
		fuzz_check(!strchr(device.Name, ':'));
	if (schemata)
		rdt_schemata_has(schemata + 1, text);
	if (device_rules_v1_parse(copy, &arena, &exceptions) == 0)
		for (size_t i = 0; i < exceptions.len; i++)
			fuzz_check(exceptions.rules[i].access);
	return 0;
}
