/* test_spec_schema.c - the engine: every kind of member, its limits, its place in messages */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#include "spec/config.h"
#include "spec/json.h"
#include "spec/schema.h"

struct inner {
	char *key;
	uint16_t small;
};

struct outer {
	bool flag, *maybe_flag;
	int32_t i32;
	int64_t *i64;
	uint16_t *u16;
	uint32_t u32;
	uint64_t u64;
	char *text, *needed;
	char letter;
	int colour;
	char **words;
	uint32_t *numbers;
	size_t numbers_len;
	struct inner within;
	struct inner *object;
	struct inner *objects;
	size_t objects_len;
	struct spec_pair *pairs;
	size_t pairs_len;
	struct inner *keyed;
	size_t keyed_len;
};

static int check_even(const void *value, struct error *err)
{
	return *(const uint32_t *)value % 2 ? error_set(err, EINVAL, "must be even") : 0;
}

static int check_inner(const void *object, struct error *err)
{
	const struct inner *inner = object;

	return inner->small == 13 ? error_set(err, EINVAL, "is unlucky") : 0;
}

static const struct name_value colours[] = { { "red", 0 }, { "green", 5 }, { NULL, 0 } };

static const struct schema_row inner_rows[] = {
	OPTIONAL(inner, small, uint16),
};
static const struct schema inner_schema = SCHEMA(inner, inner_rows, .check = check_inner);

static const struct schema_row outer_rows[] = {
	OPTIONAL(outer, flag, bool),
	MAYBE(outer, maybe_flag, bool),
	OPTIONAL(outer, i32, int32, .min = -10, .max = 10),
	MAYBE(outer, i64, int64),
	MAYBE(outer, u16, uint16),
	ALWAYS(outer, u32, uint32, .check = check_even),
	OPTIONAL(outer, u64, uint64),
	OPTIONAL(outer, text, string),
	REQUIRED(outer, needed, string),
	OPTIONAL(outer, letter, character),
	OPTIONAL(outer, colour, name, .names = colours),
	OPTIONAL(outer, words, strings, .names = colours),
	NUMBERS(outer, numbers, .max = 100),
	EMBEDDED(outer, within, inner),
	OBJECT(outer, object, inner),
	OBJECTS(outer, objects, inner),
	PAIRS(outer, pairs),
	KEYED(outer, keyed, inner),
};
static const struct schema outer_schema = SCHEMA(outer, outer_rows);

static struct arena arena;
static struct error err;

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static int read_outer(const char *text, struct outer *outer)
{
	memset(&err, 0, sizeof(err));
	return schema_read(&outer_schema, "doc", text, strlen(text), &arena, outer, &err);
}

/* members go into a document that is right but for them. */
static struct outer good(const char *members)
{
	char text[4096];
	struct outer outer;

	snprintf(text, sizeof(text), "{\"needed\":\"x\"%s%s}", *members ? "," : "", members);
	if (read_outer(text, &outer))
		fail_msg("%s: %s", text, err.text);
	return outer;
}

static void bad(const char *members, const char *message)
{
	char text[4096];
	struct outer outer;

	snprintf(text, sizeof(text), "{\"needed\":\"x\",%s}", members);
	memset(&outer, 7, sizeof(outer));
	assert_int_equal(read_outer(text, &outer), -EINVAL);
	assert_string_equal(err.text, message);
	assert_int_equal(err.num, EINVAL);
	for (size_t i = 0; i < sizeof(outer); i++)
		assert_int_equal(((char *)&outer)[i], 7);
}

static void absent_is_zero(void **state)
{
	struct outer outer = good(""), zero = { .needed = outer.needed };

	(void)state;
	assert_string_equal(outer.needed, "x");
	assert_memory_equal(&outer, &zero, sizeof(zero));
	outer = good("\"flag\":null,\"maybe_flag\":null,\"i64\":null,\"text\":null,"
		     "\"letter\":null,\"colour\":null,\"words\":null,\"numbers\":null,"
		     "\"within\":null,\"object\":null,\"objects\":null,\"pairs\":null,"
		     "\"keyed\":null,\"unknown\":null");
	zero.needed = outer.needed;
	assert_memory_equal(&outer, &zero, sizeof(zero));
	outer = good("\"text\":\"\",\"colour\":\"\",\"letter\":\"\"");
	zero.needed = outer.needed;
	assert_memory_equal(&outer, &zero, sizeof(zero));
}

