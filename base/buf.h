/* buf.h - a string of bytes that grows */
#pragma once
#include <stddef.h>

/*
 * Start with { 0 }. data has a NUL behind its len bytes from the first addition on.
 * Memory that cannot be had ends the program with "out of memory".
 */
struct buf {
	char *data;
	size_t len;
	size_t capacity;
};

void buf_add(struct buf *buf, const void *data, size_t len);
void buf_puts(struct buf *buf, const char *text);
void buf_printf(struct buf *buf, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Makes room for at least len further bytes. Return: where they go; the caller adds to buf->len. */
char *buf_reserve(struct buf *buf, size_t len);

/* Return: the content as a string ("" when empty), owned by the caller; buf is empty after. */
char *buf_take(struct buf *buf);

void buf_free(struct buf *buf);

#define auto_buf __attribute__((cleanup(buf_free)))

/* Ends the program with "out of memory"; for those who allocate themselves. */
_Noreturn void out_of_memory(void);
