/* timestamp.c - points in time as RFC 3339 writes them */
#include "base/timestamp.h"

#include <stdio.h>
#include <string.h>
#include <time.h>

void timestamp_now(char text[TIMESTAMP_SIZE])
{
	struct timespec now;
	struct tm utc;
	size_t len;

	clock_gettime(CLOCK_REALTIME, &now);
	gmtime_r(&now.tv_sec, &utc);
	len = strftime(text, TIMESTAMP_SIZE, "%Y-%m-%dT%H:%M:%S", &utc);
	snprintf(text + len, TIMESTAMP_SIZE - len, ".%09ldZ", now.tv_nsec);
}
