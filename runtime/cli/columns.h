/* columns.h - lines of cells as text, in columns */
#pragma once
#include <stddef.h>

#include "base/buf.h"

/*
 * Adds the cells, line after line, the titles first. Columns are as wide as their widest cell, with
 * the least width that runc gives those of its list.
 */
void columns_print(const char *const *cells, size_t lines, size_t columns, struct buf *out);
