/* deadline.h - a bounded time, and waiting within it in steps that grow */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

struct deadline {
	int64_t end;       /* CLOCK_MONOTONIC, nanoseconds */
	int64_t next_step; /* nanoseconds */
};

/* seconds: as of now; what is above 68 years is taken for that. */
struct deadline deadline_start(int64_t seconds);

/* How much time is left. Return: false when it is over. */
bool deadline_rest(const struct deadline *deadline, struct timespec *rest);

/* Sleeps 50 us, then twice as long each time up to 10 ms. Return: false when the time is over. */
bool deadline_wait(struct deadline *deadline);
