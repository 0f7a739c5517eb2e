/* test_caps.c - names of capabilities, and the additions of exec --cap */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/log.h"
#include "base/strv.h"
#include "runtime/linux/caps.h"

static char warning[512], note[512];

static void keep_warning(enum log_level level, const char *message, void *data)
{
	(void)data;
	if (level == LOG_LEVEL_WARNING)
		strncpy(warning, message, sizeof(warning) - 1);
	else if (level == LOG_LEVEL_NOTE)
		strncpy(note, message, sizeof(note) - 1);
}

static void add_to_nothing(void **state)
{
	char *const names[] = { "CAP_CHOWN", "CAP_KILL", "CAP_CHOWN", NULL };
	struct spec_capabilities *spec = NULL;
	auto_arena struct arena arena = { 0 };

	(void)state;
	assert_int_equal(caps_add(&spec, names, &arena, NULL), 0);
	assert_int_equal(strv_len(spec->bounding), 2);
	assert_int_equal(strv_len(spec->permitted), 2);
	assert_int_equal(strv_len(spec->effective), 2);
	assert_string_equal(spec->bounding[0], "CAP_CHOWN");
	assert_string_equal(spec->bounding[1], "CAP_KILL");
	assert_int_equal(strv_len(spec->inheritable), 0);
	assert_int_equal(strv_len(spec->ambient), 0);
}

static void inheritable_never_grows(void **state)
{
	char *inheritable[] = { "CAP_KILL", NULL };
	struct spec_capabilities before = { .bounding = inheritable, .inheritable = inheritable };
	struct spec_capabilities *spec = &before;
	char *const names[] = { "CAP_KILL", "CAP_CHOWN", NULL };
	auto_arena struct arena arena = { 0 };

	(void)state;
	assert_int_equal(caps_add(&spec, names, &arena, NULL), 0);
	assert_int_equal(strv_len(spec->inheritable), 1);
	assert_int_equal(strv_len(spec->bounding), 2);
	assert_int_equal(strv_len(spec->ambient), 1);
	assert_string_equal(spec->ambient[0], "CAP_KILL");
	/* The lists that were there are the container's own: they stay. */
	assert_int_equal(strv_len(before.bounding), 1);
	assert_null(before.ambient);
}

static void bad_names_are_refused(void **state)
{
	static char *const bad[] = { "", "chown", "CHOWN", "cap_chown", "Cap_Chown",
				     "0", "CAP_", "CAP_0", "CAP_CHOWN ", "CAP__CHOWN",
				     "ALL", "CAP_all", "CAP_CHOWN,CAP_KILL" };

	(void)state;
	for (size_t i = 0; i < sizeof(bad) / sizeof(*bad); i++) {
		struct spec_capabilities *spec = NULL;
		char *const names[] = { "CAP_KILL", bad[i], NULL };
		auto_arena struct arena arena = { 0 };
		struct error err = { 0 };

		assert_int_equal(caps_add(&spec, names, &arena, &err), -EINVAL);
		assert_non_null(strstr(err.text, bad[i]));
		assert_null(spec);
	}
}

/* caps_parse() leaves it out with a warning. */
static void names_of_other_kernels_are_taken(void **state)
{
	char *const names[] = { "CAP_KILL", "CAP_TO_COME", NULL };
	struct spec_capabilities *spec = NULL;
	auto_arena struct arena arena = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(caps_add(&spec, names, &arena, &err), 0);
	assert_string_equal(spec->bounding[1], "CAP_TO_COME");
	assert_null(spec->bounding[2]);
}

static void ambient_but_not_inheritable(void **state)
{
	char *list[] = { "CAP_CHOWN", NULL };
	const struct spec_capabilities spec = {
		.bounding = list, .permitted = list, .ambient = list,
	};
	struct caps caps;

	(void)state;
	*warning = *note = '\0';
	log_set_sink(keep_warning, NULL);
	assert_int_equal(caps_parse(&spec, &caps, NULL), 0);
	log_set_sink(NULL, NULL);
	assert_int_equal(caps.ambient, 0);
	/* Who is not root has no capability to grant, of which he is warned. */
	if (!geteuid())
		assert_string_equal(warning, "");
	assert_non_null(strstr(note, "\"CAP_CHOWN\""));
}

static void unknown_ones_are_left_out(void **state)
{
	char *list[] = { "CAP_FOO", "cap_chown", NULL };
	char *ambient[] = { "CAP_CHOWN", NULL };
	const struct spec_capabilities spec = {
		.bounding = list, .effective = list, .ambient = ambient,
	};
	struct caps caps;

	(void)state;
	log_set_sink(keep_warning, NULL);
	assert_int_equal(caps_parse(&spec, &caps, NULL), 0);
	log_set_sink(NULL, NULL);
	assert_int_equal(caps.bounding | caps.permitted | caps.effective, 0);
	assert_int_equal(caps.inheritable | caps.ambient, 0);
	assert_non_null(strstr(warning, "\"CAP_FOO\", \"cap_chown\", \"CAP_CHOWN\""));
}

static void none_at_all(void **state)
{
	struct caps caps = { .bounding = 1, .ambient = 1 };

	(void)state;
	assert_int_equal(caps_parse(NULL, &caps, NULL), 0);
	assert_int_equal(caps.bounding | caps.ambient, 0);
}

static void names_are_known(void **state)
{
	auto_arena struct arena arena = { 0 };
	char **names = caps_names(&arena);

	(void)state;
	assert_string_equal(names[0], "CAP_CHOWN");
	assert_true(strv_contains(names, "CAP_SYS_ADMIN"));
	assert_false(strv_contains(names, "cap_sys_admin"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(add_to_nothing),
		cmocka_unit_test(inheritable_never_grows),
		cmocka_unit_test(bad_names_are_refused),
		cmocka_unit_test(names_of_other_kernels_are_taken),
		cmocka_unit_test(ambient_but_not_inheritable),
		cmocka_unit_test(unknown_ones_are_left_out),
		cmocka_unit_test(none_at_all),
		cmocka_unit_test(names_are_known),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
