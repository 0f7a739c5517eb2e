/* clock.h - the time that only goes forward */
#pragma once
#include <stdint.h>

/* Return: CLOCK_MONOTONIC (clock_gettime(2)) in nanoseconds. */
int64_t clock_now(void);
