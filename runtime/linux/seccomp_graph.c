/* seccomp_graph.c - what a filter decides, as a graph of questions */
#include "runtime/linux/seccomp_graph.h"

#include <linux/seccomp.h>

#include "runtime/linux/seccomp_filter.h"

/* A filter like docker's takes 25 thousand steps; a million takes some milliseconds. */
enum { STEPS_MAX = 1 << 20, DEPTH_MAX = 1024 };

static bool are_alike(const struct seccomp_node *a, const struct seccomp_node *b)
{
	return a->word.offset == b->word.offset && a->word.mask == b->word.mask &&
	       a->question == b->question && a->value == b->value && a->if_true == b->if_true &&
	       a->if_false == b->if_false;
}

static size_t bucket_of(const struct seccomp_node *node)
{
	uint64_t sum = node->value;

	sum = sum * 31 + node->word.offset;
	sum = sum * 31 + node->word.mask;
	sum = sum * 31 + node->question;
	sum = sum * 31 + node->if_true;
	sum = sum * 31 + node->if_false;
	return (size_t)((sum * 0x9e3779b97f4a7c15U) >> 32) % SECCOMP_GRAPH_BUCKETS;
}

static size_t find_or_add(struct seccomp_graph *graph, struct seccomp_node *node)
{
	size_t *bucket = &graph->buckets[bucket_of(node)];

	for (size_t at = *bucket; at; at = graph->nodes[at - 1].next)
		if (are_alike(&graph->nodes[at - 1], node))
			return at - 1;
	node->next = *bucket;
	graph->nodes = arena_grow(graph->arena, graph->nodes, graph->len, sizeof(*node));
	graph->nodes[graph->len++] = *node;
	*bucket = graph->len;
	return graph->len - 1;
}

static bool compare(uint16_t question, uint32_t a, uint32_t value)
{
	switch (BPF_OP(question)) {
	case BPF_JEQ:
		return a == value;
	case BPF_JGT:
		return a > value;
	case BPF_JGE:
		return a >= value;
	default:
		return a & value;
	}
}

size_t seccomp_graph_ask(struct seccomp_graph *graph, struct seccomp_word word, uint16_t question,
			 uint32_t value, size_t if_true, size_t if_false)
{
	struct seccomp_node node = {
		.word = word, .question = question, .value = value,
		.if_true = if_true, .if_false = if_false,
	};

	/* As libseccomp has it for the upper half of an argument. */
	if (!word.mask)
		return compare(question, 0, value) ? if_true : if_false;
	return if_true == if_false ? if_true : find_or_add(graph, &node);
}

size_t seccomp_graph_answer(struct seccomp_graph *graph, uint32_t value)
{
	struct seccomp_node node = { .value = value };

	return find_or_add(graph, &node);
}

/* What follows from an instruction that loads: seen in this walk, once for all ways there. */
struct seen {
	unsigned long walk;
	size_t node;
};

struct seccomp_reader {
	struct seccomp_graph *graph;
	const struct sock_filter *code;
	size_t len;
	struct seen *seen;
	unsigned long walk, steps;
};

struct seccomp_reader *seccomp_reader_new(struct seccomp_graph *graph, const struct buf *program)
{
	struct seccomp_reader *reader = arena_alloc(graph->arena, sizeof(*reader));

	reader->graph = graph;
	reader->code = (const struct sock_filter *)program->data;
	reader->len = seccomp_filter_len(program);
	reader->seen = arena_array(graph->arena, reader->len, sizeof(*reader->seen));
	return reader;
}

static void end_at(struct seccomp_span *span, uint32_t last)
{
	span->last = last < span->last ? last : span->last;
}

/* As compare, of the first number, and lowers the last to where the outcome may be another. */
static bool compare_span(uint16_t question, struct seccomp_span *span, uint32_t mask,
			 uint32_t value)
{
	/* The lowest bits of the mask that are all set: as long as only they change, a counts. */
	uint32_t counting = mask & ~(mask + 1), a = span->first & mask, bits = mask & value;
	bool outcome = compare(question, a, value);
	uint64_t next = (uint64_t)value +
			(BPF_OP(question) == BPF_JGT || (BPF_OP(question) == BPF_JEQ && outcome));

	if (BPF_OP(question) == BPF_JSET) {
		if (bits)
			end_at(span, span->first | ((bits & (0 - bits)) - 1));
		return outcome;
	}
	end_at(span, span->first | counting);
	if (a < next && next <= (a | counting))
		end_at(span, span->first + (uint32_t)(next - a - 1));
	return outcome;
}

