/* top_cells.c - what stands in the cells of `top`: sizes, shares, bars, sparklines */
#include "runtime/cli/top_cells.h"

#include <string.h>

enum { EIGHTHS = 8 };

void top_cells_add_size(double bytes, struct buf *out)
{
	static const char units[] = "BKMGTPE";
	const char *unit = units;

	while (bytes >= 1023.5 && unit[1]) {
		bytes /= 1024;
		unit++;
	}
	buf_printf(out, "%.*f%c", unit != units && bytes < 9.95 ? 1 : 0, bytes, *unit);
}

void top_cells_add_percent(double percent, struct buf *out)
{
	buf_printf(out, "%.*f%%", percent < 999.95 ? 1 : 0, percent);
}

void top_cells_add_bar(double share, int width, bool utf8, struct buf *out)
{
	/* U+258F to U+2588: an eighth of the block, two, ... the whole. */
	static const char *const blocks[] = { "", "▏", "▎", "▍", "▌", "▋", "▊", "▉", "█" };
	const int inner = width - 2, per_cell = utf8 ? EIGHTHS : 1;
	int filled;

	share = share > 1 ? 1 : share;
	filled = share > 0 ? (int)(share * inner * per_cell + 0.5) : 0;
	buf_puts(out, "[");
	for (int i = 0; i < inner; i++) {
		int part = filled - i * per_cell;

		if (part <= 0)
			buf_puts(out, " ");
		else if (utf8)
			buf_puts(out, blocks[part < EIGHTHS ? part : EIGHTHS]);
		else
			buf_puts(out, "#");
	}
	buf_puts(out, "]");
}

void top_cells_add_sparkline(const float *values, size_t len, double max, struct buf *out)
{
	static const char *const heights[EIGHTHS] = { "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█" };

	for (size_t i = 0; i < len; i++) {
		int height = (int)((double)values[i] / max * (EIGHTHS - 1) + 0.5);

		if (values[i] < 0)
			buf_puts(out, " ");
		else
			buf_puts(out, heights[height < EIGHTHS ? height : EIGHTHS - 1]);
	}
}

void top_cells_add_name(const char *name, int width, bool utf8, struct buf *out)
{
	if ((int)strlen(name) <= width)
		buf_printf(out, "%-*s", width, name);
	else
		buf_printf(out, "%.*s%s", width - 1, name, utf8 ? "…" : "+");
}
