/* test_executable.c - looking up a program, and the words that engines match */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "runtime/linux/executable.h"

enum { TEXT_SIZE = sizeof(((struct error *)0)->text) };

static char base[] = "/tmp/test_executable.XXXXXX";

static void make_file(const char *name, mode_t mode)
{
	char path[128];
	int fd;

	snprintf(path, sizeof(path), "%s/%s", base, name);
	fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static int set_up(void **state)
{
	char path[128];

	(void)state;
	if (!mkdtemp(base))
		return -1;
	snprintf(path, sizeof(path), "%s/bin", base);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/bin/directory", base);
	mkdir(path, 0755);
	snprintf(path, sizeof(path), "%s/bin/dangling", base);
	if (symlink("/no/such", path) < 0)
		return -1;
	snprintf(path, sizeof(path), "%s/bin/circle", base);
	if (symlink("circle", path) < 0)
		return -1;
	make_file("bin/program", 0755);
	make_file("bin/text", 0644);
	make_file("local", 0755);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	return file_remove_tree_at(AT_FDCWD, base);
}

/* Return: what executable_find returns; what was found or the message is in text. */
static int find(const char *name, const char *path_variable, char text[TEXT_SIZE])
{
	auto_arena struct arena arena = { 0 };
	char variable[256];
	char *env[] = { "HOME=/", variable, NULL };
	struct error err = { 0 };
	const char *path;
	int r;

	snprintf(variable, sizeof(variable), "%s", path_variable);
	r = executable_find(name, env, base, &arena, &path, &err);
	snprintf(text, TEXT_SIZE, "%s", r < 0 ? err.text : path);
	return r;
}

static void assert_found(const char *name, const char *path_variable, const char *below_base)
{
	char text[TEXT_SIZE], wanted[512];

	snprintf(wanted, sizeof(wanted), "%s/%s", base, below_base);
	assert_int_equal(find(name, path_variable, text), 0);
	assert_string_equal(text, wanted);
}

static void found(void **state)
{
	char absolute[128], path[256];

	(void)state;
	snprintf(absolute, sizeof(absolute), "%s/bin/program", base);
	snprintf(path, sizeof(path), "PATH=/nowhere:%s/bin:/bin", base);
	assert_found(absolute, "PATH=", "bin/program");
	assert_found("program", path, "bin/program");
	assert_found("bin/program", "PATH=", "bin/program");
	assert_found("program", "PATH=bin", "bin/program");
	assert_found("local", "PATH=/nowhere::/bin", "./local");
	assert_found("local", "PATH=:/nowhere", "./local");
	assert_found("local", "PATH=/nowhere:", "./local");
}

static void not_found_in_path(void **state)
{
	static const struct {
		const char *name, *unfit, *reason;
	} rows[] = {
		{ "none", "", "" },
		{ "", "", "" },
		{ "text", "/bin/text", "has no execute bit: its mode is 0644" },
		{ "directory", "/bin/directory", "is a directory, not a file" },
		{ "dangling", "/bin/dangling",
		  "is a symlink to \"/no/such\", which leads nowhere" },
	};
	char path[256], text[TEXT_SIZE], wanted[256];

	(void)state;
	snprintf(path, sizeof(path), "PATH=%s/nowhere:%s/bin/text:%s/bin", base, base, base);
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int len = snprintf(wanted, sizeof(wanted),
				   "exec: \"%s\": executable file not found in $PATH",
				   rows[i].name);

		if (*rows[i].reason)
			snprintf(wanted + len, sizeof(wanted) - (size_t)len, ": \"%s%s\" %s", base,
				 rows[i].unfit, rows[i].reason);
		assert_int_equal(find(rows[i].name, path, text), -ENOENT);
		assert_string_equal(text, wanted);
	}
	assert_int_equal(find("local", "PATH=", text), -ENOENT);
	assert_int_equal(find("program", "NOPATH=/bin", text), -ENOENT);
	assert_string_equal(text, "exec: \"program\": executable file not found in $PATH: the "
				  "environment has no PATH");
}

/* reason: behind the path of the file; NULL: none is needed. */
static void refused(void **state)
{
	static const struct {
		const char *name, *message, *reason;
		int num;
	} rows[] = {
		{ "bin/none", "stat bin/none: no such file or directory", NULL, ENOENT },
		{ "/no/such", "stat /no/such: no such file or directory", NULL, ENOENT },
		{ "bin/text", "permission denied", "has no execute bit: its mode is 0644", EACCES },
		{ "bin/directory", "is a directory: permission denied", NULL, EISDIR },
		{ "bin/text/x", "stat bin/text/x: not a directory", NULL, ENOTDIR },
		{ "bin/dangling", "stat bin/dangling: no such file or directory",
		  "is a symlink to \"/no/such\", which leads nowhere", ENOENT },
		{ "bin/circle", "stat bin/circle: too many levels of symbolic links",
		  "is a symlink to \"circle\", which leads in a circle", ELOOP },
	};
	char text[TEXT_SIZE], wanted[TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		int len = snprintf(wanted, sizeof(wanted), "exec: \"%s\": %s", rows[i].name,
				   rows[i].message);

		if (rows[i].reason)
			snprintf(wanted + len, sizeof(wanted) - (size_t)len, ": \"%s/%s\" %s", base,
				 rows[i].name, rows[i].reason);
		assert_int_equal(find(rows[i].name, "PATH=/bin", text), -rows[i].num);
		assert_string_equal(text, wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(found),
		cmocka_unit_test(not_found_in_path),
		cmocka_unit_test(refused),
	};

	return cmocka_run_group_tests(tests, set_up, tear_down);
}
