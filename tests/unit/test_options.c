/* test_options.c - command lines as users and engines write them */
#include "base/options.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/strv.h"
#include "tests/unit/unit.h"

struct values {
	bool interactive, tty, detach;
	const char *bundle, *name;
	char **env;
	int number;
};

static const struct option_row rows[] = {
	OPTION_FLAG(values, interactive, "interactive", 'i', "a flag"),
	OPTION_FLAG(values, tty, "tty", 't', "a flag"),
	OPTION_FLAG(values, detach, "detach", 0, "a flag without a letter"),
	OPTION_STRING(values, bundle, "bundle", 'b', "DIR", "a string"),
	OPTION_STRING(values, name, "name", 0, "NAME", "a string without a letter"),
	OPTION_STRINGS(values, env, "env", 'e', "NAME=VALUE", "strings"),
	OPTION_NUMBER(values, number, "number", 'n', "N", "a number"),
	{ 0 },
};

enum { ARGS_MAX = 16 };

/* A command line, what becomes of it, and what is left as positional arguments. */
struct run {
	struct values values;
	struct error err;
	bool help;
	int result, argc;
	char *argv[ARGS_MAX + 1];
	char **rest;
};

static void parse_with(struct run *run, bool stop, const char *const *args)
{
	memset(run, 0, sizeof(*run));
	run->argv[run->argc++] = "program";
	while (*args) {
		assert_true(run->argc < ARGS_MAX);
		run->argv[run->argc++] = (char *)*args++;
	}
	run->result = options_parse(rows, &run->values, stop, run->argc, run->argv, &run->help,
				    &run->err);
	run->rest = run->argv + (run->result > 0 ? run->result : run->argc);
}

#define PARSE(run, ...) parse_with(run, false, (const char *const[]){ __VA_ARGS__, NULL })
#define PARSE_STOP(run, ...) parse_with(run, true, (const char *const[]){ __VA_ARGS__, NULL })

static void assert_rest(const struct run *run, const char *wanted)
{
	auto_buf struct buf joined = { 0 };

	assert_true(run->result > 0);
	for (char **arg = run->rest; *arg; arg++)
		buf_printf(&joined, "%s|", *arg);
	assert_string_equal(joined.data ? joined.data : "", wanted);
}

static void test_forms(void **state)
{
	static const char *const forms[][3] = {
		{ "--bundle", "/x", NULL },
		{ "--bundle=/x", NULL },
		{ "-bundle", "/x", NULL },
		{ "-bundle=/x", NULL },
		{ "-b", "/x", NULL },
		{ "-b/x", NULL },
		{ "-b=/x", NULL },
	};
	struct run run;

	(void)state;
	for (size_t i = 0; i < LEN(forms); i++) {
		parse_with(&run, false, forms[i]);
		assert_rest(&run, "");
		assert_string_equal(run.values.bundle, "/x");
	}
	PARSE(&run, "--bundle=a=b", "--name=", "-b", "-x");
	assert_string_equal(run.values.bundle, "-x");
	assert_string_equal(run.values.name, "");
	PARSE(&run, "--bundle", "--name", "--name", "--");
	assert_string_equal(run.values.bundle, "--name");
	assert_string_equal(run.values.name, "--");
	assert_rest(&run, "");
}

static void test_letters(void **state)
{
	struct run run;

	(void)state;
	PARSE(&run, "-it");
	assert_true(run.values.interactive && run.values.tty && !run.values.detach);
	PARSE(&run, "-itb", "/x", "y");
	assert_true(run.values.interactive && run.values.tty);
	assert_string_equal(run.values.bundle, "/x");
	assert_rest(&run, "y|");
	PARSE(&run, "-itb/x");
	assert_string_equal(run.values.bundle, "/x");
	PARSE(&run, "-bit");
	assert_string_equal(run.values.bundle, "it");
	assert_false(run.values.interactive);
	PARSE(&run, "-it=false");
	assert_true(run.values.interactive && !run.values.tty);
	PARSE(&run, "-n5");
	assert_int_equal(run.values.number, 5);
}

static void test_flags(void **state)
{
	struct run run;

	(void)state;
	PARSE(&run, "--tty=true", "--detach=1");
	assert_true(run.values.tty && run.values.detach);
	PARSE(&run, "--tty", "--tty=false", "-i", "-i=0");
	assert_true(!run.values.tty && !run.values.interactive);
	/* A flag takes no value behind a blank. */
	PARSE(&run, "--tty", "false");
	assert_true(run.values.tty);
	assert_rest(&run, "false|");
	PARSE(&run, "--tty=yes");
	assert_int_equal(run.result, -EINVAL);
	assert_string_equal(run.err.text, "option --tty: \"yes\" is neither true nor false");
	PARSE(&run, "--tty=");
	assert_int_equal(run.result, -EINVAL);
}

static void test_strings(void **state)
{
	struct run run;

	(void)state;
	PARSE(&run, "-e", "A=1", "id", "--env=B=", "-eC", "-e=D", "--env", "");
	assert_rest(&run, "id|");
	assert_int_equal(strv_len(run.values.env), 5);
	assert_string_equal(run.values.env[0], "A=1");
	assert_string_equal(run.values.env[1], "B=");
	assert_string_equal(run.values.env[2], "C");
	assert_string_equal(run.values.env[3], "D");
	assert_string_equal(run.values.env[4], "");
	strv_free(&run.values.env);
	PARSE(&run, "-b", "1", "-b", "2");
	assert_string_equal(run.values.bundle, "2");
}

