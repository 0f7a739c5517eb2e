/* fuzz_mountinfo.c - /proc/self/mountinfo, in which mounts have names that users choose */
#include "runtime/linux/mountinfo.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	struct mountinfo info = mountinfo_parse(fuzz_text(&arena, data, size), &arena);
	size_t sum = 0;

	for (size_t i = 0; i < info.len; i++)
		sum += strlen(info.rows[i].root) + strlen(info.rows[i].point) +
		       strlen(info.rows[i].type);
	fuzz_check(sum <= size);
	return 0;
}
