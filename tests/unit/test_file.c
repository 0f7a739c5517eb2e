/* test_file.c - whole files: read, replaced, removed, and what is left where that fails */
#include "base/file.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>

#include "tests/unit/unit.h"

static void write_file(int dir, const char *name, const char *text)
{
	auto_close int fd = openat(dir, name, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(file_write_fd(fd, text, strlen(text)), 0);
}

static void test_read(void **state)
{
	auto_close int dir = scratch_open(state);
	auto_buf struct buf text = { 0 };
	auto_buf struct buf empty = { 0 };

	write_file(dir, "a", "12345");
	assert_int_equal(file_read_at(dir, "a", 5, &text), 0);
	assert_int_equal(file_read_at(dir, "a", 5, &text), 0);
	assert_string_equal(text.data, "1234512345");
	assert_int_equal(file_read_at(dir, "a", 4, &text), -EFBIG);
	assert_int_equal(file_read_at(dir, "b", 4, &text), -ENOENT);
	assert_int_equal(file_read_at(dir, ".", 4, &text), -EISDIR);
	write_file(dir, "empty", "");
	assert_int_equal(file_read_at(dir, "empty", 0, &empty), 0);
	assert_string_equal(empty.data, "");
}

/* Whatever size it had when somebody looked, all of it is read, or it is refused. */
static void test_read_sized(void **state)
{
	auto_close int dir = scratch_open(state);
	auto_buf struct buf nothing = { 0 };

	write_file(dir, "a", "12345");
	for (size_t size = 0; size < 10; size++) {
		auto_close int fd = openat(dir, "a", O_RDONLY | O_CLOEXEC);
		auto_buf struct buf text = { 0 };

		buf_puts(&text, "0");
		assert_int_equal(file_read_sized(fd, size, 9, &text), 0);
		assert_string_equal(text.data, "012345");
		assert_int_equal(text.len, 6);
	}
	for (size_t size = 0; size < 10; size++) {
		auto_close int fd = openat(dir, "a", O_RDONLY | O_CLOEXEC);
		auto_buf struct buf text = { 0 };

		assert_int_equal(file_read_sized(fd, size, 4, &text), -EFBIG);
	}
	assert_int_equal(file_read_sized(dir, 5, 5, &nothing), -EISDIR);
}

/* It has no end: the limit ends it. */
static void test_read_endless(void **state)
{
	auto_buf struct buf text = { 0 };

	(void)state;
	assert_int_equal(file_read_at(AT_FDCWD, "/dev/zero", 100000, &text), -EFBIG);
	assert_true(text.len < 200000);
}

static void test_set(void **state)
{
	auto_close int dir = scratch_open(state);

	assert_int_equal(file_set_at(dir, "a", "1"), -ENOENT);
	assert_int_equal(count_entries(dir), 0);
	write_file(dir, "a", "0");
	assert_int_equal(file_set_at(dir, "a", "1"), 0);
	assert_file_is(dir, "a", "1");
}

static void test_replace(void **state)
{
	auto_close int dir = scratch_open(state);
	auto_close int before = -1;
	struct stat st;

	assert_int_equal(file_replace_at(dir, "a", "old", 3, 0600), 0);
	before = openat(dir, "a", O_RDONLY | O_CLOEXEC);
	assert_int_equal(file_replace_at(dir, "a", "new", 3, 0600), 0);
	assert_file_is(dir, "a", "new");
	assert_int_equal(fstatat(dir, "a", &st, 0), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	/* Who has the old one open still reads it. */
	assert_int_equal(fstat(before, &st), 0);
	assert_int_equal(st.st_nlink, 0);
	assert_int_equal(count_entries(dir), 1);
}

/* A symlink is replaced, not followed. */
static void test_replace_symlink(void **state)
{
	auto_close int dir = scratch_open(state);
	struct stat st;

	write_file(dir, "victim", "precious");
	assert_int_equal(symlinkat("victim", dir, "a"), 0);
	assert_int_equal(file_replace_at(dir, "a", "new", 3, 0600), 0);
	assert_file_is(dir, "victim", "precious");
	assert_int_equal(fstatat(dir, "a", &st, AT_SYMLINK_NOFOLLOW), 0);
	assert_true(S_ISREG(st.st_mode));
}

static void test_replace_fails(void **state)
{
	auto_close int dir = scratch_open(state);
	const struct rlimit none = { .rlim_cur = 1, .rlim_max = RLIM_INFINITY };
	struct rlimit before;

	assert_int_equal(mkdirat(dir, "directory", 0700), 0);
	write_file(dir, "directory/file", "x");
	assert_int_equal(file_replace_at(dir, "directory", "x", 1, 0600), -EISDIR);
	assert_file_is(dir, "directory/file", "x");
	assert_int_equal(file_replace_at(dir, "missing/a", "x", 1, 0600), -ENOENT);
	assert_int_equal(count_entries(dir), 1);
	/* Half of it can be written, as on a disk that gets full. */
	write_file(dir, "a", "old");
	getrlimit(RLIMIT_FSIZE, &before);
	signal(SIGXFSZ, SIG_IGN);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
	assert_int_equal(file_replace_at(dir, "a", "new", 3, 0600), -EFBIG);
	assert_int_equal(setrlimit(RLIMIT_FSIZE, &before), 0);
	assert_file_is(dir, "a", "old");
	assert_int_equal(count_entries(dir), 2);
}

static void test_replace_after_kill(void **state)
{
	auto_close int dir = scratch_open(state);
	char draft[64];

	/* Of a process that had our pid and was killed before the rename. */
	snprintf(draft, sizeof(draft), "a.%d.new", getpid());
	write_file(dir, draft, "half");
	assert_int_equal(file_replace_at(dir, "a", "new", 3, 0600), 0);
	assert_file_is(dir, "a", "new");
	assert_int_equal(count_entries(dir), 1);
}

static void test_make_directories(void **state)
{
	auto_close int dir = scratch_open(state);
	char path[128];
	struct stat st;

	snprintf(path, sizeof(path), "%s/a/b//c/", (char *)*state);
	assert_int_equal(file_make_directories(path, 0711), 0);
	assert_int_equal(file_make_directories(path, 0711), 0);
	assert_int_equal(fstatat(dir, "a/b/c", &st, 0), 0);
	assert_true(S_ISDIR(st.st_mode));
	assert_int_equal(file_make_directories("/", 0700), 0);
	assert_int_equal(file_make_directories("", 0700), -ENOENT);
	write_file(dir, "file", "");
	snprintf(path, sizeof(path), "%s/file", (char *)*state);
	assert_int_equal(file_make_directories(path, 0700), -ENOTDIR);
	snprintf(path, sizeof(path), "%s/file/d", (char *)*state);
	assert_int_equal(file_make_directories(path, 0700), -ENOTDIR);
}

static void test_remove(void **state)
{
	auto_close int dir = scratch_open(state);
	char name[32];

	assert_int_equal(file_remove_tree_at(dir, "missing"), 0);
	write_file(dir, "file", "");
	assert_int_equal(file_remove_tree_at(dir, "file"), 0);
	assert_int_equal(mkdirat(dir, "d", 0700), 0);
	for (int i = 0; i < 500; i++) {
		snprintf(name, sizeof(name), "d/%d", i);
		write_file(dir, name, "x");
	}
	/* What root may. */
	assert_int_equal(mkdirat(dir, "d/e", geteuid() == 0 ? 0 : 0700), 0);
	assert_int_equal(mkfifoat(dir, "d/fifo", 0600), 0);
	assert_int_equal(file_remove_tree_at(dir, "d"), 0);
	assert_int_equal(count_entries(dir), 0);
}

static void test_remove_symlinks(void **state)
{
	auto_close int dir = scratch_open(state);

	assert_int_equal(mkdirat(dir, "precious", 0700), 0);
	write_file(dir, "precious/file", "x");
	assert_int_equal(mkdirat(dir, "d", 0700), 0);
	assert_int_equal(symlinkat("../precious", dir, "d/link"), 0);
	assert_int_equal(symlinkat("..", dir, "d/up"), 0);
	assert_int_equal(symlinkat("/", dir, "d/root"), 0);
	assert_int_equal(symlinkat("nowhere", dir, "d/broken"), 0);
	assert_int_equal(file_remove_tree_at(dir, "d"), 0);
	assert_int_equal(symlinkat("precious", dir, "link"), 0);
	assert_int_equal(file_remove_tree_at(dir, "link"), 0);
	assert_file_is(dir, "precious/file", "x");
	assert_int_equal(count_entries(dir), 1);
}

static int count_precious(int dir)
{
	auto_close int precious = openat(dir, "precious", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	return count_entries(precious);
}

/* In a mount namespace of its own. Return: an exit status. */
static int remove_across_mounts(const char *path)
{
	if (unshare(CLONE_NEWNS) < 0 || mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL) < 0)
		return 77;
	/* The same file system: the device number does not tell it from the tree. */
	if (chdir(path) < 0 || mount("precious", "d/mounted", NULL, MS_BIND, NULL) < 0)
		return 77;
	if (file_remove_tree_at(AT_FDCWD, "d") != -EBUSY)
		return 1;
	return file_remove_tree_at(AT_FDCWD, "d/mounted") == -EBUSY ? 0 : 2;
}

static void test_remove_mounts(void **state)
{
	auto_close int dir = scratch_open(state);
	pid_t pid;
	int status;

	assert_int_equal(mkdirat(dir, "precious", 0700), 0);
	write_file(dir, "precious/file", "x");
	assert_int_equal(mkdirat(dir, "d", 0700), 0);
	assert_int_equal(mkdirat(dir, "d/mounted", 0700), 0);
	pid = fork();
	if (pid == 0)
		_exit(remove_across_mounts(*state));
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_int_equal(count_precious(dir), 1);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == 77) {
		print_message("# SKIP a mount namespace needs root\n");
		skip();
	}
	assert_int_equal(WEXITSTATUS(status), 0);
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, scratch_make, scratch_remove)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_read),
		TEST(test_read_sized),
		TEST(test_read_endless),
		TEST(test_set),
		TEST(test_replace),
		TEST(test_replace_symlink),
		TEST(test_replace_fails),
		TEST(test_replace_after_kill),
		TEST(test_make_directories),
		TEST(test_remove),
		TEST(test_remove_symlinks),
		TEST(test_remove_mounts),
	};

	return cmocka_run_group_tests_name("file", tests, NULL, NULL);
}
