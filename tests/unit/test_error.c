/* test_error.c - failures: who tells them, what is cut */
#include "base/error.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>

#include "tests/unit/unit.h"

static void test_set(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(error_set(&err, EINVAL, "\"%s\" is %d", "x", 1), -EINVAL);
	assert_int_equal(err.num, EINVAL);
	assert_string_equal(err.text, "\"x\" is 1");
	assert_int_equal(error_set(&err, -ENOENT, "again"), -ENOENT);
	assert_int_equal(err.num, ENOENT);
	assert_string_equal(err.text, "again");
}

/* Whatever the number, also one that came from another process: a failure stays one. */
static void test_numbers(void **state)
{
	static const int odd[] = { 0, INT_MAX, INT_MIN, 4096, -4096 };
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(odd); i++) {
		assert_int_equal(error_set(&err, odd[i], "x"), -EIO);
		assert_int_equal(error_errno(&err, odd[i], "x"), -EIO);
		assert_int_equal(err.num, EIO);
	}
	assert_int_equal(error_set(&err, -4095, "x"), -4095);
}

static void test_errno(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(error_errno(&err, -EPERM, "mount \"%s\"", "/proc"), -EPERM);
	assert_string_equal(err.text, "mount \"/proc\": operation not permitted");
}

/* As Go programs say it; but an abbreviation stays one. */
static void test_name(void **state)
{
	char name[ERROR_NAME_SIZE];

	(void)state;
	assert_string_equal(error_name(-ENOENT, name), "no such file or directory");
	assert_string_equal(error_name(ESRCH, name), "no such process");
	assert_string_equal(error_name(ESRMNT, name), "srmount error");
	assert_string_equal(error_name(EDOTDOT, name), "RFS specific error");
	assert_string_equal(error_name(-1000, name), "unknown error 1000");
}

/* The static program's C library has other words; these tests are linked with glibc. */
static void test_all_names(void **state)
{
	char name[ERROR_NAME_SIZE];

	(void)state;
	for (int num = 0; num <= EHWPOISON; num++) {
		const char *words = strerror(num);

		error_name(num, name);
		assert_int_equal(tolower((unsigned char)name[0]), tolower((unsigned char)words[0]));
		assert_string_equal(name + 1, words + 1);
	}
}

static void test_context(void **state)
{
	struct error err = { 0 };

	(void)state;
	error_errno(&err, EPERM, "mount proc on \"/proc\"");
	assert_int_equal(error_context(&err, "mount filesystems"), -EPERM);
	assert_int_equal(error_context(&err, "create \"%s\"", "100%"), -EPERM);
	assert_string_equal(err.text, "create \"100%\": mount filesystems: "
				      "mount proc on \"/proc\": operation not permitted");
}

/* Context for a failure that nobody wrote down must not turn it into a success. */
static void test_context_of_nothing(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(error_context(&err, "create"), -EIO);
	assert_int_equal(err.num, EIO);
	assert_int_equal(strncmp(err.text, "create: ", 8), 0);
}

static void test_without_receiver(void **state)
{
	(void)state;
	assert_int_equal(error_set(NULL, EINVAL, "x"), -EINVAL);
	assert_int_equal(error_errno(NULL, -EPERM, "x"), -EPERM);
	assert_true(error_context(NULL, "x") < 0);
}

/* The place at the beginning and the cause at the end are there, and all the room is used. */
static void assert_cut(const struct error *err, const char *cause)
{
	size_t len = strlen(err->text);

	assert_int_equal(len, sizeof(err->text) - 1);
	assert_memory_equal(err->text, "xxxx", 4);
	assert_non_null(strstr(err->text, "x...x"));
	assert_string_equal(err->text + len - strlen(cause), cause);
}

/* Message of each length around the limit, by each of the three ways to reach it. */
static void test_cut(void **state)
{
	static char text[sizeof(((struct error *)0)->text) * 2];
	const size_t room = sizeof(((struct error *)0)->text) - 1;
	struct error err = { 0 };

	(void)state;
	for (size_t len = room - 40; len < room + 40; len++) {
		memset(text, 'x', len);
		text[len] = 0;

		error_set(&err, EPERM, "%s", text);
		if (len > room)
			assert_cut(&err, "x");
		else
			assert_string_equal(err.text, text);
		error_errno(&err, EPERM, "%s", text);
		if (len + strlen(": operation not permitted") > room)
			assert_cut(&err, "x: operation not permitted");
		else
			assert_string_equal(err.text + len, ": operation not permitted");
		error_set(&err, EPERM, "cause");
		error_context(&err, "%s", text);
		if (len + strlen(": cause") > room)
			assert_cut(&err, "x: cause");
		else
			assert_string_equal(err.text + len, ": cause");
	}
}

/* What the user wrote is cut first, by whole characters of UTF-8. */
static void test_cut_quoted(void **state)
{
	static char text[100000], wanted[300];
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i + 2 < sizeof(text); i += 2)
		memcpy(text + i, "\xc3\xa4", 2);
	snprintf(wanted, sizeof(wanted), "\"%.254s...\"", text);
	error_errno(&err, ENOENT, "open \"%s\"", text);
	assert_memory_equal(err.text, "open ", 5);
	assert_memory_equal(err.text + 5, wanted, strlen(wanted));
	assert_string_equal(err.text + 5 + strlen(wanted), ": no such file or directory");
	error_context(&err, "first \"%s\", then \"%s\"", "short", text + 1);
	assert_non_null(strstr(err.text, "first \"short\", then \""));
	assert_non_null(strstr(err.text, "...\": open \""));
	assert_non_null(strstr(err.text, "\": no such file or directory"));
	/* A quote without its other half, and nothing but quotes. */
	error_errno(&err, ENOENT, "open \"%s", text);
	assert_non_null(strstr(err.text, ": no such file or directory"));
	memset(text, '"', sizeof(text) - 1);
	error_errno(&err, ENOENT, "open \"%s\"", text);
	assert_non_null(strstr(err.text, ": no such file or directory"));
	/* What there is room for stays whole. */
	text[1000] = 0;
	memset(text, 'x', 1000);
	error_errno(&err, ENOENT, "open \"%s\"", text);
	assert_int_equal(strlen(err.text), 1007 + strlen(": no such file or directory"));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_set),
		cmocka_unit_test(test_numbers),
		cmocka_unit_test(test_errno),
		cmocka_unit_test(test_name),
		cmocka_unit_test(test_all_names),
		cmocka_unit_test(test_context),
		cmocka_unit_test(test_context_of_nothing),
		cmocka_unit_test(test_without_receiver),
		cmocka_unit_test(test_cut),
		cmocka_unit_test(test_cut_quoted),
	};

	return cmocka_run_group_tests_name("error", tests, NULL, NULL);
}
