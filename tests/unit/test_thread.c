/* test_thread.c - threads beside the first: they begin on another processor, that one stays */
#include "base/thread.h"

#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>

#include "tests/unit/unit.h"

/* In place of libc's: the maker of a thread is slow to send it away. */
int sched_getcpu(void)
{
	unsigned int processor = 0;

	usleep(1000);
	syscall(SYS_getcpu, &processor, NULL, NULL);
	return (int)processor;
}

struct seen {
	cpu_set_t processors;
	sigset_t blocked;
};

static void look(void *context)
{
	struct seen *seen = context;

	sched_getaffinity(0, sizeof(seen->processors), &seen->processors);
	pthread_sigmask(SIG_SETMASK, NULL, &seen->blocked);
}

static cpu_set_t own_processors(void)
{
	cpu_set_t own;

	assert_int_equal(sched_getaffinity(0, sizeof(own), &own), 0);
	return own;
}

static struct seen look_in_thread(void)
{
	struct thread thread;
	struct seen seen = { 0 };

	assert_int_equal(thread_start(&thread, look, &seen), 0);
	thread_join(&thread);
	return seen;
}

static void test_elsewhere(void **state)
{
	cpu_set_t before = own_processors();

	(void)state;
	if (CPU_COUNT(&before) < 2)
		skip();
	for (int i = 0; i < 50; i++) {
		struct seen seen = look_in_thread();
		cpu_set_t now = own_processors();

		assert_int_equal(CPU_COUNT(&seen.processors), CPU_COUNT(&before) - 1);
		assert_true(CPU_EQUAL(&now, &before));
	}
}

static void test_one_processor(void **state)
{
	cpu_set_t before = own_processors(), one;
	struct seen seen;

	(void)state;
	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	assert_int_equal(sched_setaffinity(0, sizeof(one), &one), 0);
	seen = look_in_thread();
	assert_int_equal(sched_setaffinity(0, sizeof(before), &before), 0);
	assert_true(CPU_EQUAL(&seen.processors, &one));
}

static void test_signals(void **state)
{
	struct seen seen = look_in_thread();
	sigset_t own;

	(void)state;
	assert_true(sigismember(&seen.blocked, SIGTERM));
	assert_true(sigismember(&seen.blocked, SIGCHLD));
	pthread_sigmask(SIG_SETMASK, NULL, &own);
	assert_false(sigismember(&own, SIGTERM));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_elsewhere),
		cmocka_unit_test(test_one_processor),
		cmocka_unit_test(test_signals),
	};

	return cmocka_run_group_tests_name("thread", tests, NULL, NULL);
}
