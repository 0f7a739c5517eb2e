/* test_rootfs.c - paths below a hostile root: what is found, what is made, and where */
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

#include "base/fd.h"
#include "base/file.h"
#include "runtime/linux/rootfs.h"

/* <dir>/root is the container's; <dir>/host must stay empty whatever happens. */
static char dir[] = "/tmp/test_rootfs.XXXXXX";
static char template[sizeof(dir)];
static int base, root;

static int set_up(void **state)
{
	(void)state;
	strcpy(template, dir);
	umask(0);
	if (!mkdtemp(template))
		return -1;
	base = open(template, O_PATH | O_DIRECTORY | O_CLOEXEC);
	mkdirat(base, "root", 0755);
	mkdirat(base, "host", 0755);
	root = openat(base, "root", O_PATH | O_DIRECTORY | O_CLOEXEC);
	return root < 0 ? -1 : 0;
}

static int tear_down(void **state)
{
	/* rmdir(2) fails where something was made outside the root. */
	int r = unlinkat(base, "host", AT_REMOVEDIR);

	(void)state;
	fd_close(&root);
	fd_close(&base);
	return file_remove_tree_at(AT_FDCWD, template) < 0 ? -1 : r;
}

static mode_t mode_of(const char *path)
{
	struct stat st;

	return fstatat(root, path, &st, AT_SYMLINK_NOFOLLOW) < 0 ? 0 : st.st_mode;
}

static bool is_same(int fd, const char *path)
{
	struct stat a, b;

	return fstat(fd, &a) == 0 && fstatat(root, path, &b, AT_SYMLINK_NOFOLLOW) == 0 &&
	       a.st_ino == b.st_ino && a.st_dev == b.st_dev;
}

static void makes_directories(void **state)
{
	auto_close int fd = rootfs_ensure_directory(root, "/a//./b/c/", 01777, NULL);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(mode_of("a/b"), S_IFDIR | 0755);
	assert_int_equal(mode_of("a/b/c"), S_IFDIR | 01777);
	assert_true(is_same(fd, "a/b/c"));
}

static void makes_a_file_and_keeps_what_is_there(void **state)
{
	auto_close int fd = rootfs_ensure_file(root, "x/y/file", 0640, NULL);
	auto_close int again = rootfs_ensure_file(root, "x/y/file", 0600, NULL);

	(void)state;
	assert_true(fd >= 0 && again >= 0);
	assert_int_equal(mode_of("x/y/file"), S_IFREG | 0640);
	assert_true(is_same(again, "x/y/file"));
}

static void the_root_itself(void **state)
{
	auto_close int a = rootfs_ensure_directory(root, "/", 0755, NULL);
	auto_close int b = rootfs_ensure_directory(root, "no/../../..", 0755, NULL);

	(void)state;
	assert_true(is_same(a, ".") && is_same(b, "."));
}

static void dotdot_stays_inside(void **state)
{
	auto_close int fd = rootfs_ensure_file(root, "../../q/../../../w/./../e/f", 0644, NULL);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(mode_of("e/f"), S_IFREG | 0644);
}

/* A descriptor that the look-up itself opens has a number that was free before. */
static void links_of_descriptors_are_not_followed(void **state)
{
	auto_close int host = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
	int next = dup(host);

	(void)state;
	close(next);
	for (int i = 0; i < 4; i++) {
		char path[64];

		snprintf(path, sizeof(path), "/proc/self/fd/%d", next + i);
		assert_true(rootfs_ensure_directory(host, path, 0755, NULL) < 0);
	}
	assert_int_equal(rootfs_ensure_directory(host, "/proc/self/cwd", 0755, NULL), -ELOOP);
}

static void dangling_links_are_completed_inside(void **state)
{
	char target[128];
	auto_close int fd = -1, file = -1, deep = -1;

	(void)state;
	snprintf(target, sizeof(target), "%s/host/new", template);
	assert_int_equal(symlinkat(target, root, "absolute"), 0);
	assert_int_equal(symlinkat("../../../../../host/sub", root, "relative"), 0);
	assert_int_equal(symlinkat("relative/../absolute", root, "chain"), 0);

	file = rootfs_ensure_file(root, "absolute", 0644, NULL);
	assert_true(is_same(file, target + 1));
	fd = rootfs_ensure_directory(root, "relative/below", 0755, NULL);
	assert_true(is_same(fd, "host/sub/below"));
	deep = rootfs_open(root, "chain", O_PATH | O_NOFOLLOW, NULL);
	assert_true(deep >= 0);
	assert_int_equal(rootfs_ensure_directory(root, "absolute/x", 0755, NULL), -ENOTDIR);
}

