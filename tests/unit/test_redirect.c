/* test_redirect.c - addresses of mirrors: where gocker-bundle goes, and where it may be sent */
#include "bundles/redirect.h"

#include "tests/unit/unit.h"

static void test_address(void **state)
{
	static const char *const good[] = {
		"http://host", "https://host:8080/a/b", "file:///srv/alpine", "HTTP://host",
		"http://[::1]:80/", "http://127.0.0.1/a%20b",
	};
	static const char *const bad[] = {
		"", "host", "/srv/alpine", "ftp://host", "gopher://host", "http://", "://host",
		"http://user@host", "http://user:word@host", "http://a b/", "http://host:99999/",
	};

	(void)state;
	for (size_t i = 0; i < LEN(good); i++)
		assert_true(redirect_is_address(good[i]));
	for (size_t i = 0; i < LEN(bad); i++)
		assert_false(redirect_is_address(bad[i]));
}

static void test_redirect(void **state)
{
	static const struct {
		const char *from, *to;
		bool allowed;
	} rows[] = {
		{ "http://host/a", "http://host/b", true },
		{ "http://host/a", "http://HOST:80/b", true },
		{ "https://host/a", "https://host:443/b", true },
		{ "http://host/a", "https://host/a", true },
		{ "http://host:80/a", "https://host:443/a", true },
		{ "http://host:8080/a", "http://host:8080/b", true },
		{ "http://host/a", "http://other/a", false },
		{ "http://host/a", "https://other/a", false },
		{ "http://host/a", "http://host.other/a", false },
		{ "http://host/a", "http://host@other/a", false },
		{ "http://host/a", "http://user@host/a", false },
		{ "http://host/a", "http://host:8080/a", false },
		{ "http://host:8080/a", "http://host/a", false },
		{ "http://host:8080/a", "https://host/a", false },
		{ "http://host/a", "https://host:8443/a", false },
		{ "https://host/a", "http://host/a", false },
		{ "http://host/a", "file:///etc/passwd", false },
		{ "http://host/a", "file://host/etc/passwd", false },
		{ "http://host/a", "ftp://host/a", false },
		{ "http://127.0.0.1/a", "http://localhost/a", false },
		{ "http://host/a", "", false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		assert_int_equal(redirect_is_allowed(rows[i].from, rows[i].to), rows[i].allowed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_address),
		cmocka_unit_test(test_redirect),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
