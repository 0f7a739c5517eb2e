/* thread.c - threads beside the one that was there before */
#include "base/thread.h"

#include <sched.h>
#include <signal.h>

enum { STACK_SIZE = 128 << 10 };

static void send_away(pthread_t thread)
{
	cpu_set_t others;

	if (sched_getaffinity(0, sizeof(others), &others) < 0)
		return;
	CPU_CLR(sched_getcpu(), &others);
	if (CPU_COUNT(&others))
		pthread_setaffinity_np(thread, sizeof(others), &others);
}

/*
 * One that took its maker's place at once would do all of its work before that goes on. One that
 * waits cannot have ended either, which would make the C library send away the maker.
 */
static void *run_when_sent(void *context)
{
	struct thread *thread = context;

	while (sem_wait(&thread->sent) < 0)
		;
	thread->run(thread->context);
	return NULL;
}

static int create(struct thread *thread)
{
	pthread_attr_t attributes;
	sigset_t all, before;
	int num = pthread_attr_init(&attributes);

	if (num)
		return num;
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	num = pthread_create(&thread->id, &attributes, run_when_sent, thread);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	pthread_attr_destroy(&attributes);
	return num;
}

int thread_start(struct thread *thread, void (*run)(void *context), void *context)
{
	int num;

	thread->run = run;
	thread->context = context;
	sem_init(&thread->sent, 0, 0);
	num = create(thread);
	if (num) {
		sem_destroy(&thread->sent);
		return -num;
	}
	send_away(thread->id);
	sem_post(&thread->sent);
	return 0;
}

void thread_join(struct thread *thread)
{
	pthread_join(thread->id, NULL);
	sem_destroy(&thread->sent);
}
