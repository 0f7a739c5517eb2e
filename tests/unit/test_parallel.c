/* test_parallel.c - work by several processors: all of it once, by threads of their own */
#include "base/parallel.h"

#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "tests/unit/unit.h"

enum { MANY = 10000 };

struct work {
	atomic_int done[MANY];
	atomic_int workers; /* a bit for each that has begun */
	int wanted;         /* of them, before anyone goes on */
	pid_t threads[PARALLEL_MAX];
	atomic_bool wrong;
};

static bool are_there(struct work *work)
{
	for (int i = 0; i < 10000; i++) {
		if (__builtin_popcount((unsigned int)work->workers) >= work->wanted)
			return true;
		usleep(1000);
	}
	return false;
}

/* cmocka's assertions are for the first thread only. */
static void do_some(void *context, size_t worker, size_t first, size_t end)
{
	struct work *work = context;
	pid_t self = (pid_t)syscall(SYS_gettid);
	int fd = open("/dev/null", O_RDONLY | O_CLOEXEC);

	if (worker >= PARALLEL_MAX || first >= end || end > MANY || fd < 0 ||
	    (worker == 0) != (self == getpid()))
		work->wrong = true;
	if (work->threads[worker % PARALLEL_MAX] && work->threads[worker % PARALLEL_MAX] != self)
		work->wrong = true;
	work->threads[worker % PARALLEL_MAX] = self;
	work->workers |= 1 << worker;
	if (!are_there(work))
		work->wrong = true;
	for (size_t i = first; i < end; i++)
		work->done[i]++;
	close(fd);
}

/* Return: whether the first so many were done once, and no others. */
static bool is_whole(struct work *work, size_t len)
{
	for (size_t i = 0; i < MANY; i++)
		if (work->done[i] != (i < len))
			return false;
	return !work->wrong;
}

static int count_processors(void)
{
	cpu_set_t own;

	assert_int_equal(sched_getaffinity(0, sizeof(own), &own), 0);
	return CPU_COUNT(&own);
}

static void test_all_once(void **state)
{
	static const size_t lens[] = { 0, 1, 2, 15, 16, 17, 31, 32, 33, 1000, MANY - 1, MANY };
	static const size_t leasts[] = { 0, 1, 7, 100, MANY };
	int before = count_fds();

	(void)state;
	for (size_t i = 0; i < LEN(lens); i++)
		for (size_t j = 0; j < LEN(leasts); j++) {
			struct work work = { .wanted = 1 };

			parallel_do(lens[i], leasts[j], do_some, &work);
			assert_true(is_whole(&work, lens[i]));
		}
	assert_int_equal(count_fds(), before);
}

/* Nobody goes on until all are there. */
static void test_several(void **state)
{
	struct work work = { .wanted = count_processors() };

	(void)state;
	if (work.wanted > PARALLEL_MAX)
		work.wanted = PARALLEL_MAX;
	parallel_do(MANY, 100, do_some, &work);
	assert_true(is_whole(&work, MANY));
	assert_int_equal(work.workers, (1 << work.wanted) - 1);
}

static void test_too_few(void **state)
{
	struct work work = { .wanted = 1 };

	(void)state;
	parallel_do(199, 100, do_some, &work);
	assert_true(is_whole(&work, 199));
	assert_int_equal(work.workers, 1);
}

/* Return: the exit status of a child that does all where prepare allows no other worker. */
static int do_alone(bool (*prepare)(void))
{
	struct work work = { .wanted = 1 };
	pid_t pid = fork();
	int status;

	assert_true(pid >= 0);
	if (pid == 0) {
		prctl(PR_SET_PDEATHSIG, SIGKILL);
		if (!prepare())
			_exit(2);
		parallel_do(MANY, 1, do_some, &work);
		_exit(is_whole(&work, MANY) && work.workers == 1 ? 0 : 1);
	}
	assert_int_equal(waitpid(pid, &status, 0), pid);
	assert_true(WIFEXITED(status));
	return WEXITSTATUS(status);
}

static bool allow_one_processor(void)
{
	cpu_set_t one;

	CPU_ZERO(&one);
	CPU_SET(sched_getcpu(), &one);
	return sched_setaffinity(0, sizeof(one), &one) == 0;
}

/* Root may have any number. */
static bool allow_no_thread(void)
{
	static const struct rlimit none = { 0, 0 };

	return setrlimit(RLIMIT_NPROC, &none) == 0 && (geteuid() != 0 || setuid(65534) == 0);
}

static void test_one_processor(void **state)
{
	(void)state;
	assert_int_equal(do_alone(allow_one_processor), 0);
}

static void test_no_thread(void **state)
{
	(void)state;
	assert_int_equal(do_alone(allow_no_thread), 0);
}

/* What is sent to the process finds the first thread, which knows what to do. */
static void look_at_signals(void *context, size_t worker, size_t first, size_t end)
{
	struct work *work = context;
	sigset_t blocked;

	do_some(context, worker, first, end);
	if (pthread_sigmask(SIG_BLOCK, NULL, &blocked) != 0 ||
	    sigismember(&blocked, SIGTERM) != (worker != 0))
		work->wrong = true;
}

static void test_signals(void **state)
{
	struct work work = { .wanted = 1 };

	(void)state;
	parallel_do(MANY, 100, look_at_signals, &work);
	assert_true(is_whole(&work, MANY));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_once),      cmocka_unit_test(test_several),
		cmocka_unit_test(test_too_few),	      cmocka_unit_test(test_one_processor),
		cmocka_unit_test(test_no_thread),     cmocka_unit_test(test_signals),
	};

	return cmocka_run_group_tests_name("parallel", tests, NULL, NULL);
}
