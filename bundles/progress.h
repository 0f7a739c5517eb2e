/* progress.h - a bar on a terminal while something is downloaded */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct progress {
	const char *label;
	bool shown;      /* stderr is a terminal and something stands on its line */
	int64_t last_ms; /* when it was drawn last */
};

/* Draws the bar again, ten times a second at most. total 0: not known. */
void progress_update(struct progress *progress, uint64_t done, uint64_t total);

/* Clears the line. */
void progress_end(struct progress *progress);
