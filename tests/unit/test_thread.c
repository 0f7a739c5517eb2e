/* test_thread.c - threads beside the first: sent to another processor, while that one stays */
#include "base/thread.h"

#include <sched.h>
#include <semaphore.h>
#include <stdbool.h>

#include "tests/unit/unit.h"

struct work {
	sem_t told;
	cpu_set_t own;
};

static void *look(void *context)
{
	struct work *work = context;

	sem_wait(&work->told);
	sched_getaffinity(0, sizeof(work->own), &work->own);
	return NULL;
}

static void *end_at_once(void *context)
{
	return context;
}

static cpu_set_t own_processors(void)
{
	cpu_set_t own;

	assert_int_equal(sched_getaffinity(0, sizeof(own), &own), 0);
	return own;
}

static void test_sent_away(void **state)
{
	cpu_set_t before = own_processors(), now;
	struct work work;
	pthread_t thread;

	(void)state;
	if (CPU_COUNT(&before) < 2)
		skip();
	assert_int_equal(sem_init(&work.told, 0, 0), 0);
	assert_int_equal(thread_start(&thread, look, &work), 0);
	thread_send_away(thread);
	sem_post(&work.told);
	assert_int_equal(pthread_join(thread, NULL), 0);
	assert_int_equal(CPU_COUNT(&work.own), CPU_COUNT(&before) - 1);
	now = own_processors();
	assert_true(CPU_EQUAL(&now, &before));
	sem_destroy(&work.told);
}

static bool is_alone(void)
{
	DIR *tasks = opendir("/proc/self/task");
	int entries = 0;

	assert_non_null(tasks);
	while (readdir(tasks))
		entries++;
	closedir(tasks);
	return entries == 3; /* with "." and ".." */
}

static void test_ended_before(void **state)
{
	cpu_set_t before = own_processors(), now;
	pthread_t thread;

	(void)state;
	assert_int_equal(thread_start(&thread, end_at_once, NULL), 0);
	while (!is_alone())
		usleep(1000);
	thread_send_away(thread);
	now = own_processors();
	assert_true(CPU_EQUAL(&now, &before));
	assert_int_equal(pthread_join(thread, NULL), 0);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_sent_away),
		cmocka_unit_test(test_ended_before),
	};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
