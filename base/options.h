/* options.h - command lines: options as tables, which are the parser, the check and the help */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>

#include "base/error.h"

enum option_kind {
	OPTION_KIND_FLAG,    /* bool */
	OPTION_KIND_STRING,  /* const char *: the last one given, points into argv */
	OPTION_KIND_STRINGS, /* char **: a strv of all that were given */
	OPTION_KIND_NUMBER,  /* int: 0 to INT_MAX */
};

/* A row says where in the caller's struct the value goes. A table ends with { 0 }. */
struct option_row {
	const char *name; /* without the dashes */
	char letter;      /* short form, or 0 */
	enum option_kind kind;
	size_t offset;
	const char *argument; /* its name in the help, NULL for flags */
	const char *help;
};

#define OPTION_FLAG(type, member, name, letter, help)                                              \
	{ name, letter, OPTION_KIND_FLAG,                                                          \
	  offsetof(struct type, member) + 0 * sizeof(&((struct type *)0)->member == (bool *)0),    \
	  NULL, help }
#define OPTION_STRING(type, member, name, letter, argument, help)                                  \
	{ name, letter, OPTION_KIND_STRING,                                                        \
	  offsetof(struct type, member) +                                                          \
		  0 * sizeof(&((struct type *)0)->member == (const char **)0),                     \
	  argument, help }
#define OPTION_STRINGS(type, member, name, letter, argument, help)                                 \
	{ name, letter, OPTION_KIND_STRINGS,                                                       \
	  offsetof(struct type, member) + 0 * sizeof(&((struct type *)0)->member == (char ***)0),  \
	  argument, help }
#define OPTION_NUMBER(type, member, name, letter, argument, help)                                  \
	{ name, letter, OPTION_KIND_NUMBER,                                                        \
	  offsetof(struct type, member) + 0 * sizeof(&((struct type *)0)->member == (int *)0),     \
	  argument, help }

/*
 * Reads argv[1...] into values as the table says: --name VALUE, --name=VALUE, -n VALUE, -nVALUE,
 * flags together (-it), a single dash before a long name, --flag=true|false, "--" as the end.
 * Options and positional arguments may be mixed unless stop_at_positional, as for
 * "exec ID COMMAND -x".
 * argv is permuted: the positional arguments stand at its end, argc - index of them.
 * --help and -h set *help and end the reading.
 * Return: the index of the first positional argument, or -EINVAL with the option named.
 */
int options_parse(const struct option_row *rows, void *values, bool stop_at_positional, int argc,
		  char **argv, bool *help, struct error *err);

/* Frees the lists of OPTION_KIND_STRINGS. */
void options_free(const struct option_row *rows, void *values);

/* Writes one line per option, aligned. */
void options_print(const struct option_row *rows, FILE *out);
