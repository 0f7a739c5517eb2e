/* columns.c - lines of cells as text, in columns */
#include "runtime/cli/columns.h"

#include <string.h>

#include "base/arena.h"

enum { LEAST_WIDTH = 12, GAP = 3 };

static int find_width(const char *const *cells, size_t lines, size_t columns, size_t column)
{
	int width = LEAST_WIDTH;

	for (size_t i = 0; i < lines; i++) {
		int len = (int)strlen(cells[i * columns + column]) + GAP;

		if (len > width)
			width = len;
	}
	return width;
}

void columns_print(const char *const *cells, size_t lines, size_t columns, struct buf *out)
{
	auto_arena struct arena arena = { 0 };
	int *widths = arena_array(&arena, columns, sizeof(*widths));

	for (size_t i = 0; i < columns; i++)
		widths[i] = find_width(cells, lines, columns, i);
	for (size_t i = 0; i < lines * columns; i++)
		if (i % columns == columns - 1)
			buf_printf(out, "%s\n", cells[i]);
		else
			buf_printf(out, "%-*s", widths[i % columns], cells[i]);
}
