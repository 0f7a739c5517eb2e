/* fuzz_process.c - the process that exec --process reads, and its capabilities */
#include "base/strv.h"
#include "runtime/linux/caps.h"
#include "spec/config_schema.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf first = { 0 }, second = { 0 };
	struct spec_process process;
	struct error err = { 0 };
	struct caps caps;
	int r = spec_process_parse("process", (const char *)data, size, &arena, &process, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	schema_write(&spec_process_schema, &process, SCHEMA_COMPACT, &first);
	fuzz_check(spec_process_parse("again", first.data, first.len, &arena, &process, &err) == 0);
	schema_write(&spec_process_schema, &process, SCHEMA_COMPACT, &second);
	fuzz_check_same(&first, &second);
	caps_parse(process.capabilities, &caps, &err);
	caps_add(&process.capabilities, process.args, &arena, &err);
	strv_env_unique(process.env, &arena);
	return 0;
}
