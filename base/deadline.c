/* deadline.c - a bounded time, and waiting within it in steps that grow */
#include "base/deadline.h"

#include "base/clock.h"

static const int64_t second = 1000000000, first_step = 50000, last_step = 10000000;

struct deadline deadline_start(int64_t seconds)
{
	if (seconds > INT32_MAX)
		seconds = INT32_MAX;
	return (struct deadline){
		.end = clock_now() + seconds * second,
		.next_step = first_step,
	};
}

bool deadline_rest(const struct deadline *deadline, struct timespec *rest)
{
	int64_t left = deadline->end - clock_now();

	if (left <= 0)
		return false;
	*rest = (struct timespec){ .tv_sec = left / second, .tv_nsec = left % second };
	return true;
}

bool deadline_wait(struct deadline *deadline)
{
	struct timespec step = { .tv_nsec = deadline->next_step }, rest;

	if (!deadline_rest(deadline, &rest))
		return false;
	nanosleep(&step, NULL);
	if (deadline->next_step < last_step)
		deadline->next_step *= 2;
	return true;
}
