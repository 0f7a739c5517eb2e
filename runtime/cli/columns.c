/* columns.c - lines of cells as text, in columns */
#include "runtime/cli/columns.h"

#include <string.h>

#include "base/arena.h"

enum { LEAST_WIDTH = 12, GAP = 3 };

static size_t find_width(const char *const *cells, size_t lines, size_t columns, size_t column)
{
	size_t width = LEAST_WIDTH;

	for (size_t i = 0; i < lines; i++) {
		size_t len = strlen(cells[i * columns + column]) + GAP;

		if (len > width)
			width = len;
	}
	return width;
}

/* By hand, as a thousand lines have so many cells that printf(3) is to be seen. */
static void add_cell(struct buf *out, const char *cell, size_t width)
{
	size_t len = strlen(cell);

	memset(buf_reserve(out, width), ' ', width);
	memcpy(out->data + out->len, cell, len);
	out->len += width;
}

void columns_print(const char *const *cells, size_t lines, size_t columns, struct buf *out)
{
	auto_arena struct arena arena = { 0 };
	size_t *widths = arena_array(&arena, columns, sizeof(*widths));

	for (size_t i = 0; i < columns; i++)
		widths[i] = find_width(cells, lines, columns, i);
	for (size_t i = 0; i < lines * columns; i++) {
		if (i % columns < columns - 1) {
			add_cell(out, cells[i], widths[i % columns]);
			continue;
		}
		buf_puts(out, cells[i]);
		buf_puts(out, "\n");
	}
}
