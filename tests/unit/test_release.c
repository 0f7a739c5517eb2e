/* test_release.c - Alpine's list of releases: the right row, and lists that are broken */
#include "bundles/release.h"

#include <errno.h>
#include <string.h>

#include "tests/unit/unit.h"

#define SUM_A \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa" \
	"aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define ROW(version, flavor, arch, file) \
	"- {version: " version ", flavor: " flavor ", arch: " arch ", file: " file \
	", sha512: " SUM_A ", size: 42}\n"
#define MINI(version) ROW(version, "alpine-minirootfs", "x86_64", "mini-" version ".tar.gz")
#define MINI_WITH(more) \
	"- {flavor: alpine-minirootfs, arch: x86_64, version: 3.1, file: a, " more "}\n"

static int find(const char *text, struct arena *arena, struct release *release, struct error *err)
{
	return release_find("list", text, strlen(text), "x86_64", arena, release, err);
}

static void test_newest(void **state)
{
	static const struct {
		const char *text, *version;
	} rows[] = {
		{ MINI("3.20.3"), "3.20.3" },
		{ MINI("3.9.9") MINI("3.20.3") MINI("3.20.2"), "3.20.3" },
		{ MINI("3.20.3") MINI("3.21.0_rc1") MINI("20240923"), "20240923" },
		{ ROW("9.9", "alpine-standard", "x86_64", "x.iso") MINI("3.1"), "3.1" },
		{ ROW("9.9", "alpine-minirootfs", "aarch64", "x.tar.gz") MINI("3.1"), "3.1" },
		{ "---\n# note\n" MINI("3.1") "--- # another document\nx\n", "3.1" },
		{ "- {desc: [a, {b: c}], more: {flavor: x}}\n" MINI("3.1"), "3.1" },
		{ "- {[a]: b}\n" MINI("3.1"), NULL },
	};
	auto_arena struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct release release = { 0 };
		struct error err = { 0 };
		int r = find(rows[i].text, &arena, &release, &err);

		if (!rows[i].version) {
			assert_int_equal(r, -EINVAL);
			continue;
		}
		assert_int_equal(r, 0);
		assert_string_equal(release.version, rows[i].version);
		assert_string_equal(release.sum, SUM_A);
		assert_int_equal(release.size, 42);
	}
}

static void test_broken(void **state)
{
	static const struct {
		const char *text;
		int result;
		const char *message;
	} rows[] = {
		{ "", -ENOENT, "lists no stable alpine-minirootfs for \"x86_64\"" },
		{ "[]", -ENOENT, "lists no stable" },
		{ MINI("3.21_rc1"), -ENOENT, "lists no stable" },
		{ MINI("../3"), -ENOENT, "lists no stable" },
		{ "<html>", -EINVAL, "\"list\": line 1: is not a list of releases" },
		{ "flavor: x", -EINVAL, "is not a list of releases" },
		{ "- - a", -EINVAL, "is not a list of releases" },
		{ "- a\n", -EINVAL, "is not a list of releases" },
		{ "- a: \"b", -EINVAL, "broken YAML" },
		{ "- a: \x80", -EINVAL, "broken YAML" },
		{ "- &x {a: 1}\n- *x\n", -EINVAL, "\"list\": line 2: has an alias" },
		{ "- {a: [[[[[[[[[[[[[[[[[[1]]]]]]]]]]]]]]]]]]}", -EINVAL, "nested too deeply" },
		{ ROW("3.1", "alpine-minirootfs", "x86_64", "../x"), -EINVAL,
		  "line 1: file \"../x\" is not usable" },
		{ ROW("3.1", "alpine-minirootfs", "x86_64", ".x"), -EINVAL, "file \".x\"" },
		{ ROW("3.1", "alpine-minirootfs", "x86_64", "\"a b\""), -EINVAL, "file \"a b\"" },
		{ ROW("3.1", "alpine-minirootfs", "x86_64", "a?b"), -EINVAL, "file \"a?b\"" },
		{ "- {flavor: alpine-minirootfs, arch: x86_64, version: 3.1}", -EINVAL,
		  "file \"\" is not usable" },
		{ MINI_WITH("sha512: 1"), -EINVAL, "sha512 \"1\" is not usable" },
		{ MINI_WITH("sha512: " SUM_A ", size: -1"), -EINVAL, "size \"-1\" is not usable" },
	};
	auto_arena struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct release release = { 0 };
		struct error err = { 0 };

		assert_int_equal(find(rows[i].text, &arena, &release, &err), rows[i].result);
		assert_non_null(strstr(err.text, rows[i].message));
		assert_null(release.version);
	}
}

static void test_compare(void **state)
{
	(void)state;
	assert_true(release_compare("3.9", "3.20") < 0);
	assert_true(release_compare("3.20.3", "3.20") > 0);
	assert_true(release_compare("3.20", "3.20.0") == 0);
	assert_true(release_compare("3.20.10", "3.20.9") > 0);
	assert_true(release_compare("4", "3.20") > 0);
	assert_true(release_compare("3.20.3", "3.20.3") == 0);
}

static void test_version(void **state)
{
	(void)state;
	assert_true(release_is_version("3.20.3"));
	assert_true(release_is_version("3"));
	assert_false(release_is_version(""));
	assert_false(release_is_version("."));
	assert_false(release_is_version("3."));
	assert_false(release_is_version(".3"));
	assert_false(release_is_version("3..2"));
	assert_false(release_is_version("3.21.0_rc1"));
	assert_false(release_is_version("3/2"));
	assert_false(release_is_version("3.333333333333333333333333333333333"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newest),
		cmocka_unit_test(test_broken),
		cmocka_unit_test(test_compare),
		cmocka_unit_test(test_version),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
