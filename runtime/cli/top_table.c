/* top_table.c - the table of `top` */
#include "runtime/cli/top_table.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/table.h"
#include "runtime/cli/top_cells.h"
#include "spec/state.h"

/* Who uses most comes first; what is not known comes last. */
static double key_cpu(const struct top_row *row)
{
	return row->cpu;
}
static double key_memory(const struct top_row *row)
{
	return (double)row->now.memory;
}
static double key_pids(const struct top_row *row)
{
	return (double)row->now.pids;
}
static double key_io(const struct top_row *row)
{
	return row->read + row->written;
}
static double key_net(const struct top_row *row)
{
	return row->received + row->sent;
}

static const struct key {
	char letter;
	const char *name;
	double (*of)(const struct top_row *row); /* NULL: by name only */
} keys[] = {
	{ 'c', "cpu", key_cpu },
	{ 'm', "memory", key_memory },
	{ 'p', "pids", key_pids },
	{ 'i', "io", key_io },
	{ 'n', "net", key_net },
	{ 'a', "name", NULL },
};

enum { KEYS = sizeof(keys) / sizeof(*keys) };

static int compare(const void *a, const void *b, void *data)
{
	const struct key *key = data;
	const struct top_row *left = a, *right = b;
	double l = key->of ? key->of(left) : 0, r = key->of ? key->of(right) : 0;

	return l == r ? strcmp(left->id, right->id) : l < r ? 1 :
							      -1;
}

int top_table_sort(struct top_row *rows, size_t len, const char *name, struct error *err)
{
	for (int i = 0; i < KEYS; i++) {
		struct key key = keys[i];

		if (strcmp(key.name, name) != 0)
			continue;
		if (len)
			qsort_r(rows, len, sizeof(*rows), compare, &key);
		return 0;
	}
	return error_set(err, EINVAL,
			 "--sort: \"%s\" is none of cpu, memory, pids, io, net and name", name);
}

const char *top_table_key(char letter)
{
	for (int i = 0; i < KEYS; i++)
		if (keys[i].letter == letter)
			return keys[i].name;
	return NULL;
}

static double memory_share(const struct top_row *row, const struct top_look *look)
{
	uint64_t limit = row->now.memory_limit;

	limit = limit < look->host_memory ? limit : look->host_memory;
	return limit ? (double)row->now.memory / (double)limit : 0;
}

static void add_rate(double rate, struct buf *out)
{
	if (rate < 0)
		buf_puts(out, "-");
	else
		top_cells_add_size(rate, out);
}

/* What does not run has its state there. */
static void cell_cpu(const struct top_row *row, const struct top_look *look, struct buf *out)
{
	(void)look;
	if (row->status != SPEC_STATUS_RUNNING)
		buf_puts(out, table_name_of(spec_statuses, row->status));
	else if (row->cpu < 0)
		buf_puts(out, "-");
	else
		top_cells_add_percent(row->cpu, out);
}

/* The height of the lines is that of a cpu, or of the busiest of these. */
static void cell_minute(const struct top_row *row, const struct top_look *look, struct buf *out)
{
	double max = 100;

	(void)look;
	for (int i = 0; i < TOP_HISTORY_LEN; i++)
		if ((double)row->history.values[i] > max)
			max = (double)row->history.values[i];
	top_cells_add_sparkline(row->history.values, TOP_HISTORY_LEN, max, out);
}

static void cell_memory(const struct top_row *row, const struct top_look *look, struct buf *out)
{
	top_cells_add_size((double)row->now.memory, out);
	buf_puts(out, "/");
	if (row->now.memory_limit < look->host_memory)
		top_cells_add_size((double)row->now.memory_limit, out);
	else
		buf_puts(out, "-");
}

enum { BAR_WIDTH = 10 };

static void cell_bar(const struct top_row *row, const struct top_look *look, struct buf *out)
{
	double share = memory_share(row, look);
	const char *colour = share < 0.7 ? "\033[32m" : share < 0.9 ? "\033[33m" :
								      "\033[31m";

	if (look->colour)
		buf_puts(out, colour);
	top_cells_add_bar(share, BAR_WIDTH, look->utf8, out);
	if (look->colour)
		buf_puts(out, "\033[39m");
}

static void cell_share(const struct top_row *row, const struct top_look *look, struct buf *out)
{
	top_cells_add_percent(100 * memory_share(row, look), out);
}

static void cell_pids(const struct top_row *row, const struct top_look *look, struct buf *out)
{
	(void)look;
	buf_printf(out, "%llu/", (unsigned long long)row->now.pids);
	if (row->now.pids_limit)
		buf_printf(out, "%llu", (unsigned long long)row->now.pids_limit);
	else
		buf_puts(out, "-");
}

