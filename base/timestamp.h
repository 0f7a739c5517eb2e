/* timestamp.h - points in time as RFC 3339 writes them */
#pragma once
#include <stddef.h>

enum { TIMESTAMP_SIZE = sizeof("2006-01-02T15:04:05.999999999Z") };

/* Writes the present in UTC with nanoseconds. */
void timestamp_now(char text[TIMESTAMP_SIZE]);
