/* fuzz_seccomp.c - a seccomp profile, as a program for the kernel, and a shorter one */
#include "runtime/linux/seccomp_compile.h"
#include "runtime/linux/seccomp_shrink.h"
#include "spec/config_schema.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf program = { 0 };
	struct spec_seccomp profile;
	struct error err = { 0 };
	bool is_shrunk;
	size_t len;
	int r = schema_read(&spec_seccomp_schema, "profile", (const char *)data, size, &arena,
			    &profile, &err);

	if (r == 0)
		r = seccomp_compile(&profile, false, &program, &err);
	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	len = program.len;
	is_shrunk = seccomp_shrink(&program);
	fuzz_check(program.len && is_shrunk == (program.len < len));
	return 0;
}
