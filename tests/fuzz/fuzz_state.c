/* fuzz_state.c - state.json in the state directory, and what is told of it */
#include "spec/state.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf first = { 0 }, second = { 0 };
	struct spec_state state;
	struct error err = { 0 };
	int r = spec_state_parse("state.json", (const char *)data, size, &arena, &state, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	spec_state_write(&state, &first);
	fuzz_check(spec_state_parse("again", first.data, first.len, &arena, &state, &err) == 0);
	spec_state_write(&state, &second);
	fuzz_check_same(&first, &second);
	spec_state_write_public(&state, &first);
	spec_state_write_list(&state, 1, &first);
	spec_state_write_hook(&state, &first);
	return 0;
}
