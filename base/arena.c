/* arena.c - memory that is given back all at once */
#include "base/arena.h"

#include <stdalign.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

struct arena_block {
	struct arena_block *next;
	size_t used, size;
	alignas(max_align_t) char data[];
};

/*
 * The largest of the blocks that many objects share. With 0, as fuzzing has it, each object has a
 * block of its own and the sanitizer sees its end.
 */
#ifndef ARENA_BLOCK_SIZE
#define ARENA_BLOCK_SIZE (16 * 1024 - sizeof(struct arena_block))
#endif

/* Most arenas live for a function, and hold a few names. */
enum {
	BLOCK_SIZE = ARENA_BLOCK_SIZE,
	FIRST_SIZE = BLOCK_SIZE ? 512 - sizeof(struct arena_block) : 0,
	GROWTH = 4,
};

static size_t align_up(size_t size)
{
	return (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
}

static size_t shared_size(const struct arena_block *current)
{
	size_t size = current ? current->size * GROWTH : FIRST_SIZE;

	return size < BLOCK_SIZE ? size : BLOCK_SIZE;
}

/* calloc, not malloc and memset: fresh pages from the kernel are zero already. */
static struct arena_block *add_block(struct arena *arena, size_t object)
{
	size_t shared = shared_size(arena->blocks), size = object > shared ? object : shared;
	struct arena_block *block = calloc(1, sizeof(*block) + size);

	if (!block)
		out_of_memory();
	block->size = size;
	/* A block for one large object goes behind the current one, which has room left. */
	if (object > shared && arena->blocks) {
		block->next = arena->blocks->next;
		arena->blocks->next = block;
	} else {
		block->next = arena->blocks;
		arena->blocks = block;
	}
	return block;
}

void *arena_alloc(struct arena *arena, size_t size)
{
	struct arena_block *block = arena->blocks;
	void *data;

	if (size > SIZE_MAX / 2)
		out_of_memory();
	if (BLOCK_SIZE)
		size = align_up(size);
	if (!block || block->size - block->used < size)
		block = add_block(arena, size);
	data = block->data + block->used;
	block->used += size;
	return data;
}

void *arena_array(struct arena *arena, size_t count, size_t size)
{
	if (size && count > SIZE_MAX / 2 / size)
		out_of_memory();
	return arena_alloc(arena, count * size);
}

void *arena_grow(struct arena *arena, const void *array, size_t len, size_t size)
{
	enum { FIRST = 16 };
	void *grown;

	/* It is full where it has as many entries as were made for it: 16, 32, 64 ... */
	if (len && (len < FIRST || len & (len - 1)))
		return (void *)array;
	grown = arena_array(arena, len ? 2 * len : FIRST, size);
	if (len)
		memcpy(grown, array, len * size);
	return grown;
}

char *arena_strndup(struct arena *arena, const char *text, size_t len)
{
	char *copy = arena_alloc(arena, len + 1);

	memcpy(copy, text, len);
	return copy;
}

char *arena_strdup(struct arena *arena, const char *text)
{
	return arena_strndup(arena, text, strlen(text));
}

char *arena_printf(struct arena *arena, const char *fmt, ...)
{
	char first[256], *text;
	va_list args, again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	len = vsnprintf(first, sizeof(first), fmt, args);
	va_end(args);
	if (len < 0)
		out_of_memory();
	text = arena_alloc(arena, (size_t)len + 1);
	if ((size_t)len < sizeof(first))
		memcpy(text, first, (size_t)len);
	else
		vsnprintf(text, (size_t)len + 1, fmt, again);
	va_end(again);
	return text;
}

void arena_clear(struct arena *arena)
{
	struct arena_block *kept = arena->blocks;
	struct arena rest;

	if (!kept)
		return;
	rest.blocks = kept->next;
	arena_free(&rest);
	kept->next = NULL;
	memset(kept->data, 0, kept->used);
	kept->used = 0;
}

/* Behind the blocks of the arena, whose first one may have room left. */
void arena_join(struct arena *arena, struct arena *other)
{
	struct arena_block **end = &arena->blocks;

	while (*end)
		end = &(*end)->next;
	*end = other->blocks;
	other->blocks = NULL;
}

void arena_free(struct arena *arena)
{
	while (arena->blocks) {
		struct arena_block *next = arena->blocks->next;

		free(arena->blocks);
		arena->blocks = next;
	}
}
