/* seccomp_tree.c - which questions tell numbers apart with the fewest instructions */
#include "runtime/linux/seccomp_tree.h"

/*
 * An instruction costs the kernel's translation about as much as COST_INSTRUCTION intervals that
 * pass it when it asks the filter in advance for each number. A list of more than LIST_MAX single
 * numbers is not searched one after the other, and the best tree not for more than WHOLE_MAX
 * intervals at once: that takes its third power.
 */
enum { COST_INSTRUCTION = 16, LIST_MAX = 4, WHOLE_MAX = 64 };

struct choice {
	uint32_t cost;
	/* How the intervals from one to another are told apart. */
	enum {
		LEAF,   /* there is only one */
		LIST,   /* its numbers one by one; all else has the node of at */
		BORDER, /* behind at */
		MIDDLE, /* in the midst of at, to which both sides belong */
	} by;
	size_t at;
};

struct tree {
	struct seccomp_graph *graph;
	struct seccomp_word word;
	const struct seccomp_interval *intervals;
	size_t len;
	struct choice *choices; /* from a row to a column */
};

static struct choice *get(const struct tree *tree, size_t from, size_t to)
{
	return &tree->choices[from * tree->len + to];
}

static bool is_single(const struct seccomp_interval *interval)
{
	return interval->first == interval->last;
}

static void take_cheaper(struct choice *best, struct choice other)
{
	if (best->by == LEAF || other.cost < best->cost)
		*best = other;
}

static void try_list(const struct tree *tree, size_t from, size_t to, size_t at,
		     struct choice *best)
{
	const struct seccomp_interval *row = tree->intervals;
	uint32_t count = 0;

	for (size_t i = from; i <= to && count <= LIST_MAX; i++)
		if (row[i].node != row[at].node)
			count += is_single(&row[i]) ? 1 : LIST_MAX + 1;
	if (count <= LIST_MAX)
		take_cheaper(best, (struct choice){
			count * (COST_INSTRUCTION + (uint32_t)(to - from + 1)), LIST, at,
		});
}

static void choose(const struct tree *tree, size_t from, size_t to)
{
	struct choice *best = get(tree, from, to);
	uint32_t one = COST_INSTRUCTION + (uint32_t)(to - from + 1);

	*best = (struct choice){ 0 };
	if (from == to)
		return;
	try_list(tree, from, to, from, best);
	try_list(tree, from, to, from + 1, best);
	for (size_t at = from; at < to; at++) {
		uint32_t left = get(tree, from, at)->cost;

		take_cheaper(best, (struct choice){
			one + left + get(tree, at + 1, to)->cost, BORDER, at,
		});
		if (at > from && !is_single(&tree->intervals[at]))
			take_cheaper(best, (struct choice){
				one + left + get(tree, at, to)->cost, MIDDLE, at,
			});
	}
}

static size_t make_list(const struct tree *tree, size_t from, size_t to, size_t node)
{
	size_t rest = node;

	for (size_t i = from; i <= to; i++)
		if (tree->intervals[i].node != node)
			rest = seccomp_graph_ask(tree->graph, tree->word,
						 BPF_JMP | BPF_JEQ | BPF_K,
						 tree->intervals[i].first,
						 tree->intervals[i].node, rest);
	return rest;
}

static size_t make(const struct tree *tree, size_t from, size_t to)
{
	const struct choice *choice = get(tree, from, to);
	const struct seccomp_interval *at = &tree->intervals[choice->at];
	uint32_t end = at->last;
	size_t above;

	if (choice->by == LEAF)
		return tree->intervals[from].node;
	if (choice->by == LIST)
		return make_list(tree, from, to, at->node);
	above = make(tree, choice->by == BORDER ? choice->at + 1 : choice->at, to);
	if (choice->by == MIDDLE)
		end = at->first + (at->last - at->first) / 2;
	return seccomp_graph_ask(tree->graph, tree->word, BPF_JMP | BPF_JGT | BPF_K, end, above,
				 make(tree, from, choice->at));
}

size_t seccomp_tree_make(struct seccomp_graph *graph, struct seccomp_word word,
			 const struct seccomp_interval *intervals, size_t len)
{
	auto_arena struct arena arena = { 0 };
	struct tree tree = { graph, word, intervals, len, NULL };
	size_t half = len / 2;

	if (len > WHOLE_MAX)
		return seccomp_graph_ask(graph, word, BPF_JMP | BPF_JGT | BPF_K,
					 intervals[half - 1].last,
					 seccomp_tree_make(graph, word, intervals + half,
							   len - half),
					 seccomp_tree_make(graph, word, intervals, half));
	tree.choices = arena_array(&arena, len * len, sizeof(*tree.choices));
	for (size_t size = 1; size <= len; size++)
		for (size_t from = 0; from + size <= len; from++)
			choose(&tree, from, from + size - 1);
	return make(&tree, 0, len - 1);
}
