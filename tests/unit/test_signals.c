/* test_signals.c - signals by name and number */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "runtime/linux/signals.h"

static void known_ones(void **state)
{
	static const struct {
		const char *text;
		int signal;
	} rows[] = {
		{ "TERM", SIGTERM },
		{ "SIGTERM", SIGTERM },
		{ "sigterm", SIGTERM },
		{ "Term", SIGTERM },
		{ "15", SIGTERM },
		{ "9", SIGKILL },
		{ "0", 0 },
		{ "64", 64 },
		{ "CHLD", SIGCHLD },
		{ "CLD", SIGCHLD },
		{ "IOT", SIGABRT },
		{ "WINCH", SIGWINCH },
		{ "VTALRM", SIGVTALRM },
		{ "SIGVTALRM", SIGVTALRM },
		{ "RTMIN", 34 },
		{ "SIGRTMIN+3", 37 },
		{ "rtmin+30", 64 },
		{ "RTMAX", 64 },
		{ "SIGRTMAX-14", 50 },
		{ "RTMAX-30", 34 },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int signal = -1;

		assert_int_equal(signals_parse(rows[i].text, &signal, NULL), 0);
		assert_int_equal(signal, rows[i].signal);
	}
}

static void unknown_ones(void **state)
{
	static const char *const bad[] = {
		"", "SIG", "SIGSIGTERM", "TERMS", "-1", "65", "1x", " 9", "RTMIN+31", "RTMAX-31",
		"RTMIN+", "RTMIN-1", "RTMAX+1", "RTMIN+-1", "SIGRTMIN+99999999999", "KILL ",
		"0x9", "a very long name that is no signal at all",
	};

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct error err = { 0 };
		int signal = -1;

		assert_int_equal(signals_parse(bad[i], &signal, &err), -EINVAL);
		assert_non_null(strstr(err.text, "unknown signal"));
		assert_int_equal(signal, -1);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(known_ones),
		cmocka_unit_test(unknown_ones),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