static void loops_end(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(symlinkat("b", root, "a"), 0);
	assert_int_equal(symlinkat("a", root, "b"), 0);
	assert_int_equal(symlinkat("grow/missing/x", root, "grow"), 0);
	assert_int_equal(rootfs_ensure_directory(root, "a/x", 0755, &err), -ELOOP);
	assert_non_null(strstr(err.text, "\"a/x\""));
	assert_int_equal(rootfs_ensure_directory(root, "grow", 0755, NULL), -ELOOP);
	assert_int_equal(rootfs_open(root, "a", O_PATH, NULL), -ELOOP);
}

static void plain_refuses_links(void **state)
{
	struct error err = { 0 };
	auto_close int fd = -1;

	(void)state;
	assert_int_equal(mkdirat(root, "etc", 0755), 0);
	assert_int_equal(symlinkat("etc", root, "proc"), 0);
	assert_int_equal(symlinkat("missing", root, "sys"), 0);
	assert_int_equal(rootfs_ensure_plain_directory(root, "/proc", &err), -ELOOP);
	assert_non_null(strstr(err.text, "symlink"));
	assert_int_equal(rootfs_ensure_plain_directory(root, "/sys", NULL), -ELOOP);
	assert_int_equal(rootfs_ensure_plain_directory(root, "/sys/x", NULL), -ELOOP);
	assert_int_equal(mode_of("missing"), 0);
	fd = rootfs_ensure_plain_directory(root, "/run/proc", NULL);
	assert_true(is_same(fd, "run/proc"));
}

static void wrong_kinds_are_told(void **state)
{
	char *path = calloc(1, 2 * PATH_MAX);
	auto_close int fd = rootfs_ensure_file(root, "file", 0644, NULL);

	(void)state;
	assert_true(fd >= 0);
	assert_int_equal(rootfs_ensure_directory(root, "file", 0755, NULL), -ENOTDIR);
	assert_int_equal(rootfs_ensure_directory(root, "file/x", 0755, NULL), -ENOTDIR);
	assert_int_equal(rootfs_ensure_file(root, "/", 0644, NULL), -EISDIR);
	assert_int_equal(mkdirat(root, "d", 0755), 0);
	assert_int_equal(rootfs_ensure_file(root, "d", 0644, NULL), -EISDIR);
	memset(path, 'n', NAME_MAX + 1);
	assert_int_equal(rootfs_ensure_directory(root, path, 0755, NULL), -ENAMETOOLONG);
	memset(path, '/', PATH_MAX + 10);
	assert_int_equal(rootfs_ensure_directory(root, path, 0755, NULL), -ENAMETOOLONG);
	free(path);
}

static void parents(void **state)
{
	char name[NAME_MAX + 1];
	auto_close int fd = rootfs_ensure_parent(root, "/dev/net/tun", name, NULL);
	auto_close int top = rootfs_ensure_parent(root, "top/", name + 0, NULL);

	(void)state;
	assert_true(is_same(fd, "dev/net"));
	assert_string_equal(name, "top");
	assert_true(is_same(top, "."));
	assert_int_equal(rootfs_ensure_parent(root, "/", name, NULL), -EINVAL);
	assert_int_equal(rootfs_ensure_parent(root, "a/..", name, NULL), -EINVAL);
	assert_int_equal(rootfs_ensure_parent(root, "", name, NULL), -EINVAL);
}

static void magic_links_are_not_followed(void **state)
{
	(void)state;
	assert_int_equal(symlinkat("/proc/self/cwd", root, "cwd"), 0);
	assert_int_equal(rootfs_open(root, "cwd", O_PATH, NULL), -ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(makes_directories, set_up, tear_down),
		cmocka_unit_test_setup_teardown(makes_a_file_and_keeps_what_is_there, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(the_root_itself, set_up, tear_down),
		cmocka_unit_test_setup_teardown(dotdot_stays_inside, set_up, tear_down),
		cmocka_unit_test(links_of_descriptors_are_not_followed),
		cmocka_unit_test_setup_teardown(dangling_links_are_completed_inside, set_up,
						tear_down),
		cmocka_unit_test_setup_teardown(loops_end, set_up, tear_down),
		cmocka_unit_test_setup_teardown(plain_refuses_links, set_up, tear_down),
		cmocka_unit_test_setup_teardown(wrong_kinds_are_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(parents, set_up, tear_down),
		cmocka_unit_test_setup_teardown(magic_links_are_not_followed, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
