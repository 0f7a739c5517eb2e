/* timestamp.h - points in time as RFC 3339 writes them */
#pragma once
#include <time.h>

enum { TIMESTAMP_SIZE = sizeof("2006-01-02T15:04:05.999999999Z") };

/* Writes a time since 1970, before the year 10000, in UTC with nanoseconds. */
void timestamp_write(const struct timespec *time, char text[TIMESTAMP_SIZE]);

/* Writes the present in UTC with nanoseconds. */
void timestamp_now(char text[TIMESTAMP_SIZE]);
