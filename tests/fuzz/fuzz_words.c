/* fuzz_words.c - words of the command line: users, sizes, signals, times, lists of numbers */
#include "base/bitlist.h"
#include "base/number.h"
#include "runtime/cli/interval.h"
#include "runtime/linux/signals.h"
#include "runtime/linux/user.h"
#include "tests/fuzz/fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	const char *text = fuzz_text(&arena, data, size);
	struct error err = { 0 };
	struct bitlist list;
	uint32_t uid, gid = 0;
	int64_t bytes;
	int signal;

	if (user_parse(text, &uid, &gid, &err) == 0)
		fuzz_check(uid != UINT32_MAX && gid != UINT32_MAX);
	if (number_parse_size(text, &bytes) == 0)
		fuzz_check(bytes >= -1);
	if (signals_parse(text, &signal, &err) == 0)
		fuzz_check(signal >= 0 && signal <= 64);
	if (bitlist_parse(text, &list, &err) == 0)
		fuzz_check(list.count && list.count <= list.len && list.len <= BITLIST_MAX);
	fuzz_check(interval_parse(text, "5s", &err) != 0);
	return 0;
}