static void booleans(void **state)
{
	struct outer outer = good("\"flag\":true,\"maybe_flag\":false");

	(void)state;
	assert_true(outer.flag);
	assert_non_null(outer.maybe_flag);
	assert_false(*outer.maybe_flag);
	bad("\"flag\":1", "doc: /flag: must be true or false, not a number");
	bad("\"maybe_flag\":\"true\"", "doc: /maybe_flag: must be true or false, not a string");
}

static void numbers_are_exact(void **state)
{
	(void)state;
	assert_true(*good("\"i64\":9223372036854775807").i64 == INT64_MAX);
	assert_true(*good("\"i64\":-9223372036854775808").i64 == INT64_MIN);
	assert_true(*good("\"i64\":9007199254740993").i64 == INT64_C(9007199254740993));
	assert_true(good("\"u64\":18446744073709551615").u64 == UINT64_MAX);
	assert_true(*good("\"u16\":65535").u16 == UINT16_MAX);
	assert_true(good("\"u32\":4294967294").u32 == UINT32_MAX - 1);
	assert_int_equal(good("\"i32\":-10").i32, -10);
	assert_int_equal(*good("\"i64\":-0").i64, 0);
}

static void numbers_out_of_range(void **state)
{
	(void)state;
	bad("\"i64\":9223372036854775808",
	    "doc: /i64: must be -9223372036854775808 to 9223372036854775807, "
	    "not 9223372036854775808");
	bad("\"u64\":18446744073709551616",
	    "doc: /u64: must be 0 to 18446744073709551615, not 18446744073709551616");
	bad("\"u64\":-1", "doc: /u64: must be 0 to 18446744073709551615, not -1");
	bad("\"u16\":65536", "doc: /u16: must be 0 to 65535, not 65536");
	bad("\"u32\":-1", "doc: /u32: must be 0 to 4294967295, not -1");
	bad("\"i32\":11", "doc: /i32: must be -10 to 10, not 11");
	bad("\"numbers\":[1,101]", "doc: /numbers/1: must be 0 to 100, not 101");
	bad("\"i64\":1.5", "doc: /i64: must be a whole number, not 1.5");
	bad("\"i64\":1.0", "doc: /i64: must be a whole number, not 1.0");
	bad("\"u64\":1e400", "doc: /u64: must be a whole number, not 1e400");
	bad("\"u64\":1E2", "doc: /u64: must be a whole number, not 1E2");
	bad("\"u64\":111111111111111111111111111111111111111111111111111111111111",
	    "doc: /u64: must be 0 to 18446744073709551615, "
	    "not 1111111111111111111111111111111111111111...");
	bad("\"u64\":\"1\"", "doc: /u64: must be a number, not a string");
	bad("\"u64\":[1]", "doc: /u64: must be a number, not a list");
	bad("\"u64\":{}", "doc: /u64: must be a number, not an object");
	bad("\"u32\":3", "doc: /u32: must be even");
}

static void strings(void **state)
{
	(void)state;
	assert_string_equal(good("\"text\":\"a\\\"\\\\\\/\\u00e4\\ud83d\\ude00\\n\"").text,
			    "a\"\\/\u00e4\U0001f600\n");
	assert_int_equal(good("\"letter\":\"c\"").letter, 'c');
	assert_int_equal(good("\"colour\":\"green\"").colour, 5);
	bad("\"text\":\"a\\u0000b\"", "doc: /text: must not contain \\u0000");
	bad("\"text\":\"\\ud800\\u0020\\udc00\"", "doc: /text: has half of a surrogate pair");
	bad("\"text\":7", "doc: /text: must be a string, not a number");
	bad("\"letter\":\"cc\"", "doc: /letter: must be one character, not \"cc\"");
	bad("\"colour\":\"blue\"",
	    "doc: /colour: \"blue\" is unknown, it must be one of red, green");
	bad("\"words\":[\"red\",\"blue\"]",
	    "doc: /words/1: \"blue\" is unknown, it must be one of red, green");
}

