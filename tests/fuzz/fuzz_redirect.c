/* fuzz_redirect.c - where a mirror sends us: from the first line to the second */
#include "bundles/redirect.h"

#include <string.h>
#include <strings.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	char *to = fuzz_text(&arena, data, size), *from = fuzz_line(&to);

	if (!to)
		return 0;
	if (redirect_is_address(to))
		fuzz_check(strpbrk(to, ":"));
	if (redirect_is_allowed(from, to))
		fuzz_check(redirect_is_address(to) && !strncasecmp(to, "http", 4));
	return 0;
}
