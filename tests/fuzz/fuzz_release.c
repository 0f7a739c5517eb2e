/* fuzz_release.c - the list of releases that a mirror of Alpine sends */
#include "bundles/release.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	struct release release;
	struct error err = { 0 };
	int r = release_find("list", (const char *)data, size, "x86_64", &arena, &release, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	fuzz_check(release_is_version(release.version));
	fuzz_check(*release.file && *release.file != '.' && !strchr(release.file, '/'));
	fuzz_check(strlen(release.sum) == CHECKSUM_SIZE - 1);
	return 0;
}
