/* buf.c - a string of bytes that grows */
#include "base/buf.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

void out_of_memory(void)
{
	dprintf(STDERR_FILENO, "out of memory\n");
	_exit(1);
}

char *buf_reserve(struct buf *buf, size_t len)
{
	size_t wanted, capacity = buf->capacity ? buf->capacity : 256;

	if (len > SIZE_MAX / 4 || buf->len > SIZE_MAX / 4)
		out_of_memory();
	wanted = buf->len + len + 1;
	while (capacity < wanted)
		capacity *= 2;
	if (capacity != buf->capacity) {
		char *data = realloc(buf->data, capacity);

		if (!data)
			out_of_memory();
		buf->data = data;
		buf->capacity = capacity;
	}
	return buf->data + buf->len;
}

void buf_add(struct buf *buf, const void *data, size_t len)
{
	memcpy(buf_reserve(buf, len), data, len);
	buf->len += len;
	buf->data[buf->len] = 0;
}

void buf_puts(struct buf *buf, const char *text)
{
	buf_add(buf, text, strlen(text));
}

void buf_printf(struct buf *buf, const char *fmt, ...)
{
	char *place = buf_reserve(buf, 0);
	size_t room = buf->capacity - buf->len;
	va_list args, again;
	int len;

	va_start(args, fmt);
	va_copy(again, args);
	/* It nearly always fits. */
	len = vsnprintf(place, room, fmt, args);
	va_end(args);
	if (len < 0)
		out_of_memory();
	if ((size_t)len >= room)
		vsnprintf(buf_reserve(buf, (size_t)len), (size_t)len + 1, fmt, again);
	va_end(again);
	buf->len += (size_t)len;
}

char *buf_take(struct buf *buf)
{
	char *data;

	buf_reserve(buf, 0)[0] = 0;
	data = buf->data;
	*buf = (struct buf){ 0 };
	return data;
}

void buf_free(struct buf *buf)
{
	free(buf->data);
	*buf = (struct buf){ 0 };
}