static void required_members(void **state)
{
	struct outer outer;

	(void)state;
	assert_int_equal(read_outer("{}", &outer), -EINVAL);
	assert_string_equal(err.text, "doc: /needed: is required");
	bad("\"needed\":null", "doc: /needed: is required");
	assert_string_equal(good("\"needed\":\"\"").needed, "");
}

static void collections(void **state)
{
	struct outer outer = good("\"words\":[\"red\",\"green\"],\"numbers\":[7,8,9],"
				  "\"objects\":[{\"small\":1},{},{\"small\":3}],"
				  "\"pairs\":{\"a\":\"1\",\"b\":\"\"},"
				  "\"keyed\":{\"k\":{\"small\":4},\"l\":{}},"
				  "\"within\":{\"small\":5},\"object\":{}");

	(void)state;
	assert_string_equal(outer.words[1], "green");
	assert_null(outer.words[2]);
	assert_int_equal(outer.numbers_len, 3);
	assert_int_equal(outer.numbers[2], 9);
	assert_int_equal(outer.objects_len, 3);
	assert_int_equal(outer.objects[2].small, 3);
	assert_int_equal(outer.pairs_len, 2);
	assert_string_equal(outer.pairs[1].key, "b");
	assert_string_equal(outer.pairs[1].value, "");
	assert_int_equal(outer.keyed_len, 2);
	assert_string_equal(outer.keyed[0].key, "k");
	assert_int_equal(outer.keyed[0].small, 4);
	assert_string_equal(outer.keyed[1].key, "l");
	assert_int_equal(outer.within.small, 5);
	assert_non_null(outer.object);
	outer = good("\"words\":[],\"objects\":[],\"pairs\":{}");
	assert_non_null(outer.words);
	assert_null(outer.words[0]);
	assert_int_equal(outer.objects_len, 0);
	assert_int_equal(outer.pairs_len, 0);
}

static void places(void **state)
{
	(void)state;
	bad("\"objects\":[{},{\"small\":\"x\"}]",
	    "doc: /objects/1/small: must be a number, not a string");
	bad("\"objects\":[{},{},{\"small\":13}]", "doc: /objects/2: is unlucky");
	bad("\"objects\":[null]", "doc: /objects/0: must be an object, not null");
	bad("\"objects\":{}", "doc: /objects: must be a list, not an object");
	bad("\"keyed\":{\"a/b~c\":{\"small\":13}}", "doc: /keyed/a~1b~0c: is unlucky");
	bad("\"keyed\":[]", "doc: /keyed: must be an object, not a list");
	bad("\"keyed\":{\"a\":null}", "doc: /keyed/a: must be an object, not null");
	bad("\"pairs\":{\"\":\"x\"}", "doc: /pairs/: a key must not be empty");
	bad("\"pairs\":{\"a\":{}}", "doc: /pairs/a: must be a string, not an object");
	bad("\"pairs\":{\"a\\u0000\":\"x\"}", "doc: /pairs/a: must not contain \\u0000");
	bad("\"within\":{\"small\":-1}", "doc: /within/small: must be 0 to 65535, not -1");
	bad("\"words\":[true]", "doc: /words/0: must be a string, not true");
	bad("\"words\":[[]]", "doc: /words/0: must be a string, not a list");
}

static void last_of_duplicates_wins(void **state)
{
	struct outer outer = good("\"u64\":1,\"u64\":2,\"text\":\"a\",\"text\":null,"
				  "\"words\":[\"red\",\"green\"],\"words\":[\"green\"],"
				  "\"within\":{\"small\":5},\"within\":{},"
				  "\"object\":{\"small\":5},\"object\":{},"
				  "\"pairs\":{\"a\":\"1\",\"b\":\"2\",\"a\":\"3\",\"c\":\"4\","
				  "\"b\":\"5\"},"
				  "\"keyed\":{\"k\":{\"small\":1},\"k\":{}}");

	(void)state;
	assert_int_equal(outer.u64, 2);
	assert_null(outer.text);
	assert_string_equal(outer.words[0], "green");
	assert_null(outer.words[1]);
	assert_int_equal(outer.within.small, 0);
	assert_int_equal(outer.object->small, 0);
	assert_int_equal(outer.pairs_len, 3);
	assert_string_equal(outer.pairs[0].key, "a");
	assert_string_equal(outer.pairs[0].value, "3");
	assert_string_equal(outer.pairs[2].value, "5");
	assert_int_equal(outer.keyed_len, 1);
	assert_int_equal(outer.keyed[0].small, 0);
	bad("\"needed\":null", "doc: /needed: is required");
}

