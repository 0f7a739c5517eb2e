/* seccomp_shrink.c - a filter that does the same with fewer instructions */
#include "runtime/linux/seccomp_shrink.h"

#include <linux/seccomp.h>
#include <stdint.h>

#include "base/arena.h"
#include "runtime/linux/seccomp_graph.h"
#include "runtime/linux/seccomp_tree.h"
#include "runtime/linux/seccomp_write.h"

static const struct seccomp_word ARCH = { offsetof(struct seccomp_data, arch), UINT32_MAX };
static const struct seccomp_word NUMBER = { offsetof(struct seccomp_data, nr), UINT32_MAX };

/* A program of 4096 instructions, all that the kernel takes, has hardly more. */
enum { ROWS_MAX = 4096 };

/* Intervals that are being found. */
struct table {
	struct arena *arena;
	struct seccomp_interval *rows;
	size_t len;
};

/* Return: whether numbers are left. */
static bool add(struct table *table, const struct seccomp_span *span, size_t node)
{
	const struct seccomp_interval row = { span->first, span->last, node };

	if (table->len && table->rows[table->len - 1].node == node) {
		table->rows[table->len - 1].last = span->last;
	} else {
		table->rows = arena_grow(table->arena, table->rows, table->len, sizeof(row));
		table->rows[table->len++] = row;
	}
	return span->last != UINT32_MAX;
}

static struct seccomp_span rest_behind(uint32_t last)
{
	return (struct seccomp_span){ last + 1, UINT32_MAX };
}

/* *root: a search among all numbers of the first architecture, and of those that are alike. */
static bool make_numbers(struct seccomp_graph *graph, struct seccomp_reader *reader,
			 struct seccomp_span *arch, size_t *root)
{
	struct table table = { .arena = graph->arena };
	struct seccomp_calls calls = { .arch = *arch, .number = { 0, UINT32_MAX } };
	size_t node;

	for (;;) {
		if (table.len == ROWS_MAX || !seccomp_reader_follow(reader, &calls, &node))
			return false;
		if (!add(&table, &calls.number, node))
			break;
		calls.number = rest_behind(calls.number.last);
	}
	*arch = calls.arch;
	*root = seccomp_tree_make(graph, NUMBER, table.rows, table.len);
	return true;
}

static bool make_all(struct seccomp_graph *graph, struct seccomp_reader *reader, size_t *root)
{
	struct table table = { .arena = graph->arena };
	struct seccomp_span arch = { 0, UINT32_MAX };
	size_t node;

	for (;;) {
		if (table.len == ROWS_MAX || !make_numbers(graph, reader, &arch, &node))
			return false;
		if (!add(&table, &arch, node))
			break;
		arch = rest_behind(arch.last);
	}
	*root = seccomp_tree_make(graph, ARCH, table.rows, table.len);
	return true;
}

/* Both spans end where either program goes elsewhere. */
static bool are_same(struct seccomp_graph *graph, const struct buf *program,
		     const struct buf *other)
{
	struct seccomp_reader *first = seccomp_reader_new(graph, program);
	struct seccomp_reader *second = seccomp_reader_new(graph, other);
	struct seccomp_calls calls = { { 0, UINT32_MAX }, { 0, UINT32_MAX } };
	size_t node, other_node;

	for (;;) {
		if (!seccomp_reader_follow(first, &calls, &node) ||
		    !seccomp_reader_follow(second, &calls, &other_node) || node != other_node)
			return false;
		if (calls.number.last != UINT32_MAX) {
			calls.number = rest_behind(calls.number.last);
			continue;
		}
		if (calls.arch.last == UINT32_MAX)
			return true;
		calls.arch = rest_behind(calls.arch.last);
		calls.number = (struct seccomp_span){ 0, UINT32_MAX };
	}
}

bool seccomp_shrink(struct buf *program)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf shrunk = { 0 };
	struct seccomp_graph graph = { .arena = &arena };
	struct buf old = *program;
	size_t root;

	if (!make_all(&graph, seccomp_reader_new(&graph, program), &root))
		return false;
	seccomp_write(&graph, root, &shrunk);
	if (shrunk.len >= program->len || !are_same(&graph, program, &shrunk))
		return false;
	*program = shrunk;
	shrunk = old;
	return true;
}
