/* test_ip.c - addresses and prefixes: strict text, and each edge of a network */
#include "base/ip.h"

#include <errno.h>

#include "tests/unit/unit.h"

enum { UNTOUCHED = 77 };

static struct ip ip_of(const char *text)
{
	struct ip ip;

	assert_int_equal(ip_parse(text, &ip), 0);
	return ip;
}

static struct ip_prefix prefix_of(const char *text)
{
	struct error err = { 0 };
	struct ip_prefix prefix;

	assert_int_equal(ip_prefix_parse(text, &prefix, &err), 0);
	return prefix;
}

static void test_parse(void **state)
{
	static const char *const good[] = {
		"0.0.0.0", "10.0.0.1", "255.255.255.255", "::", "::1", "fd00::1",
		"2001:db8:1:2:3:4:5:6", "::ffff:10.0.0.1", "ff02::1:ff00:0",
	};
	static const char *const bad[] = {
		"", " ", "10", "10.0.0", "10.0.0.1.", "10.0.0.1.1", "10.0.0.256", "10.0.0.-1",
		"10.0.0.01", "0x0a.0.0.1", " 10.0.0.1", "10.0.0.1 ", "10.0.0.1\n", "10.0.0.1/24",
		":", ":::", "1::2::3", "fd00::g", "fd00::12345", "1:2:3:4:5:6:7", "[::1]",
		"1:2:3:4:5:6:7:8:9", "fe80::1%lo", "::10.0.0", "\xd9\xa1.0.0.1", "localhost",
	};
	char text[IP_TEXT_SIZE];
	struct ip ip;

	(void)state;
	for (size_t i = 0; i < LEN(good); i++) {
		ip = ip_of(good[i]);
		assert_string_equal(ip_format(&ip, text), good[i]);
		assert_int_equal(ip_size(ip.family), strchr(good[i], ':') ? 16 : 4);
	}
	for (size_t i = 0; i < LEN(bad); i++) {
		ip.family = UNTOUCHED;
		assert_int_equal(ip_parse(bad[i], &ip), -EINVAL);
		assert_int_equal(ip.family, UNTOUCHED);
	}
	ip = ip_of("10.0.0.1"); /* nothing left over behind the four bytes */
	for (size_t i = 4; i < sizeof(ip.bytes); i++)
		assert_int_equal(ip.bytes[i], 0);
	assert_string_equal(ip_format(&(struct ip){ 0 }, text), "");
}

static void test_prefix_parse(void **state)
{
	static const char *const good[] = {
		"0.0.0.0/0", "10.0.0.2/24", "10.0.0.2/32", "::/0", "fd00::2/64", "fd00::2/128",
	};
	static const struct {
		const char *text, *error;
	} bad[] = {
		{ "", "\"\" does not begin with an address" },
		{ "/", "\"/\" does not begin with an address" },
		{ "/24", "\"/24\" does not begin with an address" },
		{ "10.0.0/24", "\"10.0.0/24\" does not begin with an address" },
		{ "x/24", "\"x/24\" does not begin with an address" },
		{ "1111:1111:1111:1111:1111:1111:1111:1111:1111:1111/64",
		  "\"1111:1111:1111:1111:1111:1111:1111:1111:1111:1111/64\""
		  " does not begin with an address" },
		{ "10.0.0.2",
		  "\"10.0.0.2\" lacks the length of its network, as in \"10.0.0.2/24\"" },
		{ "fd00::2", "\"fd00::2\" lacks the length of its network, as in \"fd00::2/64\"" },
		{ "10.0.0.2/", "the length of \"10.0.0.2/\" is no number from 0 to 32" },
		{ "10.0.0.2/33", "the length of \"10.0.0.2/33\" is no number from 0 to 32" },
		{ "10.0.0.2/-1", "the length of \"10.0.0.2/-1\" is no number from 0 to 32" },
		{ "10.0.0.2/024", "the length of \"10.0.0.2/024\" is no number from 0 to 32" },
		{ "10.0.0.2/00", "the length of \"10.0.0.2/00\" is no number from 0 to 32" },
		{ "10.0.0.2/24/8", "the length of \"10.0.0.2/24/8\" is no number from 0 to 32" },
		{ "10.0.0.2/255.255.255.0",
		  "the length of \"10.0.0.2/255.255.255.0\" is no number from 0 to 32" },
		{ "fd00::2/129", "the length of \"fd00::2/129\" is no number from 0 to 128" },
		{ "fd00::2/320", "the length of \"fd00::2/320\" is no number from 0 to 128" },
	};
	struct ip_prefix prefix;

	(void)state;
	for (size_t i = 0; i < LEN(good); i++) {
		char text[IP_TEXT_SIZE];

		prefix = prefix_of(good[i]);
		assert_string_equal(ip_prefix_format(&prefix, text), good[i]);
	}
	for (size_t i = 0; i < LEN(bad); i++) {
		struct error err = { 0 };

		prefix.length = UNTOUCHED;
		assert_int_equal(ip_prefix_parse(bad[i].text, &prefix, &err), -EINVAL);
		assert_string_equal(err.text, bad[i].error);
		assert_int_equal(prefix.length, UNTOUCHED);
	}
}

static void test_equal(void **state)
{
	struct ip a = ip_of("10.0.0.1"), b = ip_of("10.0.0.2"), c = ip_of("a00:1::"), none = { 0 };

	(void)state;
	assert_true(ip_is_equal(&a, &a));
	assert_false(ip_is_equal(&a, &b));
	assert_false(ip_is_equal(&a, &c)); /* the same bytes */
	assert_false(ip_is_equal(&a, &none));
	assert_true(ip_is_equal(&none, &none));
}