static void unknown_keys_are_ignored(void **state)
{
	struct outer outer = good("\"x\":{\"u64\":7,\"y\":[{\"u64\":8},[1e400,null,true]]},"
				  "\"u64\":1");

	(void)state;
	assert_int_equal(outer.u64, 1);
}

static void document_must_be_an_object(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "[]", "doc: must be an object, not a list" },
		{ "7", "doc: must be an object, not a number" },
		{ "null", "doc: must be an object, not null" },
		{ "\"x\"", "doc: must be an object, not a string" },
		{ "", "doc: line 1, column 1: parse error: premature EOF" },
		{ "{\"needed\":\"x\"} {", "doc: line 1, column 16: parse error: trailing garbage" },
	};
	struct outer outer;

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		assert_int_equal(read_outer(cases[i].text, &outer), -EINVAL);
		assert_string_equal(err.text, cases[i].message);
	}
}

static void errors_may_be_ignored(void **state)
{
	struct outer outer;

	(void)state;
	assert_int_equal(schema_read(&outer_schema, "doc", "{}", 2, &arena, &outer, NULL), -EINVAL);
}

static void writes_compact(void **state)
{
	auto_buf struct buf out = { 0 };
	struct outer outer = good("\"i64\":-1,\"u16\":0,\"maybe_flag\":false,\"letter\":\"c\","
				  "\"colour\":\"green\",\"words\":[\"red\"],\"numbers\":[],"
				  "\"objects\":[{\"small\":1},{}],\"pairs\":{\"a/b\":\"\"},"
				  "\"keyed\":{\"k\":{\"small\":2}}");

	(void)state;
	schema_write(&outer_schema, &outer, SCHEMA_COMPACT, &out);
	assert_string_equal(out.data,
			    "{\"maybe_flag\":false,\"i64\":-1,\"u16\":0,\"u32\":0,\"needed\":\"x\","
			    "\"letter\":\"c\",\"colour\":\"green\",\"words\":[\"red\"],"
			    "\"numbers\":[],\"within\":{},\"objects\":[{\"small\":1},{}],"
			    "\"pairs\":{\"a/b\":\"\"},"
			    "\"keyed\":{\"k\":{\"small\":2}}}");
}

static void writes_indented(void **state)
{
	auto_buf struct buf out = { 0 };
	struct outer outer = good("\"numbers\":[1,2],\"words\":[]");

	(void)state;
	schema_write(&outer_schema, &outer, SCHEMA_INDENTED, &out);
	assert_string_equal(out.data, "{\n  \"u32\": 0,\n  \"needed\": \"x\",\n  \"words\": [],\n"
				      "  \"numbers\": [\n    1,\n    2\n  ],\n  \"within\": {}\n}");
}

static void merges(void **state)
{
	struct outer base = good("\"i32\":1,\"i64\":5,\"text\":\"a\","
				 "\"words\":[\"red\"],\"numbers\":[1],"
				 "\"object\":{\"small\":1},\"pairs\":{\"a\":\"1\"}");
	struct outer over = good("\"i64\":0,\"u16\":7,\"numbers\":[2,3],"
				 "\"object\":{\"small\":2},\"pairs\":{\"b\":\"2\"},"
				 "\"within\":{\"small\":3}");

	(void)state;
	schema_merge(&outer_schema, &base, &over, &arena);
	assert_int_equal(base.i32, 1);
	assert_int_equal(*base.i64, 0);
	assert_int_equal(*base.u16, 7);
	assert_string_equal(base.text, "a");
	assert_string_equal(base.words[0], "red");
	assert_int_equal(base.numbers_len, 3);
	assert_int_equal(base.numbers[0] * 100 + base.numbers[1] * 10 + base.numbers[2], 123);
	assert_int_equal(base.object->small, 2);
	assert_int_equal(base.within.small, 3);
	assert_int_equal(base.pairs_len, 2);
	assert_string_equal(base.pairs[1].key, "b");
	assert_int_equal(over.numbers_len, 2);
	base = good("");
	over = good("\"object\":{\"small\":2}");
	schema_merge(&outer_schema, &base, &over, &arena);
	assert_int_equal(base.object->small, 2);
	assert_null(base.i64);
}

