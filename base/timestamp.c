/* timestamp.c - points in time as RFC 3339 writes them */
#include "base/timestamp.h"

#include <stdint.h>
#include <stdio.h>

enum { DAY = 24 * 60 * 60, DAYS_OF_400_YEARS = 146097, DAYS_BEFORE_1970 = 719468 };

/*
 * A year that begins with March has its leap day last, and months before it whose lengths repeat
 * every five. gmtime_r(3) would read the time zone's file first.
 */
static void split_day(int64_t day, int *year, int *month, int *day_of_month)
{
	int64_t from_year_0 = day + DAYS_BEFORE_1970; /* its first of March */
	int64_t day_of_era = from_year_0 % DAYS_OF_400_YEARS;
	int64_t year_of_era = (day_of_era - day_of_era / 1460 + day_of_era / 36524 -
			       day_of_era / 146096) / 365;
	int64_t day_of_year = day_of_era -
			      (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
	int64_t month_from_march = (5 * day_of_year + 2) / 153;

	*day_of_month = (int)(day_of_year - (153 * month_from_march + 2) / 5 + 1);
	*month = (int)(month_from_march < 10 ? month_from_march + 3 : month_from_march - 9);
	*year = (int)(year_of_era + from_year_0 / DAYS_OF_400_YEARS * 400 + (*month <= 2));
}

void timestamp_write(const struct timespec *time, char text[TIMESTAMP_SIZE])
{
	unsigned int second = (unsigned int)(time->tv_sec % DAY);
	int year, month, day;

	split_day(time->tv_sec / DAY, &year, &month, &day);
	snprintf(text, TIMESTAMP_SIZE, "%04u-%02u-%02uT%02u:%02u:%02u.%09uZ",
		 (unsigned int)year % 10000, (unsigned int)month % 100, (unsigned int)day % 100,
		 second / 3600 % 24, second / 60 % 60, second % 60,
		 (unsigned int)time->tv_nsec % 1000000000);
}

void timestamp_now(char text[TIMESTAMP_SIZE])
{
	struct timespec now;

	clock_gettime(CLOCK_REALTIME, &now);
	timestamp_write(&now, text);
}