static struct seccomp_span *find_span(struct seccomp_calls *calls, uint32_t offset)
{
	if (offset == offsetof(struct seccomp_data, nr))
		return &calls->number;
	return offset == offsetof(struct seccomp_data, arch) ? &calls->arch : NULL;
}

/* Where the walk is: an instruction, and what the accumulator has. */
struct place {
	size_t at;
	struct seccomp_word word;
	bool has_word;
	unsigned int depth;
};

static bool walk(struct seccomp_reader *reader, struct seccomp_calls *calls, struct place place,
		 size_t *node);

static bool walk_both(struct seccomp_reader *reader, struct seccomp_calls *calls,
		      const struct place *place, size_t *node)
{
	const struct sock_filter *at = &reader->code[place->at];
	struct place yes = *place, no = *place;
	size_t if_true, if_false;

	yes.at += 1U + at->jt;
	no.at += 1U + at->jf;
	yes.depth = no.depth = place->depth + 1;
	if (!walk(reader, calls, yes, &if_true) || !walk(reader, calls, no, &if_false))
		return false;
	*node = seccomp_graph_ask(reader->graph, place->word, at->code, at->k, if_true, if_false);
	return true;
}

/* Behind a load it does not matter what the accumulator had before. */
static bool walk_load(struct seccomp_reader *reader, struct seccomp_calls *calls,
		      struct place place, size_t *node)
{
	struct seen *seen = &reader->seen[place.at];
	uint32_t offset = reader->code[place.at].k;

	if (offset % sizeof(uint32_t) || offset >= sizeof(struct seccomp_data))
		return false;
	if (seen->walk != reader->walk) {
		place.at++;
		place.depth++;
		place.word = (struct seccomp_word){ offset, UINT32_MAX };
		place.has_word = true;
		if (!walk(reader, calls, place, &seen->node))
			return false;
		seen->walk = reader->walk;
	}
	*node = seen->node;
	return true;
}

static bool is_jump(uint16_t code)
{
	return code == (BPF_JMP | BPF_JEQ | BPF_K) || code == (BPF_JMP | BPF_JGT | BPF_K) ||
	       code == (BPF_JMP | BPF_JGE | BPF_K) || code == (BPF_JMP | BPF_JSET | BPF_K);
}

static bool walk(struct seccomp_reader *reader, struct seccomp_calls *calls, struct place place,
		 size_t *node)
{
	if (place.depth > DEPTH_MAX)
		return false;
	for (; place.at < reader->len && reader->steps < STEPS_MAX; place.at++) {
		const struct sock_filter *at = &reader->code[place.at];
		struct seccomp_span *span;

		reader->steps++;
		if (at->code == (BPF_RET | BPF_K)) {
			*node = seccomp_graph_answer(reader->graph, at->k);
			return true;
		}
		if (at->code == (BPF_LD | BPF_W | BPF_ABS))
			return walk_load(reader, calls, place, node);
		if (at->code == (BPF_JMP | BPF_JA)) {
			place.at += at->k;
			continue;
		}
		if (!place.has_word)
			return false;
		if (at->code == (BPF_ALU | BPF_AND | BPF_K)) {
			place.word.mask &= at->k;
			continue;
		}
		if (!is_jump(at->code))
			return false;
		span = find_span(calls, place.word.offset);
		if (!span)
			return walk_both(reader, calls, &place, node);
		place.at += compare_span(at->code, span, place.word.mask, at->k) ? at->jt : at->jf;
	}
	return false;
}

bool seccomp_reader_follow(struct seccomp_reader *reader, struct seccomp_calls *calls,
			   size_t *node)
{
	const struct place start = { .at = 0 };

	reader->walk++;
	return walk(reader, calls, start, node);
}
