/* test_settings.c - the options of gocker-bundle init: what is read and what is refused */
#include "bundles/settings.h"

#include <errno.h>
#include <string.h>

#include "tests/unit/unit.h"

enum { UNTOUCHED = 77 };

static void test_cpus(void **state)
{
	static const struct {
		const char *text;
		int result;
		int64_t quota;
	} rows[] = {
		{ "1", 0, 100000 },
		{ "0.5", 0, 50000 },
		{ "2.25", 0, 225000 },
		{ "00.50", 0, 50000 },
		{ "0.01", 0, 1000 },
		{ "0.333333333", 0, 33333 },
		{ "100000", 0, 10000000000 },
		{ "0.00999", -EINVAL, 0 },
		{ "0", -EINVAL, 0 },
		{ "", -EINVAL, 0 },
		{ ".5", -EINVAL, 0 },
		{ "1.", -EINVAL, 0 },
		{ ".", -EINVAL, 0 },
		{ "1.2.3", -EINVAL, 0 },
		{ "-1", -EINVAL, 0 },
		{ "+1", -EINVAL, 0 },
		{ "1e3", -EINVAL, 0 },
		{ "0.5 ", -EINVAL, 0 },
		{ "0,5", -EINVAL, 0 },
		{ "100001", -EINVAL, 0 },
		{ "99999999999999999999", -EINVAL, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct error err = { 0 };
		int64_t quota = UNTOUCHED;

		assert_int_equal(settings_read_cpus(rows[i].text, &quota, &err), rows[i].result);
		assert_int_equal(quota, rows[i].result ? UNTOUCHED : rows[i].quota);
		if (rows[i].result)
			assert_non_null(strstr(err.text, "option --cpus: "));
	}
}

static void test_user(void **state)
{
	static const struct {
		const char *text;
		int result;
		uint32_t uid, gid;
	} rows[] = {
		{ "0", 0, 0, 0 },
		{ "1000", 0, 1000, 0 },
		{ "1000:50", 0, 1000, 50 },
		{ "4294967294:4294967294", 0, 4294967294, 4294967294 },
		{ "4294967295", -EINVAL, 0, 0 },
		{ "0:4294967296", -EINVAL, 0, 0 },
		{ "", -EINVAL, 0, 0 },
		{ ":", -EINVAL, 0, 0 },
		{ "1:", -EINVAL, 0, 0 },
		{ ":1", -EINVAL, 0, 0 },
		{ "1:2:3", -EINVAL, 0, 0 },
		{ "root", -EINVAL, 0, 0 },
		{ "-1", -EINVAL, 0, 0 },
		{ " 1", -EINVAL, 0, 0 },
		{ "0x0", -EINVAL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct error err = { 0 };
		uint32_t uid = UNTOUCHED, gid = UNTOUCHED;

		assert_int_equal(settings_read_user(rows[i].text, &uid, &gid, &err),
				 rows[i].result);
		assert_int_equal(uid, rows[i].result ? UNTOUCHED : rows[i].uid);
		assert_int_equal(gid, rows[i].result ? UNTOUCHED : rows[i].gid);
	}
}

static void test_userns(void **state)
{
	static const struct {
		const char *text;
		int result;
		uint32_t first, size;
	} rows[] = {
		{ "100000:65536", 0, 100000, 65536 },
		{ "1:4294967294", 0, 1, 4294967294 },
		{ "2:4294967294", -EINVAL, 0, 0 },
		{ "4294967289:6", 0, 4294967289, 6 },
		{ "4294967290:6", -EINVAL, 0, 0 },
		{ "0:4294967295", -EINVAL, 0, 0 },
		{ "100000:5", -EINVAL, 0, 0 },
		{ "100000:0", -EINVAL, 0, 0 },
		{ "100000", -EINVAL, 0, 0 },
		{ "100000:", -EINVAL, 0, 0 },
		{ ":65536", -EINVAL, 0, 0 },
		{ "", -EINVAL, 0, 0 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct error err = { 0 };
		uint32_t first = UNTOUCHED, size = UNTOUCHED;

		assert_int_equal(settings_read_userns(rows[i].text, &first, &size, &err),
				 rows[i].result);
		assert_int_equal(first, rows[i].result ? UNTOUCHED : rows[i].first);
		assert_int_equal(size, rows[i].result ? UNTOUCHED : rows[i].size);
	}
}

static void test_size(void **state)
{
	static const char *const refused[] = { "", "0", "-1", "x", "1.5G", "12q", " 1", "9e9" };
	struct error err = { 0 };
	int64_t bytes = UNTOUCHED;

	(void)state;
	for (size_t i = 0; i < LEN(refused); i++)
		assert_int_equal(settings_read_size("memory", refused[i], &bytes, &err), -EINVAL);
	assert_int_equal(bytes, UNTOUCHED);
	assert_string_equal(err.text, "option --memory: \"9e9\" is not a size such as 512M or 2G");
	assert_int_equal(settings_read_size("memory", "512M", &bytes, &err), 0);
	assert_int_equal(bytes, 512 << 20);
}

static void test_volume(void **state)
{
	static const struct {
		const char *text;
		int result;
		const char *source, *destination;
		bool readonly;
	} rows[] = {
		{ "/:/host", 0, "/", "/host", false },
		{ "/usr/:/a//b/./c/", 0, "/usr", "/a/b/c", false },
		{ "/usr:/u:ro", 0, "/usr", "/u", true },
		{ "/usr:/u:rw", 0, "/usr", "/u", false },
		{ "", -EINVAL, NULL, NULL, false },
		{ "/usr", -EINVAL, NULL, NULL, false },
		{ "/usr:", -EINVAL, NULL, NULL, false },
		{ ":/usr", -EINVAL, NULL, NULL, false },
		{ "/usr:usr", -EINVAL, NULL, NULL, false },
		{ "/usr:/", -EINVAL, NULL, NULL, false },
		{ "/usr:/.", -EINVAL, NULL, NULL, false },
		{ "/usr:/a/../../b", -EINVAL, NULL, NULL, false },
		{ "/usr:/u:", -EINVAL, NULL, NULL, false },
		{ "/usr:/u:r", -EINVAL, NULL, NULL, false },
		{ "/usr:/u:ro,", -EINVAL, NULL, NULL, false },
		{ "/usr:/u:ro:rw", -EINVAL, NULL, NULL, false },
		{ "/no such place:/u", -ENOENT, NULL, NULL, false },
	};
	auto_arena struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct volume volume = { 0 };
		struct error err = { 0 };
		int r = settings_read_volume(rows[i].text, &arena, &volume, &err);

		assert_int_equal(r, rows[i].result);
		if (r < 0) {
			assert_null(volume.source);
			assert_non_null(strstr(err.text, rows[i].text));
			continue;
		}
		assert_string_equal(volume.source, rows[i].source);
		assert_string_equal(volume.destination, rows[i].destination);
		assert_int_equal(volume.readonly, rows[i].readonly);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_cpus),   cmocka_unit_test(test_user),
		cmocka_unit_test(test_userns), cmocka_unit_test(test_size),
		cmocka_unit_test(test_volume),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
