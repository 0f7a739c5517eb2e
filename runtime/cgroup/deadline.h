/* deadline.h - waiting for the kernel a bounded time, in steps that grow */
#pragma once
#include <stdbool.h>
#include <stdint.h>

struct deadline {
	int64_t end;       /* CLOCK_MONOTONIC, nanoseconds */
	int64_t next_step; /* nanoseconds */
};

struct deadline deadline_start(unsigned int seconds);

/* Sleeps 50 us, then twice as long each time up to 10 ms. Return: false when the time is over. */
bool deadline_wait(struct deadline *deadline);
