/* fuzz_passwd.c - /etc/passwd of an image */
#include "runtime/linux/user.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	const char *home = user_find_home_in(fuzz_text(&arena, data, size), 1000);

	fuzz_check(!home || *home == '/');
	return 0;
}
