/* options.c - command lines: options as tables, which are the parser, the check and the help */
#include "base/options.h"

#include <errno.h>
#include <limits.h>
#include <string.h>

#include "base/number.h"
#include "base/strv.h"

/* What is being read: the rest of argv, and how much of it. */
struct reading {
	const struct option_row *rows;
	void *values;
	int argc;
	char **argv;
	int next;
	bool *help;
	struct error *err;
};

static const struct option_row *find_long(const struct option_row *rows, const char *name,
					  size_t len)
{
	for (; rows && rows->name; rows++)
		if (strlen(rows->name) == len && !strncmp(rows->name, name, len))
			return rows;
	return NULL;
}

static const struct option_row *find_letter(const struct option_row *rows, char letter)
{
	for (; rows && rows->name; rows++)
		if (rows->letter == letter)
			return rows;
	return NULL;
}

static int set_flag(const struct option_row *row, bool *flag, const char *text, struct error *err)
{
	if (!text || !strcmp(text, "true") || !strcmp(text, "1"))
		*flag = true;
	else if (!strcmp(text, "false") || !strcmp(text, "0"))
		*flag = false;
	else
		return error_set(err, EINVAL, "option --%s: \"%s\" is neither true nor false",
				 row->name, text);
	return 0;
}

static int set_number(const struct option_row *row, int *number, const char *text,
		      struct error *err)
{
	uint64_t value;

	if (number_parse_u64(text, INT_MAX, &value) < 0)
		return error_set(err, EINVAL, "option --%s: \"%s\" is not a number from 0 to %d",
				 row->name, text, INT_MAX);
	*number = (int)value;
	return 0;
}

/* Stores what stands behind "=" or the letter (attached), else the next argument. */
static int set_value(struct reading *reading, const struct option_row *row, const char *attached)
{
	char *place = (char *)reading->values + row->offset;
	const char *text = attached;

	if (row->kind == OPTION_KIND_FLAG)
		return set_flag(row, (bool *)place, attached, reading->err);
	if (!text) {
		if (reading->next >= reading->argc)
			return error_set(reading->err, EINVAL, "option --%s needs %s", row->name,
					 row->argument);
		text = reading->argv[reading->next++];
	}
	if (row->kind == OPTION_KIND_NUMBER)
		return set_number(row, (int *)place, text, reading->err);
	if (row->kind == OPTION_KIND_STRINGS)
		strv_add((char ***)place, text);
	else
		*(const char **)place = text;
	return 0;
}

/* Return: 1 where the name is one of the table's or of help, 0 where not, -EINVAL. */
static int read_long(struct reading *reading, const char *name)
{
	size_t len = strcspn(name, "=");
	const struct option_row *row = find_long(reading->rows, name, len);
	int r;

	if (!strcmp(name, "help")) {
		*reading->help = true;
		return 1;
	}
	if (!row)
		return 0;
	r = set_value(reading, row, name[len] ? name + len + 1 : NULL);
	return r < 0 ? r : 1;
}

/* "-n5", "-n 5", "-it": letters, of which the last may take a value. */
static int read_letters(struct reading *reading, const char *letters)
{
	for (const char *letter = letters; *letter; letter++) {
		const struct option_row *row = find_letter(reading->rows, *letter);
		const char *rest = letter[1] ? letter + 1 : NULL;

		if (!row && *letter == 'h') {
			*reading->help = true;
			return 0;
		}
		if (!row)
			return error_set(reading->err, EINVAL, "unknown option \"-%s\"", letters);
		if (row->kind != OPTION_KIND_FLAG)
			return set_value(reading, row, rest && *rest == '=' ? rest + 1 : rest);
		if (set_value(reading, row, rest && *rest == '=' ? rest + 1 : NULL) < 0)
			return -EINVAL;
		if (rest && *rest == '=')
			return 0;
	}
	return 0;
}

static int read_option(struct reading *reading, const char *argument)
{
	bool is_long = argument[1] == '-';
	int r = read_long(reading, argument + 1 + is_long);

	if (r != 0)
		return r < 0 ? r : 0;
	if (is_long)
		return error_set(reading->err, EINVAL, "unknown option \"%s\"", argument);
	return read_letters(reading, argument + 1);
}

int options_parse(const struct option_row *rows, void *values, bool stop_at_positional, int argc,
		  char **argv, bool *help, struct error *err)
{
	struct reading reading = { rows, values, argc, argv, 1, help, err };
	int positional = 0;

	/* Positional arguments gather in argv[1...positional], options are left behind them. */
	while (reading.next < argc && !*help) {
		char *argument = argv[reading.next];

		if (!strcmp(argument, "--")) {
			reading.next++;
			break;
		}
		if (argument[0] != '-' || !argument[1]) {
			if (stop_at_positional)
				break;
			argv[1 + positional++] = argument;
			reading.next++;
			continue;
		}
		reading.next++;
		if (read_option(&reading, argument) < 0)
			return -EINVAL;
	}
	memmove(argv + reading.next - positional, argv + 1, (size_t)positional * sizeof(*argv));
	return reading.next - positional;
}

void options_free(const struct option_row *rows, void *values)
{
	for (; rows && rows->name; rows++)
		if (rows->kind == OPTION_KIND_STRINGS)
			strv_free((char ***)((char *)values + rows->offset));
}

void options_print(const struct option_row *rows, FILE *out)
{
	for (; rows && rows->name; rows++) {
		char left[64];

		snprintf(left, sizeof(left), "%c%c%s--%s%s%s", rows->letter ? '-' : ' ',
			 rows->letter ? rows->letter : ' ', rows->letter ? ", " : "  ", rows->name,
			 rows->argument ? " " : "", rows->argument ? rows->argument : "");
		fprintf(out, "  %-30s %s\n", left, rows->help);
	}
}
