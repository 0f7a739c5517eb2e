/* arena.h - memory that is given back all at once */
#pragma once
#include <stddef.h>

/*
 * A document or a container's plan allocates from one arena and frees nothing piece by piece.
 * Start with { 0 }. Memory that cannot be had ends the program with "out of memory".
 */
struct arena {
	struct arena_block *blocks;
};

/* Return: zeroed memory aligned for any type; never NULL. */
void *arena_alloc(struct arena *arena, size_t size);

/* Return: zeroed memory for an array of count members; never NULL, overflow ends the program. */
void *arena_array(struct arena *arena, size_t count, size_t size);

/*
 * Makes room for one more in an array of len entries that only this function has made; with the
 * first one it may be NULL. Return: the array, which may be another; never NULL.
 */
void *arena_grow(struct arena *arena, const void *array, size_t len, size_t size);

char *arena_strdup(struct arena *arena, const char *text);
char *arena_strndup(struct arena *arena, const char *text, size_t len);
char *arena_printf(struct arena *arena, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Gives all back but one block, which is used again: for what is read one after the other. */
void arena_clear(struct arena *arena);

/* Everything in the other one becomes this one's, which gives it back; the other one is empty. */
void arena_join(struct arena *arena, struct arena *other);

void arena_free(struct arena *arena);

#define auto_arena __attribute__((cleanup(arena_free)))
