/* top_cells.h - what stands in the cells of `top`: sizes, shares, bars, sparklines */
#pragma once
#include <stdbool.h>
#include <stddef.h>

#include "base/buf.h"

/* Five characters at most: "0B", "1023B", "1.5K", "64M", "1024T". */
enum { TOP_CELLS_SIZE_LEN = 5 };
void top_cells_add_size(double bytes, struct buf *out);

/* Six characters at most up to 99999%: "0.0%", "12.3%", "1234%". */
void top_cells_add_percent(double percent, struct buf *out);

/*
 * "[####    ]": width characters on the screen, the brackets among them; share is 0 to 1, what is
 * beyond is taken for that. utf8: in eighths of a character.
 */
void top_cells_add_bar(double share, int width, bool utf8, struct buf *out);

/*
 * A character of UTF-8 for each value: eight heights, the highest of them for max and more; below
 * 0, for what is not known, a blank.
 */
void top_cells_add_sparkline(const float *values, size_t len, double max, struct buf *out);

/*
 * The text in width characters on the screen: filled up with blanks on its right, or where it is
 * too long cut, with a mark at its end. It must be ASCII.
 */
void top_cells_add_name(const char *name, int width, bool utf8, struct buf *out);
