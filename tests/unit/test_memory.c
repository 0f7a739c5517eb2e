/* test_memory.c - buf, arena and strv: what grows */
#include <errno.h>
#include <stdalign.h>
#include <string.h>
#include <sys/wait.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/strv.h"
#include "tests/unit/unit.h"

static void test_buf(void **state)
{
	auto_buf struct buf buf = { 0 };
	auto_buf struct buf whole = { 0 };

	(void)state;
	buf_puts(&buf, "");
	assert_string_equal(buf.data, "");
	for (int i = 0; i < 1000; i++) {
		buf_printf(&buf, "%d,", i);
		assert_int_equal(strlen(buf.data), buf.len);
	}
	assert_int_equal(buf.len, 10 * 2 + 90 * 3 + 900 * 4);
	assert_string_equal(buf.data + buf.len - 8, "998,999,");
	buf_add(&whole, "a\0b", 3);
	assert_int_equal(whole.len, 3);
	assert_memory_equal(whole.data, "a\0b", 4);
	/* Around the sizes at which it grows. */
	for (size_t len = 200; len < 1100; len++) {
		auto_buf struct buf one = { 0 };
		char *place = buf_reserve(&one, len);

		memset(place, 'x', len);
		one.len += len;
		buf_puts(&one, "y");
		assert_int_equal(one.len, len + 1);
		assert_int_equal(one.data[len], 'y');
	}
}

static void test_buf_take(void **state)
{
	struct buf buf = { 0 };
	auto_string char *empty = buf_take(&buf);
	auto_string char *text = NULL;

	(void)state;
	assert_string_equal(empty, "");
	buf_puts(&buf, "text");
	text = buf_take(&buf);
	assert_string_equal(text, "text");
	assert_null(buf.data);
	assert_int_equal(buf.len, 0);
	assert_int_equal(buf.capacity, 0);
}

static void assert_zero(const char *data, size_t size)
{
	for (size_t i = 0; i < size; i++)
		assert_int_equal(data[i], 0);
}

/* Zeroed, aligned, and none in another's place, in blocks of all kinds. */
static void test_arena(void **state)
{
	auto_arena struct arena arena = { 0 };
	char *pieces[400];

	(void)state;
	for (size_t i = 0; i < LEN(pieces); i++) {
		size_t size = i % 50 == 49 ? 40000 : i * 7;

		pieces[i] = arena_alloc(&arena, size);
		assert_int_equal((uintptr_t)pieces[i] % alignof(max_align_t), 0);
		assert_zero(pieces[i], size);
		memset(pieces[i], (int)i, size);
	}
	for (size_t i = 0; i < LEN(pieces); i++)
		for (size_t j = 0; j < (i % 50 == 49 ? 40000 : i * 7); j++)
			assert_int_equal((unsigned char)pieces[i][j], i & 0xff);
}

/* What it gives after is zeroed again, whatever was written there. */
static void test_arena_clear(void **state)
{
	auto_arena struct arena arena = { 0 };

	(void)state;
	arena_clear(&arena);
	assert_null(arena.blocks);
	for (size_t round = 0; round < 10; round++) {
		const struct arena_block *kept;

		for (size_t i = 0; i < 100; i++) {
			size_t size = i % 50 == 49 ? 40000 : i * 7;
			char *piece = arena_alloc(&arena, size);

			assert_zero(piece, size);
			memset(piece, 'x', size);
		}
		kept = arena.blocks;
		arena_clear(&arena);
		assert_ptr_equal(arena.blocks, kept);
	}
}

static void test_arena_join(void **state)
{
	auto_arena struct arena arena = { 0 };
	struct arena other = { 0 };
	char *texts[3000];

	(void)state;
	arena_join(&arena, &other);
	assert_null(arena.blocks);
	for (size_t i = 0; i < LEN(texts); i++) {
		texts[i] = arena_printf(&other, "%zu", i);
		if (i % 1000 != 999)
			continue;
		arena_join(&arena, &other);
		assert_null(other.blocks);
		arena_strdup(&arena, "more");
	}
	for (size_t i = 0; i < LEN(texts); i++)
		assert_int_equal(atoi(texts[i]), i);
}

