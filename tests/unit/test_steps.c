/* test_steps.c - sequences of steps: their order, their undo, the context of their errors */
#include "runtime/container/steps.h"

#include <errno.h>

#include "tests/unit/unit.h"

/* Each step writes a letter, its undo the same in upper case. */
struct trace {
	struct buf text;
	char failing;
};

static int run(struct trace *trace, char letter, struct error *err)
{
	buf_add(&trace->text, &letter, 1);
	return letter == trace->failing ? error_set(err, EBUSY, "%c is busy", letter) : 0;
}

static int run_a(void *trace, struct error *err)
{
	return run(trace, 'a', err);
}

static int run_b(void *trace, struct error *err)
{
	return run(trace, 'b', err);
}

static int run_c(void *trace, struct error *err)
{
	return run(trace, 'c', err) < 0 ? -EBUSY : 7;
}

static int run_d(void *trace, struct error *err)
{
	return run(trace, 'd', err);
}

static void undo_a(void *trace)
{
	buf_puts(&((struct trace *)trace)->text, "A");
}

static void undo_c(void *trace)
{
	buf_puts(&((struct trace *)trace)->text, "C");
}

static void undo_d(void *trace)
{
	buf_puts(&((struct trace *)trace)->text, "D");
}

static const struct step steps[] = {
	{ "do a", false, run_a, undo_a },
	{ "do b", true, run_b, NULL },
	{ "do c", false, run_c, undo_c },
	{ "do d", false, run_d, undo_d },
};

static void test_order(void **state)
{
	static const struct {
		char failing;
		int result;
		const char *trace, *text;
	} rows[] = {
		{ 0, 0, "abcd", "" },
		{ 'a', -EBUSY, "a", "do a: a is busy" },
		{ 'b', -EBUSY, "abA", "b is busy" },
		{ 'c', -EBUSY, "abcA", "do c: c is busy" },
		{ 'd', -EBUSY, "abcdCA", "do d: d is busy" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		struct trace trace = { .failing = rows[i].failing };
		struct error err = { 0 };

		assert_int_equal(steps_run(steps, LEN(steps), &trace, &err), rows[i].result);
		assert_string_equal(trace.text.data, rows[i].trace);
		assert_string_equal(err.text, rows[i].text);
		buf_free(&trace.text);
	}
}

static void test_none(void **state)
{
	struct error err = { 0 };

	(void)state;
	assert_int_equal(steps_run(steps, 0, NULL, &err), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_order),
		cmocka_unit_test(test_none),
	};

	return cmocka_run_group_tests_name("steps", tests, NULL, NULL);
}
