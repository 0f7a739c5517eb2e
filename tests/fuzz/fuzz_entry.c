/* fuzz_entry.c - the names in an archive */
#include "bundles/entry.h"

#include <string.h>

#include "base/path.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	char clean[ENTRY_NAME_SIZE], again[ENTRY_NAME_SIZE];
	struct error err = { 0 };
	int r = entry_clean_name("name", fuzz_text(&arena, data, size), clean, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	fuzz_check(*clean && *clean != '/' && !path_has_dotdot(clean));
	fuzz_check(entry_clean_name("name", clean, again, &err) == 0 && !strcmp(clean, again));
	/* What is left is what any reader of paths understands. */
	fuzz_check(!strcmp(clean, path_clean(&arena, clean)));
	return 0;
}
