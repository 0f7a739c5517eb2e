/* interval.c - the times between two lines or tables */
#include "runtime/cli/interval.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

int interval_parse(const char *text, const char *normally, struct error *err)
{
	static const struct {
		const char *name;
		int milliseconds;
	} units[] = { { "ms", 1 }, { "s", 1000 }, { "m", 60 * 1000 }, { "h", 60 * 60 * 1000 } };
	const char *at = text ? text : normally;
	double sum = 0;

	while (*at) {
		char *end;
		double number = strtod(at, &end);
		size_t len = strspn(end, "hms"), i = 0;

		while (i < 4 && (strlen(units[i].name) != len || strncmp(units[i].name, end, len)))
			i++;
		if (end == at || i == 4)
			break;
		sum += number * units[i].milliseconds;
		at = end + len;
	}
	if (*at || !(sum >= 1) || sum > INT_MAX)
		return error_set(err, EINVAL, "--interval: \"%s\" is no time such as 5s", text);
	return (int)sum;
}

static struct timespec from_milliseconds(int milliseconds)
{
	return (struct timespec){
		.tv_sec = milliseconds / 1000,
		.tv_nsec = milliseconds % 1000 * 1000000L,
	};
}

int interval_open(int first, int interval, struct error *err)
{
	const struct itimerspec times = {
		.it_value = from_milliseconds(first),
		.it_interval = from_milliseconds(interval),
	};
	int fd = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);

	if (fd < 0 || timerfd_settime(fd, 0, &times, NULL) < 0)
		return error_errno(err, errno, "make a timer");
	return fd;
}

void interval_read(int timer)
{
	uint64_t times;

	while (read(timer, &times, sizeof(times)) > 0)
		;
}