static void test_arena_grow(void **state)
{
	auto_arena struct arena arena = { 0 };
	size_t *numbers = NULL, moves = 0;

	(void)state;
	for (size_t i = 0; i < 1000; i++) {
		size_t *before = numbers;

		numbers = arena_grow(&arena, numbers, i, sizeof(*numbers));
		numbers[i] = i;
		moves += numbers != before;
	}
	for (size_t i = 0; i < 1000; i++)
		assert_int_equal(numbers[i], i);
	assert_int_equal(moves, 7);
}

static void test_arena_text(void **state)
{
	auto_arena struct arena arena = { 0 };
	const char *first = arena_strdup(&arena, "first");

	(void)state;
	assert_string_equal(arena_strndup(&arena, "second", 3), "sec");
	assert_string_equal(arena_strndup(&arena, "", 0), "");
	assert_string_equal(arena_printf(&arena, "%s-%d", "third", 3), "third-3");
	assert_string_equal(arena_printf(&arena, "%s", ""), "");
	assert_string_equal(first, "first");
	assert_non_null(arena_array(&arena, 0, 8));
	arena_free(&arena);
	arena_free(&arena);
	assert_null(arena.blocks);
}

/* Return: the exit status of a child that asks for it. */
static int status_of(void (*ask)(void))
{
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		close(STDERR_FILENO);
		ask();
		_exit(0);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static void ask_array(void)
{
	struct arena arena = { 0 };

	arena_array(&arena, SIZE_MAX / 8 + 2, 8);
}

static void ask_alloc(void)
{
	struct arena arena = { 0 };

	arena_alloc(&arena, SIZE_MAX - 3);
}

static void ask_buf(void)
{
	struct buf buf = { 0 };

	buf_reserve(&buf, SIZE_MAX - 1);
}

/* A product that wraps would give a small object for a large one. */
static void test_too_much(void **state)
{
	(void)state;
	assert_int_equal(status_of(ask_array), 1);
	assert_int_equal(status_of(ask_alloc), 1);
	assert_int_equal(status_of(ask_buf), 1);
}

static void test_strv(void **state)
{
	auto_strv char **strv = NULL;
	char text[] = "a=1";

	(void)state;
	assert_int_equal(strv_len(NULL), 0);
	assert_false(strv_contains(NULL, "a"));
	assert_null(strv_env_get(NULL, "a"));
	strv_add(&strv, text);
	text[0] = 'x';
	strv_add(&strv, "ab=2");
	strv_add(&strv, "a=3");
	strv_add(&strv, "b");
	strv_add(&strv, "c=");
	assert_int_equal(strv_len(strv), 5);
	assert_true(strv_contains(strv, "a=1"));
	assert_false(strv_contains(strv, "a"));
	assert_string_equal(strv_env_get(strv, "a"), "3");
	assert_string_equal(strv_env_get(strv, "ab"), "2");
	assert_string_equal(strv_env_get(strv, "c"), "");
	assert_null(strv_env_get(strv, "b"));
	assert_null(strv_env_get(strv, "abc"));
	strv_free(&strv);
	assert_null(strv);
	strv_free(&strv);
}

static void test_strv_env_unique(void **state)
{
	char *env[] = { "b=1", "a=1", "ab=1", "a=2", "b", "a", "c=", "ab=2", NULL };
	const char *expected[] = { "b", "a", "c=", "ab=2" };
	auto_arena struct arena arena = { 0 };

	(void)state;
	strv_env_unique(NULL, &arena);
	strv_env_unique(env, &arena);
	assert_int_equal(strv_len(env), 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(env[i], expected[i]);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_buf),
		cmocka_unit_test(test_buf_take),
		cmocka_unit_test(test_arena),
		cmocka_unit_test(test_arena_clear),
		cmocka_unit_test(test_arena_join), cmocka_unit_test(test_arena_grow),
		cmocka_unit_test(test_arena_text),
		cmocka_unit_test(test_too_much),
		cmocka_unit_test(test_strv),
		cmocka_unit_test(test_strv_env_unique),
	};

	return cmocka_run_group_tests_name("memory", tests, NULL, NULL);
}
