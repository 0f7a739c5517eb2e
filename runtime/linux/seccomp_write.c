/* seccomp_write.c - a graph of questions becomes a program */
#include "runtime/linux/seccomp_write.h"

/*
 * Jumps only go forward, by 255 at most: so it is written from its end on, when all that a jump
 * leads to has its place. Places count from the end.
 */
struct writer {
	const struct seccomp_node *nodes;
	struct arena *arena;
	struct sock_filter *code; /* the last one first */
	size_t len;
	struct place {
		bool is_known, is_loaded; /* somebody comes here with another word, or none */
		bool is_written;
		size_t load, test;
	} * places;
};

enum { JUMP_MAX = UINT8_MAX };

static bool has_word(const struct seccomp_node *node, const struct seccomp_node *other)
{
	return node->word.offset == other->word.offset && node->word.mask == other->word.mask;
}

/* Children have lower numbers than who asks. */
static void plan_loads(struct writer *writer, size_t root)
{
	writer->places[root].is_known = writer->places[root].is_loaded = true;
	for (size_t i = root + 1; i-- > 0;) {
		const struct seccomp_node *node = &writer->nodes[i];
		const size_t children[] = { node->if_true, node->if_false };

		if (!writer->places[i].is_known || !node->question)
			continue;
		for (size_t j = 0; j < 2; j++) {
			struct place *place = &writer->places[children[j]];

			place->is_known = true;
			place->is_loaded |= !has_word(node, &writer->nodes[children[j]]);
		}
	}
}

/* Return: its place. */
static size_t add(struct writer *writer, uint16_t code, size_t if_true, size_t if_false,
		  uint32_t value)
{
	writer->code = arena_grow(writer->arena, writer->code, writer->len,
				  sizeof(*writer->code));
	writer->code[writer->len++] = (struct sock_filter){
		code,
		(uint8_t)if_true,
		(uint8_t)if_false,
		value,
	};
	return writer->len - 1;
}

/* Where a jump from node to child goes. */
static size_t *find_entry(struct writer *writer, const struct seccomp_node *node, size_t child)
{
	struct place *place = &writer->places[child];
	const struct seccomp_node *found = &writer->nodes[child];

	return found->question && !has_word(node, found) ? &place->load : &place->test;
}

/* The jump to an entry that is too far gets there by a longer one, from now on all such do. */
static bool bring_near(struct writer *writer, size_t *entry)
{
	const struct sock_filter *there = &writer->code[*entry];

	if (writer->len - *entry - 1 <= JUMP_MAX)
		return false;
	if (there->code == (BPF_RET | BPF_K))
		*entry = add(writer, there->code, 0, 0, there->k);
	else
		*entry = add(writer, BPF_JMP | BPF_JA, 0, 0,
			     (uint32_t)(writer->len - *entry - 1));
	return true;
}

static void write_question(struct writer *writer, size_t index)
{
	const struct seccomp_node *node = &writer->nodes[index];
	struct place *place = &writer->places[index];
	size_t *yes = find_entry(writer, node, node->if_true);
	size_t *no = find_entry(writer, node, node->if_false);

	/* What brings one near puts the other further away. */
	while (bring_near(writer, yes) || bring_near(writer, no))
		;
	place->test = add(writer, node->question, writer->len - *yes - 1, writer->len - *no - 1,
			  node->value);
	if (!place->is_loaded)
		return;
	if (node->word.mask != UINT32_MAX)
		add(writer, BPF_ALU | BPF_AND | BPF_K, 0, 0, node->word.mask);
	place->load = add(writer, BPF_LD | BPF_W | BPF_ABS, 0, 0, node->word.offset);
}

static void write_node(struct writer *writer, size_t index)
{
	const struct seccomp_node *node = &writer->nodes[index];
	struct place *place = &writer->places[index];

	if (place->is_written)
		return;
	place->is_written = true;
	if (!node->question) {
		place->test = add(writer, BPF_RET | BPF_K, 0, 0, node->value);
		return;
	}
	write_node(writer, node->if_false);
	write_node(writer, node->if_true);
	write_question(writer, index);
}

void seccomp_write(struct seccomp_graph *graph, size_t root, struct buf *program)
{
	struct writer writer = {
		.nodes = graph->nodes,
		.arena = graph->arena,
		.places = arena_array(graph->arena, root + 1, sizeof(*writer.places)),
	};

	plan_loads(&writer, root);
	write_node(&writer, root);
	for (size_t i = writer.len; i-- > 0;)
		buf_add(program, &writer.code[i], sizeof(*writer.code));
}