static void test_network(void **state)
{
	static const struct {
		const char *prefix, *network;
		bool is_host;
	} rows[] = {
		{ "10.0.0.1/24", "10.0.0.0/24", true },
		{ "10.0.0.0/24", "10.0.0.0/24", false },
		{ "10.0.0.255/24", "10.0.0.0/24", false },
		{ "10.0.1.255/23", "10.0.0.0/23", false },
		{ "10.0.0.255/23", "10.0.0.0/23", true },
		{ "172.31.255.254/12", "172.16.0.0/12", true },
		{ "10.0.0.129/25", "10.0.0.128/25", true },
		{ "10.0.0.3/30", "10.0.0.0/30", false },
		{ "10.0.0.3/31", "10.0.0.2/31", true },
		{ "10.0.0.2/31", "10.0.0.2/31", true },
		{ "10.0.0.2/32", "10.0.0.2/32", true },
		{ "1.2.3.4/0", "0.0.0.0/0", true },
		{ "0.0.0.0/0", "0.0.0.0/0", false },
		{ "fd00::1/64", "fd00::/64", true },
		{ "fd00::/64", "fd00::/64", false },
		{ "fd00::ffff:ffff:ffff:ffff/64", "fd00::/64", true },
		{ "fd00:0:0:ff::1/57", "fd00:0:0:80::/57", true },
		{ "fd00::3/126", "fd00::/126", true },
		{ "fd00::/127", "fd00::/127", true },
		{ "fd00::3/128", "fd00::3/128", true },
	};
	char text[IP_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct ip_prefix prefix = prefix_of(rows[i].prefix);
		struct ip_prefix network = ip_prefix_network(&prefix);

		assert_string_equal(ip_prefix_format(&network, text), rows[i].network);
		assert_int_equal(ip_prefix_is_network(&prefix),
				 !strcmp(rows[i].prefix, rows[i].network));
		assert_int_equal(ip_prefix_is_host(&prefix), rows[i].is_host);
		assert_true(ip_prefix_has(&network, &prefix.ip));
	}
}

static void test_overlap(void **state)
{
	static const struct {
		const char *a, *b;
		bool a_has_b, overlaps; /* the address of b in a; the networks */
	} rows[] = {
		{ "10.0.0.0/24", "10.0.0.7/24", true, true },
		{ "10.0.0.0/24", "10.0.1.0/24", false, false },
		{ "10.0.0.0/24", "10.0.0.0/8", true, true },
		{ "10.0.1.0/24", "10.0.0.0/8", false, true },
		{ "0.0.0.0/0", "192.0.2.1/32", true, true },
		{ "10.0.0.0/31", "10.0.0.2/31", false, false },
		{ "0.0.0.0/0", "::/0", false, false },
		{ "::/0", "10.0.0.0/8", false, false },
		{ "fd00::/64", "fd00::7/128", true, true },
		{ "fd00::/64", "fd00:0:0:1::/64", false, false },
		{ "fd00::/8", "fdff::/64", true, true },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct ip_prefix a = prefix_of(rows[i].a), b = prefix_of(rows[i].b);

		assert_int_equal(ip_prefix_has(&a, &b.ip), rows[i].a_has_b);
		assert_int_equal(ip_prefix_overlaps(&a, &b), rows[i].overlaps);
		assert_int_equal(ip_prefix_overlaps(&b, &a), rows[i].overlaps);
	}
	assert_false(ip_prefix_has(&(struct ip_prefix){ 0 }, &(struct ip){ 0 }));
}

static void test_hosts(void **state)
{
	static const struct {
		const char *prefix;
		uint32_t count;
		const char *first, *last;
	} rows[] = {
		{ "10.0.0.0/24", 254, "10.0.0.1", "10.0.0.254" },
		{ "10.0.0.77/24", 254, "10.0.0.1", "10.0.0.254" },
		{ "10.0.0.0/16", 65534, "10.0.0.1", "10.0.255.254" },
		{ "10.0.0.4/30", 2, "10.0.0.5", "10.0.0.6" },
		{ "10.0.0.4/31", 2, "10.0.0.4", "10.0.0.5" },
		{ "10.0.0.4/32", 1, "10.0.0.4", "10.0.0.4" },
		{ "0.0.0.0/0", UINT32_MAX - 1, "0.0.0.1", "255.255.255.254" },
		{ "fd00::/128", 1, "fd00::", "fd00::" },
		{ "fd00::/127", 2, "fd00::", "fd00::1" },
		{ "fd00::/126", 3, "fd00::1", "fd00::3" },
		{ "fd00::/97", 0x7fffffff, "fd00::1", "fd00::7fff:ffff" },
		{ "fd00::/96", UINT32_MAX, "fd00::1", "fd00::ffff:ffff" },
		{ "fd00::/64", UINT32_MAX, "fd00::1", "fd00::ffff:ffff" },
		{ "8000::/1", UINT32_MAX, "8000::1", "8000::ffff:ffff" },
	};
	char text[IP_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct ip_prefix prefix = prefix_of(rows[i].prefix);
		struct ip first = ip_prefix_host(&prefix, 0);
		struct ip last = ip_prefix_host(&prefix, rows[i].count - 1);

		assert_true(ip_prefix_hosts(&prefix) == rows[i].count);
		assert_string_equal(ip_format(&first, text), rows[i].first);
		assert_string_equal(ip_format(&last, text), rows[i].last);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_prefix_parse),
		cmocka_unit_test(test_equal),
		cmocka_unit_test(test_network),
		cmocka_unit_test(test_overlap),
		cmocka_unit_test(test_hosts),
	};

	return cmocka_run_group_tests_name("ip", tests, NULL, NULL);
}
