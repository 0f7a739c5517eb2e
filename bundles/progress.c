/* progress.c - a bar on a terminal while something is downloaded */
#include "bundles/progress.h"

#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum { INTERVAL_MS = 100, BAR_WIDTH = 24 };

static int64_t now_ms(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static double mebibytes(uint64_t bytes)
{
	return (double)bytes / (1 << 20);
}

void progress_update(struct progress *progress, uint64_t done, uint64_t total)
{
	char bar[BAR_WIDTH + 1] = "";
	int64_t now = now_ms();

	if (!isatty(STDERR_FILENO) || (progress->shown && now - progress->last_ms < INTERVAL_MS))
		return;
	progress->last_ms = now;
	progress->shown = true;
	if (!total) {
		fprintf(stderr, "\r%s %.1f MiB\033[K", progress->label, mebibytes(done));
		return;
	}
	if (done > total)
		done = total;
	memset(bar, '.', BAR_WIDTH);
	memset(bar, '#', (size_t)((double)done / (double)total * BAR_WIDTH));
	fprintf(stderr, "\r%s [%s] %3.0f%% of %.1f MiB\033[K", progress->label, bar,
		100.0 * (double)done / (double)total, mebibytes(total));
}

void progress_end(struct progress *progress)
{
	if (progress->shown)
		fputs("\r\033[K", stderr);
	progress->shown = false;
}
