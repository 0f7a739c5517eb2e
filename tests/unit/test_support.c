/* test_support.c - what config.json asks for in vain is refused by its place, never passed over */
#include "runtime/container/support.h"

#include <errno.h>
#include <string.h>

#include "tests/unit/unit.h"

/* Config documents with one member of process, linux or the top level more than they need. */
static int check(const char *top, const char *process, const char *linux, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf text = { 0 };
	struct spec_config config = { 0 };

	buf_printf(&text,
		   "{\"ociVersion\":\"1.3.0\",\"root\":{\"path\":\"rootfs\"}%s,"
		   "\"process\":{\"cwd\":\"/\",\"args\":[\"sh\"]%s},"
		   "\"linux\":{\"namespaces\":[{\"type\":\"mount\"},{\"type\":\"time\"}%s}}",
		   top, process, linux);
	if (spec_config_parse("config.json", text.data, text.len, &arena, &config, err) < 0)
		return 1;
	return support_check(&config, err);
}

static void test_refused(void **state)
{
	static const struct {
		const char *top, *process, *linux, *place;
	} rows[] = {
		{ "", "", "],\"mountLabel\":\"x\"", "/linux/mountLabel" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		auto_buf struct buf wanted = { 0 };
		struct error err = { 0 };
		int r = check(rows[i].top, rows[i].process, rows[i].linux, &err);

		buf_printf(&wanted, "config.json: %s: is not supported yet", rows[i].place);
		assert_string_equal(err.text, wanted.data);
		assert_int_equal(r, -ENOTSUP);
	}
}

/* The same members with nothing in them ask for nothing. */
static void test_accepted(void **state)
{
	static const char *const rows[][3] = {
		{ "", "", "]" },
		{ ",\"mounts\":[{\"destination\":\"/x\",\"type\":\"tmpfs\"}]", "", "]" },
		{ "", "", "],\"mountLabel\":\"\"" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct error err = { 0 };

		assert_int_equal(check(rows[i][0], rows[i][1], rows[i][2], &err), 0);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused),
		cmocka_unit_test(test_accepted),
	};

	return cmocka_run_group_tests_name("support", tests, NULL, NULL);
}
