/* test_idmap.c - maps that the kernel would not take whole are refused; maps are compared */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "runtime/linux/idmap.h"

enum { MANY = 70000 };

static struct spec_id_mapping map[MANY];

/* With -1 as procfs a write would be EBADF. */
static int write_maps(size_t uids, size_t gids, struct error *err)
{
	return idmap_write(-1, 1, map, uids, map, gids, err);
}

static void too_many_lines(void **state)
{
	static const size_t counts[] = { 341, MANY };

	(void)state;
	for (size_t i = 0; i < sizeof(counts) / sizeof(*counts); i++) {
		struct error err = { 0 };

		assert_int_equal(write_maps(counts[i], 1, &err), -EINVAL);
		assert_non_null(strstr(err.text, "uid_map"));
		assert_int_equal(write_maps(1, counts[i], &err), -EINVAL);
		assert_non_null(strstr(err.text, "gid_map"));
		assert_non_null(strstr(err.text, "at most 340"));
	}
}

static void too_much_text(void **state)
{
	static struct spec_id_mapping wide[340];
	struct error err = { 0 };

	(void)state;
	for (size_t i = 0; i < 340; i++)
		wide[i] = (struct spec_id_mapping){ 1000000000, 1000000000, 1000000000 };
	assert_int_equal(idmap_write(-1, 1, wide, 340, map, 1, &err), -EINVAL);
	assert_non_null(strstr(err.text, "page"));
}

static void what_fits_is_written(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(write_maps(340, 340, &err), -EBADF);
	assert_int_equal(write_maps(0, 0, &err), 0);
}

/* A directory that stands in for /proc, with the uid_map of process 7. Return: its descriptor. */
static int make_proc(char *path, const char *uid_map)
{
	int proc, fd;

	assert_non_null(mkdtemp(path));
	proc = open(path, O_RDONLY | O_DIRECTORY);
	assert_int_equal(mkdirat(proc, "7", 0700), 0);
	fd = openat(proc, "7/uid_map", O_WRONLY | O_CREAT, 0600);
	assert_int_equal(write(fd, uid_map, strlen(uid_map)), strlen(uid_map));
	close(fd);
	return proc;
}

static void remove_proc(const char *path, int proc)
{
	unlinkat(proc, "7/uid_map", 0);
	unlinkat(proc, "7", AT_REMOVEDIR);
	close(proc);
	rmdir(path);
}

static void same_maps_only(void **state)
{
	static const char two[] =
		"         0     100000      65536\n     65536          5          1\n";
	static const struct spec_id_mapping uids[] = { { 0, 100000, 65536 }, { 65536, 5, 1 } };
	static const struct {
		const char *text;
		size_t len;
		int result;
	} rows[] = {
		{ two, 2, 0 },
		{ two, 1, -EINVAL },
		{ two, 0, 0 },
		{ "         0     100000      65536\n", 1, 0 },
		{ "         0     100000      65536\n", 2, -EINVAL },
		{ "         0     100000      65535\n", 1, -EINVAL },
		{ "         0     100001      65536\n", 1, -EINVAL },
		{ "         1     100000      65536\n", 1, -EINVAL },
		{ "", 1, -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		char path[] = "/tmp/test_idmap.XXXXXX";
		struct error err = { 0 };
		int proc = make_proc(path, rows[i].text);

		assert_int_equal(idmap_check(proc, 7, uids, rows[i].len, NULL, 0, &err),
				 rows[i].result);
		assert_true(!rows[i].result || strstr(err.text, "/linux/uidMappings: "));
		remove_proc(path, proc);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_many_lines),
		cmocka_unit_test(too_much_text),
		cmocka_unit_test(what_fits_is_written),
		cmocka_unit_test(same_maps_only),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
