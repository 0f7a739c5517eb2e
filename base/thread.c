/* thread.c - threads beside the one that was there before */
#include "base/thread.h"

#include <sched.h>
#include <signal.h>

enum { STACK_SIZE = 128 << 10 };

int thread_start(pthread_t *thread, void *(*run)(void *context), void *context)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int num = pthread_attr_init(&attributes);

	if (num)
		return -num;
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	num = pthread_create(thread, &attributes, run, context);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return -num;
}

void thread_send_away(pthread_t thread)
{
	cpu_set_t own, others, now;

	if (sched_getaffinity(0, sizeof(own), &own) < 0)
		return;
	others = own;
	CPU_CLR(sched_getcpu(), &others);
	if (!CPU_COUNT(&others) || pthread_setaffinity_np(thread, sizeof(others), &others))
		return;
	/* The number of a thread that has ended is 0 in the C library: to the kernel, its maker. */
	if (sched_getaffinity(0, sizeof(now), &now) == 0 && !CPU_EQUAL(&now, &own))
		sched_setaffinity(0, sizeof(own), &own);
}
