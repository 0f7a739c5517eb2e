/* seccomp_graph.h - what a filter decides, as a graph of questions */
#pragma once
#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

/* What an instruction looks at: bits of a word in struct seccomp_data. */
struct seccomp_word {
	uint32_t offset, mask;
};

/* A question about a word (BPF_JEQ ... against value), or an answer. */
struct seccomp_node {
	struct seccomp_word word;
	uint16_t question; /* BPF_JMP | BPF_JEQ | BPF_K ..., 0: an answer, that value */
	uint32_t value;
	size_t if_true, if_false; /* nodes, made before this one */
	size_t next;              /* in its bucket, + 1 */
};

enum { SECCOMP_GRAPH_BUCKETS = 1024 };

/* Two nodes are never alike: equal graphs have equal numbers. */
struct seccomp_graph {
	struct arena *arena;
	struct seccomp_node *nodes;
	size_t len;
	size_t buckets[SECCOMP_GRAPH_BUCKETS];
};

/* Return: the number of the node; of what follows where the question makes no difference. */
size_t seccomp_graph_ask(struct seccomp_graph *graph, struct seccomp_word word, uint16_t question,
			 uint32_t value, size_t if_true, size_t if_false);
size_t seccomp_graph_answer(struct seccomp_graph *graph, uint32_t value);

/* Numbers that a filter tells not apart: first has been asked for, last is found. */
struct seccomp_span {
	uint32_t first, last;
};

/* System calls: of an architecture, AUDIT_ARCH_*, and with a number. */
struct seccomp_calls {
	struct seccomp_span arch, number;
};

struct seccomp_reader;

/* Return: who reads this program; both and the graph live as long as the arena. */
struct seccomp_reader *seccomp_reader_new(struct seccomp_graph *graph, const struct buf *program);

/*
 * Follows the program with the first architecture and number, and lowers last of both to where it
 * would go elsewhere.
 * *node: what it asks of the arguments, or its answer.
 * Return: false where it does what is not understood here, or takes too long.
 */
bool seccomp_reader_follow(struct seccomp_reader *reader, struct seccomp_calls *calls,
			   size_t *node);
