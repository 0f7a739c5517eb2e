/* parallel.h - work on many things of one kind, by several processors */
#pragma once
#include <stddef.h>

/* No more are worth their start, whatever the machine has. */
enum { PARALLEL_MAX = 8 };

/*
 * Does the work on the items 0 to len - 1, some at a time, in no certain order: this thread, and
 * one for each other processor on which it may run, as far as there are enough for each. All is
 * done when it returns.
 *
 * work: is given the items first to end - 1; worker is below PARALLEL_MAX and the same for one
 * thread only, 0 for the caller's: by it one finds what each has of its own. It may call what is
 * safe in threads, which the log is not.
 * least: so many for each; where there are fewer than two times that, or no thread can be made, the
 * caller's does all.
 */
void parallel_do(size_t len, size_t least,
		 void (*work)(void *context, size_t worker, size_t first, size_t end),
		 void *context);
