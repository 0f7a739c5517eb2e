/* timings.h - how long each step of a command took, as JSON lines in a file */
#pragma once
#include <stdint.h>

#include "base/error.h"

struct timings_settings {
	const char *file;    /* appended to */
	const char *command; /* of each line; has to stay valid, as has id */
	const char *id;      /* NULL: the command is not about one container */
	int64_t start;       /* clock_now() when the command began */
};

/* Without a call nothing is measured. Return: 0, or the errno of open(2) on the file. */
int timings_open(const struct timings_settings *wanted, struct error *err);

/* From here on nothing is measured in this process, and the file is closed. */
void timings_close(void);

/* Every further line names this side, "container", instead of "runtime". Has to stay valid. */
void timings_set_side(const char *side);

/* Return: what timings_end() wants to know of the beginning; 0 where nothing is measured. */
int64_t timings_begin(void);

/* Writes a line about what began then and has ended now. */
void timings_end(int64_t begin, const char *step);
