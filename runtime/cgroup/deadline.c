/* deadline.c - waiting for the kernel a bounded time, in steps that grow */
#include "runtime/cgroup/deadline.h"

#include <time.h>

static const int64_t second = 1000000000, first_step = 50000, last_step = 10000000;

static int64_t deadline_now(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return now.tv_sec * second + now.tv_nsec;
}

struct deadline deadline_start(unsigned int seconds)
{
	return (struct deadline){
		.end = deadline_now() + seconds * second,
		.next_step = first_step,
	};
}

bool deadline_wait(struct deadline *deadline)
{
	struct timespec step = { .tv_nsec = deadline->next_step };

	if (deadline_now() >= deadline->end)
		return false;
	nanosleep(&step, NULL);
	if (deadline->next_step < last_step)
		deadline->next_step *= 2;
	return true;
}
