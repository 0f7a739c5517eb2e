/* test_top.c - the table of `top`: sizes, bars, sparklines, rates, and what fits on a screen */
#include <errno.h>

#include "runtime/cli/interval.h"
#include "runtime/cli/top_cells.h"
#include "runtime/cli/top_sample.h"
#include "runtime/cli/top_table.h"
#include "tests/unit/unit.h"

static void sizes(void **state)
{
	static const struct {
		double bytes;
		const char *text;
	} rows[] = {
		{ 0, "0B" },
		{ 1023, "1023B" },
		{ 1023.4, "1023B" },
		{ 1023.6, "1.0K" },
		{ 1024, "1.0K" },
		{ 1536, "1.5K" },
		{ 10137, "9.9K" },
		{ 10200, "10K" },
		{ 65536, "64K" },
		{ 1048000, "1023K" },
		{ 1048576, "1.0M" },
		{ 67108864, "64M" },
		{ 1e12, "931G" },
		{ 1.8446744e19, "16E" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		auto_buf struct buf out = { 0 };

		top_cells_add_size(rows[i].bytes, &out);
		assert_string_equal(out.data, rows[i].text);
		assert_true(out.len <= TOP_CELLS_SIZE_LEN);
	}
}

static void percents(void **state)
{
	static const struct {
		double percent;
		const char *text;
	} rows[] = {
		{ 0, "0.0%" },
		{ 12.34, "12.3%" },
		{ 100, "100.0%" },
		{ 999.96, "1000%" },
		{ 12800, "12800%" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		auto_buf struct buf out = { 0 };

		top_cells_add_percent(rows[i].percent, &out);
		assert_string_equal(out.data, rows[i].text);
	}
}

static void bars(void **state)
{
	static const struct {
		double share;
		const char *ascii, *utf8;
	} rows[] = {
		{ -1, "[    ]", "[    ]" },
		{ 0, "[    ]", "[    ]" },
		{ 0.03, "[    ]", "[▏   ]" },
		{ 0.5, "[##  ]", "[██  ]" },
		{ 0.6, "[##  ]", "[██▍ ]" },
		{ 1, "[####]", "[████]" },
		{ 7, "[####]", "[████]" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		auto_buf struct buf ascii = { 0 }, utf8 = { 0 };

		top_cells_add_bar(rows[i].share, 6, false, &ascii);
		assert_string_equal(ascii.data, rows[i].ascii);
		top_cells_add_bar(rows[i].share, 6, true, &utf8);
		assert_string_equal(utf8.data, rows[i].utf8);
	}
}

static void sparklines(void **state)
{
	const float values[] = { -1, 0, 7, 8, 50, 93, 100, 200 };
	auto_buf struct buf out = { 0 };

	(void)state;
	top_cells_add_sparkline(values, LEN(values), 100, &out);
	assert_string_equal(out.data, " ▁▁▂▅███");
}

static void names(void **state)
{
	auto_buf struct buf out = { 0 };

	(void)state;
	top_cells_add_name("web", 5, true, &out);
	top_cells_add_name("webbs", 5, true, &out);
	top_cells_add_name("webserver", 5, true, &out);
	top_cells_add_name("webserver", 5, false, &out);
	top_cells_add_name("webserver", 1, false, &out);
	assert_string_equal(out.data, "web  webbswebs…webs++");
}

static const uint64_t second = 1000000000;

static void rates(void **state)
{
	const struct top_figures before = { .time = 10 * second, .cpu = 5, .received = 1000 };
	struct top_row row = {
		.now = {
			.time = 12 * second,
			.cpu = 5 + 3 * second,
			.read = 4096,
			.received = 500,
		},
	};

	(void)state;
	top_sample_compare(&row, &before);
	assert_true(row.cpu == 150);
	assert_true(row.read == 2048);
	assert_true(row.written == 0);
	/* A counter that went back is another one: nothing is known. */
	assert_true(row.received < 0);
	row.now.time = before.time;
	top_sample_compare(&row, &before);
	assert_true(row.cpu < 0);
}

/* Reads at a time, with that much of a cpu since the time before. */
static void read_at(struct top_row *row, double seconds, double cpu)
{
	const struct top_figures before = row->now;

	row->now.time = (uint64_t)(seconds * (double)second);
	row->now.cpu += (uint64_t)(cpu / 100 * (double)(row->now.time - before.time));
	top_sample_compare(row, &before);
}

static int last(const struct top_row *row, int back)
{
	return (int)(row->history.values[TOP_HISTORY_LEN - 1 - back] + 0.5F);
}

static void history(void **state)
{
	struct top_row row = { .now = { .time = 1000 * second } };

	(void)state;
	for (int i = 0; i < TOP_HISTORY_LEN; i++)
		row.history.values[i] = -1;
	read_at(&row, 1001, 10);
	read_at(&row, 1002, 20);
	read_at(&row, 1003, 90);
	/* Readings of the same four seconds are one value, their mean. */
	assert_int_equal(last(&row, 0), 40);
	assert_true(row.history.values[TOP_HISTORY_LEN - 2] < 0);
	read_at(&row, 1004, 50);
	assert_int_equal(last(&row, 0), 50);
	assert_int_equal(last(&row, 1), 40);
	/* A reading after a long time stands for all of it. */
	read_at(&row, 1013, 70);
	assert_int_equal(last(&row, 0), 70);
	assert_int_equal(last(&row, 1), 70);
	assert_int_equal(last(&row, 2), 50);
	read_at(&row, 100000, 30);
	for (int i = 0; i < TOP_HISTORY_LEN; i++)
		assert_int_equal(last(&row, i), 30);
}

static struct top_row make_row(const char *id, double cpu, uint64_t memory)
{
	return (struct top_row){
		.id = (char *)id,
		.status = SPEC_STATUS_RUNNING,
		.cpu = cpu,
		.read = -1,
		.now = { .memory = memory, .memory_limit = UINT64_MAX, .pids = 3 },
	};
}

static void order(void **state)
{
	struct top_row rows[] = {
		make_row("b", 5, 10),
		make_row("a", 5, 30),
		make_row("c", 70, 20),
		make_row("d", -1, 40),
	};
	struct error err = { 0 };

	(void)state;
	assert_int_equal(top_table_sort(rows, LEN(rows), "cpu", &err), 0);
	assert_string_equal(rows[0].id, "c");
	assert_string_equal(rows[1].id, "a");
	assert_string_equal(rows[2].id, "b");
	assert_string_equal(rows[3].id, "d");
	assert_int_equal(top_table_sort(rows, LEN(rows), top_table_key('m'), &err), 0);
	assert_string_equal(rows[0].id, "d");
	assert_int_equal(top_table_sort(rows, LEN(rows), top_table_key('a'), &err), 0);
	assert_string_equal(rows[0].id, "a");
	assert_int_equal(top_table_sort(rows, LEN(rows), "beauty", &err), -EINVAL);
	assert_non_null(strstr(err.text, "\"beauty\""));
	assert_null(top_table_key('x'));
	assert_int_equal(top_table_sort(NULL, 0, "net", &err), 0);
}

static void plain_table(void **state)
{
	struct top_row rows[] = { make_row("a-long-name-of-a-box", 12.34, 1048576),
				  make_row("b", -1, 0) };
	const struct top_look look = { .line_end = "\n", .host_memory = 4194304 };
	auto_buf struct buf out = { 0 };

	(void)state;
	rows[0].now.pids_limit = 20;
	rows[0].now.memory_limit = 2097152;
	rows[1].status = SPEC_STATUS_PAUSED;
	top_table_add(rows, LEN(rows), &look, &out);
	assert_string_equal(out.data, "CONTAINER               CPU%   MEM/LIMIT   MEM%      PIDS "
				      "READ/s WRITE/s  RX/s  TX/s\n"
				      "a-long-name-of-a-box   12.3%   1.0M/2.0M  50.0%      3/20 "
				      "     -      0B    0B    0B\n"
				      "b                     paused        0B/-   0.0%       3/- "
				      "     -      0B    0B    0B\n");
}

/* Return: the characters of the widest line, without escapes. */
static int widest(const char *text)
{
	int width = 0, max = 0;

	for (; *text; text++) {
		if (*text == '\033')
			text = strpbrk(text, "mK");
		else if (*text == '\n')
			width = 0;
		else if ((*text & 0xc0) != 0x80)
			max = ++width > max ? width : max;
	}
	return max;
}

static void no_line_is_too_wide(void **state)
{
	struct top_row rows[] = { make_row("a-name-that-goes-on-and-on-and-on", 100, 123456789),
				  make_row("b", 12800, 0) };
	struct top_look look = {
		.bars = true,
		.utf8 = true,
		.colour = true,
		.line_end = "\n",
		.host_memory = 4194304,
	};

	(void)state;
	for (look.width = 17; look.width < 150; look.width++) {
		auto_buf struct buf out = { 0 };

		top_table_add(rows, LEN(rows), &look, &out);
		assert_true(widest(out.data) <= look.width);
		if (look.width == 17) {
			assert_null(strstr(out.data, "PIDS"));
			assert_non_null(strstr(out.data, "a-name-t…  100.0%"));
		} else if (look.width == 100) {
			assert_non_null(strstr(out.data, "LAST MINUTE"));
			assert_non_null(strstr(out.data, "TX/s"));
		}
	}
}

static void rows_that_have_no_room_are_counted(void **state)
{
	static const char *const ends[] = { "c\n", "and 3 more\n", "and 3 more\n", "and 2 more\n" };
	struct top_row rows[] = { make_row("a", 3, 0), make_row("b", 2, 0), make_row("c", 1, 0) };
	struct top_look look = { .line_end = "\n", .host_memory = 1 };

	(void)state;
	for (look.height = 1; look.height <= 4; look.height++) {
		auto_buf struct buf out = { 0 };
		int lines = 0;

		top_table_add(rows, LEN(rows), &look, &out);
		for (const char *at = out.data; *at; at++)
			lines += *at == '\n';
		assert_true(lines <= look.height || look.height == 1);
		if (look.height < 4)
			assert_non_null(strstr(out.data, ends[look.height]));
		else
			assert_non_null(strstr(out.data, "\nc "));
	}
}

static void no_containers(void **state)
{
	const struct top_look look = { .line_end = "\n", .host_memory = 1 };
	auto_buf struct buf out = { 0 };

	(void)state;
	top_table_add(NULL, 0, &look, &out);
	assert_int_equal(strncmp(out.data, "CONTAINER ", 10), 0);
	assert_int_equal(strchr(out.data, '\n') - out.data, out.len - 1);
}

static void intervals(void **state)
{
	static const struct {
		const char *text;
		int milliseconds;
	} rows[] = {
		{ "5s", 5000 },
		{ "1m30s", 90000 },
		{ "0.5s", 500 },
		{ "250ms", 250 },
		{ "1h", 3600000 },
		{ "5", -EINVAL },
		{ "", -EINVAL },
		{ "0s", -EINVAL },
		{ "s", -EINVAL },
		{ "5x", -EINVAL },
		{ "-5s", -EINVAL },
		{ "1000h", -EINVAL },
		{ "nans", -EINVAL },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++)
		assert_int_equal(interval_parse(rows[i].text, "1s", NULL), rows[i].milliseconds);
	assert_int_equal(interval_parse(NULL, "2s", NULL), 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes),
		cmocka_unit_test(percents),
		cmocka_unit_test(bars),
		cmocka_unit_test(sparklines),
		cmocka_unit_test(names),
		cmocka_unit_test(rates),
		cmocka_unit_test(history),
		cmocka_unit_test(order),
		cmocka_unit_test(plain_table),
		cmocka_unit_test(no_line_is_too_wide),
		cmocka_unit_test(rows_that_have_no_room_are_counted),
		cmocka_unit_test(no_containers),
		cmocka_unit_test(intervals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
