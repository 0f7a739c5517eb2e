/* top_sample.h - what the containers use, from one reading to the next */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "runtime/cli/cli.h"
#include "runtime/container/container.h"

/* Counters since the container was made, and what it has now; bytes and nanoseconds. */
struct top_figures {
	uint64_t time; /* when they were read: CLOCK_MONOTONIC */
	uint64_t cpu, read, written, received, sent;
	uint64_t memory, memory_limit; /* limit: UINT64_MAX is none */
	uint64_t pids, pids_limit;     /* limit: 0 is none */
};

/* The last minute, in parts of as many milliseconds. */
enum { TOP_HISTORY_LEN = 15,
       TOP_HISTORY_PART = 4000 };

struct top_history {
	float values[TOP_HISTORY_LEN]; /* percent of a cpu; below 0: not known; the last is now */
	uint64_t part;                 /* the number of the last part since the machine started */
	int samples;                   /* that are in it */
};

struct top_row {
	char *id;
	enum spec_status status;
	uint64_t start_time; /* of the process: a container that was made anew is another one */
	struct top_figures now;

	/* Since the reading before: percent of a cpu, bytes per second; below 0: not known yet. */
	double cpu, read, written, received, sent;
	struct top_history history;
	bool seen; /* by the present reading */
};

/* Start with { 0 } and ids; released by top_sample_close. */
struct top_sample {
	char *const *ids; /* NULL-terminated: which; none: all */
	bool all;         /* of all, those that have stopped, too */
	struct top_row *rows;
	size_t len, capacity;
};

/*
 * Reads the containers. Those that are new come behind, those that are gone (or stopped, unless all
 * is set or they are in ids) leave. Return: 0 or -errno of reading the store; what happens to
 * single containers is no failure.
 */
int top_sample_read(struct top_sample *sample, const struct cli_globals *globals,
		    struct error *err);

void top_sample_close(struct top_sample *sample);

/* Sets the rates of a row from what was read before, and adds to its history. */
void top_sample_compare(struct top_row *row, const struct top_figures *before);
