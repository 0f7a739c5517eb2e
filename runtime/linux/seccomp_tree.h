/* seccomp_tree.h - which questions tell numbers apart with the fewest instructions */
#pragma once
#include "runtime/linux/seccomp_graph.h"

/* Numbers from first to last, and what the filter does with them. */
struct seccomp_interval {
	uint32_t first, last;
	size_t node;
};

/*
 * intervals: in order, without a gap, neighbours of different nodes, one at least; word: where the
 * number is. Return: the node that asks first.
 */
size_t seccomp_tree_make(struct seccomp_graph *graph, struct seccomp_word word,
			 const struct seccomp_interval *intervals, size_t len);
