/* fuzz_options.c - a command line, one argument per line */
#include "base/options.h"

#include <string.h>

#include "tests/fuzz/fuzz.h"

struct values {
	bool tty, detach;
	const char *user;
	char **env;
	int fds;
};

static const struct option_row rows[] = {
	OPTION_FLAG(values, tty, "tty", 't', "a flag"),
	OPTION_FLAG(values, detach, "detach", 'd', "another"),
	OPTION_STRING(values, user, "user", 'u', "UID", "a string"),
	OPTION_STRINGS(values, env, "env", 'e', "NAME=VALUE", "strings"),
	OPTION_NUMBER(values, fds, "preserve-fds", 0, "N", "a number"),
	{ 0 },
};

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	enum { ARGUMENTS_MAX = 64 };
	auto_arena struct arena arena = { 0 };
	struct fuzz_input input = { data, size };
	bool stop_at_positional = fuzz_byte(&input) % 2, help = false;
	char *rest = fuzz_text(&arena, input.data, input.size), *line;
	char *argv[ARGUMENTS_MAX + 1] = { "gocker" };
	struct values values = { 0 };
	struct error err = { 0 };
	int argc = 1, r;

	while (argc < ARGUMENTS_MAX && (line = fuzz_line(&rest)))
		argv[argc++] = line;
	r = options_parse(rows, &values, stop_at_positional, argc, argv, &help, &err);
	if (r < 0)
		fuzz_check_error(r, &err);
	else
		fuzz_check(r >= 1 && r <= argc && values.fds >= 0);
	options_free(rows, &values);
	return 0;
}
