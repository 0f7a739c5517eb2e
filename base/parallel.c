/* parallel.c - work on many things of one kind, by several processors */
#include "base/parallel.h"

#include <sched.h>
#include <stdatomic.h>
#include <stdbool.h>

#include "base/thread.h"

/*
 * Who is ready takes the next few. With fixed parts, one whose processor is busy with something
 * else would keep the others waiting.
 */
enum { STEP = 16 };

struct job {
	atomic_size_t next;
	size_t len;
	void (*work)(void *context, size_t worker, size_t first, size_t end);
	void *context;
};

struct worker {
	struct job *job;
	size_t number;
	struct thread thread;
	bool runs;
};

static void take_part(struct job *job, size_t worker)
{
	size_t first;

	while ((first = atomic_fetch_add(&job->next, STEP)) < job->len) {
		size_t left = job->len - first;

		job->work(job->context, worker, first, first + (left < STEP ? left : STEP));
	}
}

static void run(void *context)
{
	struct worker *worker = context;

	take_part(worker->job, worker->number);
}

static size_t count_workers(size_t len, size_t least)
{
	size_t count = least ? len / least : len, processors;
	cpu_set_t own;

	if (count < 2 || sched_getaffinity(0, sizeof(own), &own) < 0)
		return 1;
	processors = (size_t)CPU_COUNT(&own);
	if (count > processors)
		count = processors;
	return count < PARALLEL_MAX ? count : PARALLEL_MAX;
}

void parallel_do(size_t len, size_t least,
		 void (*work)(void *context, size_t worker, size_t first, size_t end),
		 void *context)
{
	struct job job = { .len = len, .work = work, .context = context };
	struct worker workers[PARALLEL_MAX];
	size_t count = count_workers(len, least);

	for (size_t i = 1; i < count; i++) {
		workers[i] = (struct worker){ .job = &job, .number = i };
		workers[i].runs = thread_start(&workers[i].thread, run, &workers[i]) == 0;
	}
	take_part(&job, 0);
	for (size_t i = 1; i < count; i++)
		if (workers[i].runs)
			thread_join(&workers[i].thread);
}
