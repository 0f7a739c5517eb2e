/* test_bitlist.c - lists of cpus and nodes, as the kernel writes them */
#include "base/bitlist.h"

#include <errno.h>
#include <string.h>

#include "tests/unit/unit.h"

static void test_read(void **state)
{
	static const struct {
		const char *text;
		unsigned long first_word;
		unsigned int len, count;
	} rows[] = {
		{ "0", 0x1, 1, 1 },
		{ "0-3,7", 0x8f, 8, 5 },
		{ "7,0-3", 0x8f, 8, 5 },
		{ "1-2,2-3,3", 0xe, 4, 3 },
		{ " 1 , 3 ,", 0xa, 4, 2 },
		{ ",,5", 0x20, 6, 1 },
		{ "00012", 0x1000, 13, 1 },
		{ "63", 1UL << 63, 64, 1 },
		{ "64", 0, 65, 1 },
		{ "0-65535", -1UL, 65536, 65536 },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct bitlist list;
		struct error err = { 0 };

		assert_int_equal(bitlist_parse(rows[i].text, &list, &err), 0);
		assert_int_equal(list.words[0], rows[i].first_word);
		assert_int_equal(list.len, rows[i].len);
		assert_int_equal(list.count, rows[i].count);
	}
}

static void test_refused(void **state)
{
	static const struct {
		const char *text;
		int num;
	} rows[] = {
		{ "", -EINVAL },
		{ " ", -EINVAL },
		{ ",", -EINVAL },
		{ "a", -EINVAL },
		{ "1a", -EINVAL },
		{ "-1", -EINVAL },
		{ "1-", -EINVAL },
		{ "3-1", -EINVAL },
		{ "1 2", -EINVAL },
		{ "1 - 2", -EINVAL },
		{ "1-2-3", -EINVAL },
		{ "0x1", -EINVAL },
		{ "1\n", -EINVAL },
		{ "65536", -ERANGE },
		{ "0-9876543210", -ERANGE },
		{ "18446744073709551616", -ERANGE },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct bitlist list = { .len = 77 };
		struct error err = { 0 };

		assert_int_equal(bitlist_parse(rows[i].text, &list, &err), rows[i].num);
		assert_non_null(strstr(err.text, rows[i].text));
		assert_int_equal(list.len, 77);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_refused),
	};

	return cmocka_run_group_tests_name("bitlist", tests, NULL, NULL);
}