#define CELL_RATE(member)                                                                 \
	static void cell_##member(const struct top_row *row, const struct top_look *look, \
				  struct buf *out)                                        \
	{                                                                                 \
		(void)look;                                                               \
		add_rate(row->member, out);                                               \
	}
CELL_RATE(read)
CELL_RATE(written)
CELL_RATE(received)
CELL_RATE(sent)

/* In their order, behind the name. Those with the highest number leave first. */
static const struct column {
	const char *title;
	int width;
	int leaves;
	bool exact; /* the cell has the width, which strlen(3) does not tell */
	bool is_bar, is_number, is_utf8;
	void (*add)(const struct top_row *row, const struct top_look *look, struct buf *out);
} columns[] = {
	{ "CPU%", 7, 0, .add = cell_cpu },
	{ "LAST MINUTE", TOP_HISTORY_LEN, 7, true, .is_bar = true, .is_utf8 = true,
	  .add = cell_minute },
	{ "MEM/LIMIT", 11, 1, .add = cell_memory },
	{ "", BAR_WIDTH, 6, true, .is_bar = true, .add = cell_bar },
	{ "MEM%", 6, 2, .is_number = true, .add = cell_share },
	{ "PIDS", 9, 3, .add = cell_pids },
	{ "READ/s", 6, 4, .add = cell_read },
	{ "WRITE/s", 7, 4, .add = cell_written },
	{ "RX/s", 5, 5, .add = cell_received },
	{ "TX/s", 5, 5, .add = cell_sent },
};

enum { COLUMNS = sizeof(columns) / sizeof(*columns),
       NAME_WIDTH_MIN = 9,
       NAME_WIDTH_WANTED = 15 };

static const char name_title[] = "CONTAINER";

struct layout {
	int name_width;
	bool shown[COLUMNS];
};

static int width_of(const struct layout *layout)
{
	int width = 0;

	for (int i = 0; i < COLUMNS; i++)
		width += layout->shown[i] ? columns[i].width + 1 : 0;
	return width;
}

/* Until the others fit into the width. */
static void drop_columns(struct layout *layout, int width)
{
	for (int leaves = COLUMNS; leaves > 0; leaves--)
		for (int i = 0; i < COLUMNS; i++)
			if (columns[i].leaves == leaves && width_of(layout) > width)
				layout->shown[i] = false;
}

/* Names get what the columns leave, and no more than the longest of them needs. */
static void lay_out(const struct top_row *rows, size_t len, const struct top_look *look,
		    struct layout *layout)
{
	int longest = NAME_WIDTH_MIN, room;

	for (int i = 0; i < COLUMNS; i++)
		layout->shown[i] = look->bars ? !columns[i].is_number &&
							(look->utf8 || !columns[i].is_utf8) :
						!columns[i].is_bar;
	for (size_t i = 0; i < len; i++)
		if ((int)strlen(rows[i].id) > longest)
			longest = (int)strlen(rows[i].id);
	layout->name_width = longest;
	if (!look->width)
		return;
	drop_columns(layout, look->width - (longest < NAME_WIDTH_WANTED ? longest :
									  NAME_WIDTH_WANTED));
	room = look->width - width_of(layout);
	layout->name_width = longest < room ? longest : room > 1 ? room :
								   1;
}

static void add_titles(const struct layout *layout, const struct top_look *look, struct buf *out)
{
	if (look->bars)
		buf_puts(out, "\033[7m");
	top_cells_add_name(name_title, layout->name_width, look->utf8, out);
	for (int i = 0; i < COLUMNS; i++)
		if (layout->shown[i])
			buf_printf(out, columns[i].exact ? " %-*s" : " %*s", columns[i].width,
				   columns[i].title);
	if (look->bars)
		buf_puts(out, "\033[27m");
	buf_puts(out, look->line_end);
}

static void add_row(const struct top_row *row, const struct layout *layout,
		    const struct top_look *look, struct buf *out)
{
	top_cells_add_name(row->id, layout->name_width, look->utf8, out);
	for (int i = 0; i < COLUMNS; i++) {
		auto_buf struct buf cell = { 0 };

		if (!layout->shown[i])
			continue;
		columns[i].add(row, look, &cell);
		buf_printf(out, " %*s", columns[i].exact ? 0 : columns[i].width, cell.data);
	}
	buf_puts(out, look->line_end);
}

void top_table_add(const struct top_row *rows, size_t len, const struct top_look *look,
		   struct buf *out)
{
	size_t shown = len;
	struct layout layout;

	/* A line for the titles, and one for what is not shown. */
	if (look->height && len + 1 > (size_t)look->height)
		shown = look->height > 2 ? (size_t)look->height - 2 : 0;
	lay_out(rows, shown, look, &layout);
	add_titles(&layout, look, out);
	for (size_t i = 0; i < shown; i++)
		add_row(&rows[i], &layout, look, out);
	if (shown < len)
		buf_printf(out, "and %zu more%s", len - shown, look->line_end);
}