static void writes_any_string(void **state)
{
	static const struct {
		char *text;
		const char *json;
	} cases[] = {
		{ "/usr/bin", "/usr/bin" },
		{ "\"\\\b\f\n\r\t\x01\x1f\x7f", "\\\"\\\\\\b\\f\\n\\r\\t\\u0001\\u001f\x7f" },
		{ "\u00e4\u20ac\U0001f600", "\u00e4\u20ac\U0001f600" },
		{ "a\xff"
		  "b",
		  "a\ufffd"
		  "b" },
		{ "\xc0\x80", "\ufffd\ufffd" },
		{ "\xed\xa0\x80", "\ufffd\ufffd\ufffd" },
		{ "\xf4\x90\x80\x80", "\ufffd\ufffd\ufffd\ufffd" },
		{ "\xe2\x82", "\ufffd\ufffd" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		auto_buf struct buf out = { 0 };
		struct outer outer = { .needed = cases[i].text }, again;
		char expected[200];

		schema_write(&outer_schema, &outer, SCHEMA_COMPACT, &out);
		snprintf(expected, sizeof(expected), "{\"u32\":0,\"needed\":\"%s\",\"within\":{}}",
			 cases[i].json);
		assert_string_equal(out.data, expected);
		assert_int_equal(read_outer(out.data, &again), 0);
	}
}

static int count_array(void *data)
{
	++*(size_t *)data;
	return 1;
}

static int compare_text(void *data, const unsigned char *text, size_t len)
{
	const char *wanted = data;

	return strlen(wanted) == len && !memcmp(text, wanted, len);
}

/* What the parser keeps of them moves as it grows. */
static void documents_of_any_depth(void **state)
{
	static const struct json_events events = { .start_array = count_array,
						   .end_array = count_array };
	char text[2000];

	(void)state;
	for (size_t depth = 1; depth <= sizeof(text) / 2; depth++) {
		size_t seen = 0;

		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		assert_int_equal(json_parse(text, 2 * depth, &events, &seen, NULL), 0);
		assert_int_equal(seen, 2 * depth);
		text[2 * depth - 1] = '}';
		assert_int_equal(json_parse(text, 2 * depth, &events, &seen, NULL), -EINVAL);
	}
}

static void decoded_strings_of_any_length(void **state)
{
	static const struct json_events events = { .string = compare_text };
	char wanted[5002] = "\n", text[5005] = "\"\\n";

	(void)state;
	for (size_t len = 1; len < sizeof(wanted); len++) {
		strcpy(text + len + 2, "\"");
		assert_int_equal(json_parse(text, len + 3, &events, wanted, NULL), 0);
		wanted[len] = text[len + 2] = (char)('a' + len % 26);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(absent_is_zero, tear_down),
		cmocka_unit_test_teardown(booleans, tear_down),
		cmocka_unit_test_teardown(numbers_are_exact, tear_down),
		cmocka_unit_test_teardown(numbers_out_of_range, tear_down),
		cmocka_unit_test_teardown(strings, tear_down),
		cmocka_unit_test_teardown(required_members, tear_down),
		cmocka_unit_test_teardown(collections, tear_down),
		cmocka_unit_test_teardown(places, tear_down),
		cmocka_unit_test_teardown(last_of_duplicates_wins, tear_down),
		cmocka_unit_test_teardown(unknown_keys_are_ignored, tear_down),
		cmocka_unit_test_teardown(document_must_be_an_object, tear_down),
		cmocka_unit_test_teardown(errors_may_be_ignored, tear_down),
		cmocka_unit_test(documents_of_any_depth),
		cmocka_unit_test(decoded_strings_of_any_length),
		cmocka_unit_test_teardown(writes_compact, tear_down),
		cmocka_unit_test_teardown(writes_indented, tear_down),
		cmocka_unit_test_teardown(writes_any_string, tear_down),
		cmocka_unit_test_teardown(merges, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