static void test_numbers(void **state)
{
	static const char *const refused[] = { "", "-1", "1x", " 1",
					       "0x1", "2147483648", "4294967296", "1.0" };
	struct run run;

	(void)state;
	PARSE(&run, "--number", "0");
	assert_int_equal(run.values.number, 0);
	PARSE(&run, "--number=2147483647");
	assert_int_equal(run.values.number, INT_MAX);
	for (size_t i = 0; i < LEN(refused); i++) {
		PARSE(&run, "--number", refused[i]);
		assert_int_equal(run.result, -EINVAL);
		assert_int_equal(run.values.number, 0);
		assert_non_null(strstr(run.err.text, "--number"));
	}
}

static void test_positional(void **state)
{
	struct run run;

	(void)state;
	PARSE(&run, "a", "--tty", "b", "-b", "/x", "c");
	assert_rest(&run, "a|b|c|");
	assert_true(run.values.tty);
	assert_string_equal(run.values.bundle, "/x");
	PARSE(&run, "a", "b", "c");
	assert_rest(&run, "a|b|c|");
	PARSE(&run, "a", "-i", "--", "-t", "--tty", "--");
	assert_rest(&run, "a|-t|--tty|--|");
	assert_true(run.values.interactive && !run.values.tty);
	PARSE(&run, "--", "-h");
	assert_rest(&run, "-h|");
	assert_false(run.help);
	PARSE(&run, "--");
	assert_rest(&run, "");
	PARSE(&run, "-", "-i", "");
	assert_rest(&run, "-||");
	parse_with(&run, false, (const char *const[]){ NULL });
	assert_rest(&run, "");
}

static void test_stop(void **state)
{
	struct run run;

	(void)state;
	PARSE_STOP(&run, "-t", "id", "ls", "-i", "--help", "--");
	assert_rest(&run, "id|ls|-i|--help|--|");
	assert_true(run.values.tty && !run.values.interactive && !run.help);
	PARSE_STOP(&run, "-t", "--", "-id", "-i");
	assert_rest(&run, "-id|-i|");
	PARSE_STOP(&run, "-", "-t");
	assert_rest(&run, "-|-t|");
	assert_false(run.values.tty);
}

static void test_help(void **state)
{
	static const char *const forms[] = { "--help", "-help", "-h", "-th" };
	struct run run;

	(void)state;
	for (size_t i = 0; i < LEN(forms); i++) {
		PARSE(&run, "a", forms[i], "--no-such-option");
		assert_true(run.result > 0 && run.help);
	}
	PARSE(&run, "--bundle", "--help");
	assert_false(run.help);
}

static void test_refused(void **state)
{
	static const char *const rows_refused[][2] = {
		{ "--x", "unknown option \"--x\"" },
		{ "--x=", "unknown option \"--x=\"" },
		{ "--=x", "unknown option \"--=x\"" },
		{ "---tty", "unknown option \"---tty\"" },
		{ "--tt", "unknown option \"--tt\"" },
		{ "--ttyx", "unknown option \"--ttyx\"" },
		{ "--b", "unknown option \"--b\"" },
		{ "-x", "unknown option \"-x\"" },
		{ "-itx", "unknown option \"-itx\"" },
		{ "-=", "unknown option \"-=\"" },
		{ "-1", "unknown option \"-1\"" },
		{ "--bundle", "option --bundle needs DIR" },
		{ "-b", "option --bundle needs DIR" },
		{ "-tn", "option --number needs N" },
		{ "-e", "option --env needs NAME=VALUE" },
	};
	struct run run;

	(void)state;
	for (size_t i = 0; i < LEN(rows_refused); i++) {
		PARSE(&run, rows_refused[i][0]);
		assert_int_equal(run.result, -EINVAL);
		assert_int_equal(run.err.num, EINVAL);
		assert_string_equal(run.err.text, rows_refused[i][1]);
	}
}

/* A command without options has no table at all. */
static void test_no_table(void **state)
{
	char *argv[] = { "program", "id", "-h", NULL };
	struct error err = { 0 };
	bool help = false;

	(void)state;
	assert_int_equal(options_parse(NULL, NULL, false, 2, argv, &help, &err), 1);
	assert_true(options_parse(NULL, NULL, false, 3, argv, &help, &err) > 0);
	assert_true(help);
	argv[2] = "--bundle";
	help = false;
	assert_int_equal(options_parse(NULL, NULL, false, 3, argv, &help, &err), -EINVAL);
}

static void test_print(void **state)
{
	char text[2048] = "";
	FILE *out = fmemopen(text, sizeof(text), "w");

	(void)state;
	options_print(rows, out);
	fclose(out);
	assert_non_null(strstr(text, "  -b, --bundle DIR               a string\n"));
	assert_non_null(strstr(text, "      --name NAME                a string without a"));
	assert_non_null(strstr(text, "  -t, --tty                      a flag\n"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_forms),
		cmocka_unit_test(test_letters),
		cmocka_unit_test(test_flags),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_positional),
		cmocka_unit_test(test_stop),
		cmocka_unit_test(test_help),
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_no_table),
		cmocka_unit_test(test_print),
	};

	return cmocka_run_group_tests_name("options", tests, NULL, NULL);
}
