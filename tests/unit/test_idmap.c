/* test_idmap.c - maps that the kernel would not take whole are refused before a write */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(too_many_lines),
		cmocka_unit_test(too_much_text),
		cmocka_unit_test(what_fits_is_written),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
