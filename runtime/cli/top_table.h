/* top_table.h - the table of `top` */
#pragma once
#include <stdint.h>

#include "base/buf.h"
#include "runtime/cli/top_sample.h"

/* How it looks. */
struct top_look {
	bool bars;            /* and sparklines, where utf8 is set; else the share as a number */
	bool utf8;            /* the terminal can show it */
	bool colour;          /* the terminal can, and the user wants it */
	int width;            /* columns that have no room in it are left out; 0: no limit */
	int height;           /* lines: rows that have no room are only counted; 0: no limit */
	const char *line_end; /* "\n", or with what clears the rest of the line before it */
	uint64_t host_memory; /* bytes: what a container without a limit can have */
};

/* Orders the rows by "cpu", "memory", "pids", "io", "net" or "name". Return: 0 or -EINVAL. */
int top_table_sort(struct top_row *rows, size_t len, const char *name, struct error *err);

/* Return: the name for a key on the keyboard, or NULL. */
const char *top_table_key(char letter);

/* Adds a line of titles and one for each row. */
void top_table_add(const struct top_row *rows, size_t len, const struct top_look *look,
		   struct buf *out);
