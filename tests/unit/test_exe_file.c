/* test_exe_file.c - a process that runs on from another file */
#include "runtime/linux/exe_file.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/sys.h"
#include "tests/unit/unit.h"

static char *const *arguments; /* of main */
static char data[] = "written";
static int zeros[2000];
static const char *const relocated[] = { "by", "the", "linker" };

/* Return: a descriptor of this program behind a mount of its own, or -errno. */
static int open_own_program(void)
{
	char path[32];
	int tree = sys_open_tree(AT_FDCWD, "/proc/self/exe", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	int fd;

	if (tree < 0)
		return tree;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", tree);
	fd = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
	close(tree);
	return fd;
}

/*
 * What the kernel knows of the process's memory, as proc_pid_stat(5) counts the fields: code,
 * stack, data, arguments, environment; not the heap, which has been begun here.
 */
static bool read_memory_map(uint64_t fields[9])
{
	static const int numbers[] = { 26, 27, 28, 45, 46, 48, 49, 50, 51 };
	auto_buf struct buf text = { 0 };
	char *at;

	if (file_read_at(AT_FDCWD, "/proc/self/stat", 4096, &text) < 0)
		return false;
	at = strrchr(text.data, ')') + strlen(") S");
	for (int number = 4, i = 0; i < 9; number++) {
		uint64_t value = strtoull(at, &at, 10);

		if (number == numbers[i])
			fields[i++] = value;
	}
	return true;
}

/* In a child, as it cannot be undone. Return: the number of what is not as it has to be, or 0. */
static int replace_and_look(const char *name)
{
	auto_buf struct buf maps = { 0 };
	uint64_t before[9], after[9];
	char now[256] = { 0 };
	int fd = open_own_program();

	data[0] = 'W';
	zeros[1999] = 7;
	if (!read_memory_map(before) || exe_file_replace(fd, arguments) < 0 ||
	    !read_memory_map(after))
		return 1;
	close(fd);
	if (readlink("/proc/self/exe", now, sizeof(now) - 1) < 0 || strcmp(now, "/") != 0)
		return 2;
	if (file_read_at(AT_FDCWD, "/proc/self/maps", 1 << 20, &maps) < 0)
		return 3;
	if (strstr(maps.data, name))
		return 4;
	if (strcmp(data, "Written") != 0 || zeros[1999] != 7 || zeros[0] != 0)
		return 5;
	if (strcmp(relocated[2], "linker") != 0)
		return 6;
	return memcmp(before, after, sizeof(before)) == 0 ? 0 : 7;
}

static void test_replaced(void **state)
{
	char name[256] = { 0 };
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	assert_true(readlink("/proc/self/exe", name, sizeof(name) - 1) > 0);
	pid = fork();
	if (pid == 0)
		_exit(replace_and_look(name));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

/* Nothing has changed then. */
static void test_another_program(void **state)
{
	char before[256] = { 0 }, after[256] = { 0 };
	int fd = open("/bin/sh", O_RDONLY | O_CLOEXEC);

	(void)state;
	assert_true(readlink("/proc/self/exe", before, sizeof(before) - 1) > 0);
	assert_int_equal(exe_file_replace(fd, arguments), -ENOEXEC);
	assert_true(readlink("/proc/self/exe", after, sizeof(after) - 1) > 0);
	assert_string_equal(before, after);
	close(fd);
}

/* Without the capability the process goes on with what it has. */
static void test_not_permitted(void **state)
{
	int status;
	pid_t pid;

	(void)state;
	if (geteuid() != 0)
		skip();
	pid = fork();
	if (pid == 0) {
		int fd = open_own_program();

		_exit(setresuid(65534, 65534, 65534) < 0 ||
		      exe_file_replace(fd, arguments) != -EPERM ||
		      strcmp(relocated[0], "by") != 0 || strcmp(data, "written") != 0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(status, 0);
}

int main(int argc, char *argv[])
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_replaced),
		cmocka_unit_test(test_another_program),
		cmocka_unit_test(test_not_permitted),
	};

	(void)argc;
	arguments = argv;
	return cmocka_run_group_tests_name("exe_file", tests, NULL, NULL);
}
