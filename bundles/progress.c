/* progress.c - a bar on a terminal while something is downloaded */
#include "bundles/progress.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"

enum { INTERVAL_MS = 100, BAR_WIDTH = 24 };

static double mebibytes(uint64_t bytes)
{
	return (double)bytes / (1 << 20);
}

void progress_update(struct progress *progress, uint64_t done, uint64_t total)
{
	char bar[BAR_WIDTH + 1] = "";
	int64_t now = clock_now() / 1000000;

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
