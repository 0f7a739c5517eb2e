/* test_pidfs.c - whether a process is known again by its pidfd, and only that one */
#include "base/pidfs.h"

#include <errno.h>
#include <pthread.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/proc.h"
#include "tests/unit/unit.h"

static int identify(pid_t pid, uint64_t *inode)
{
	auto_close int pidfd = (int)syscall(SYS_pidfd_open, pid, 0);

	return pidfs_identify(pidfd, inode);
}

/* Skips the test where the kernel cannot tell. */
static void need_identity(void)
{
	uint64_t inode;

	if (identify(getpid(), &inode) == -EOPNOTSUPP)
		skip();
}

static void *wait_long(void *unused)
{
	pause();
	return unused;
}

static pid_t start(void)
{
	pid_t pid = fork();

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	pause();
	_exit(0);
}

/* Its first thread ends when told so, the other one stays. */
static pid_t start_with_thread(int told)
{
	pid_t pid = fork();
	pthread_t thread;
	char byte;

	if (pid)
		return pid;
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (pthread_create(&thread, NULL, wait_long, NULL) || read(told, &byte, 1) != 1)
		_exit(1);
	pthread_exit(NULL);
}

static void end(pid_t pid)
{
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
}

static void test_one_of_two(void **state)
{
	pid_t pid, other;
	uint64_t inode, others;

	(void)state;
	need_identity();
	pid = start();
	other = start();
	assert_int_equal(identify(pid, &inode), 0);
	assert_int_equal(identify(other, &others), 0);
	assert_true(inode != others);
	assert_int_equal(pidfs_is_alive(pid, inode), 1);
	assert_int_equal(pidfs_is_alive(other, others), 1);
	assert_int_equal(pidfs_is_alive(pid, others), -EAGAIN);
	assert_int_equal(pidfs_is_alive(other, inode), -EAGAIN);
	assert_int_equal(pidfs_is_alive(pid, inode + (1ULL << 32)), -EAGAIN);
	assert_int_equal(pidfs_is_alive(pid, 0), -EAGAIN);
	end(pid);
	end(other);
}

static void test_zombie(void **state)
{
	siginfo_t info;
	uint64_t inode, again = 0;
	pid_t pid;

	(void)state;
	need_identity();
	pid = start();
	assert_int_equal(identify(pid, &inode), 0);
	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_int_equal(pidfs_is_alive(pid, inode), 0);
	assert_int_equal(identify(pid, &again), -EOPNOTSUPP);
	assert_int_equal(again, 0);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(pidfs_is_alive(pid, inode), -EAGAIN);
}

/* procfs says that it is a zombie, and a pidfd that it lives. */
static void test_first_thread_ended(void **state)
{
	struct proc_stat stat = { 0 };
	uint64_t inode;
	int pipefd[2];
	pid_t pid;

	(void)state;
	need_identity();
	assert_int_equal(pipe(pipefd), 0);
	pid = start_with_thread(pipefd[0]);
	assert_int_equal(identify(pid, &inode), 0);
	assert_int_equal(pidfs_is_alive(pid, inode), 1);
	assert_int_equal(write(pipefd[1], "x", 1), 1);
	for (int i = 0; i < 10000 && stat.state != 'Z'; i++) {
		usleep(1000);
		assert_int_equal(proc_read_stat(pid, &stat), 0);
	}
	assert_int_equal(stat.state, 'Z');
	assert_int_equal(pidfs_is_alive(pid, inode), -EAGAIN);
	assert_false(proc_is_alive(pid, stat.start_time));
	end(pid);
	close(pipefd[0]);
	close(pipefd[1]);
}

/* Before it executes its program no other process may look into it. */
static void test_undumpable(void **state)
{
	uint64_t inode;

	(void)state;
	need_identity();
	assert_int_equal(prctl(PR_SET_DUMPABLE, 0), 0);
	assert_int_equal(identify(getpid(), &inode), 0);
	assert_int_equal(pidfs_is_alive(getpid(), inode), 1);
	assert_int_equal(prctl(PR_SET_DUMPABLE, 1), 0);
}

static void test_without_descriptors(void **state)
{
	struct rlimit limit, none;
	uint64_t inode;

	(void)state;
	need_identity();
	assert_int_equal(identify(getpid(), &inode), 0);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &limit), 0);
	none = limit;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	assert_int_equal(pidfs_is_alive(getpid(), inode), -EAGAIN);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &limit), 0);
	assert_int_equal(pidfs_is_alive(getpid(), inode), 1);
}

static void test_none(void **state)
{
	auto_close int null = open("/dev/null", O_RDONLY | O_CLOEXEC);
	uint64_t inode = 7;

	(void)state;
	assert_int_equal(pidfs_is_alive(0, 2), -EAGAIN);
	assert_int_equal(pidfs_is_alive(-1, 2), -EAGAIN);
	assert_int_equal(pidfs_is_alive(INT32_MAX, 2), -EAGAIN);
	assert_int_equal(pidfs_identify(null, &inode), -EOPNOTSUPP);
	assert_int_equal(pidfs_identify(-1, &inode), -EOPNOTSUPP);
	assert_int_equal(inode, 7);
}

static void test_boot_id(void **state)
{
	char first[PIDFS_BOOT_ID_SIZE], again[PIDFS_BOOT_ID_SIZE];

	(void)state;
	assert_int_equal(pidfs_read_boot_id(first), 0);
	assert_int_equal(strlen(first), PIDFS_BOOT_ID_SIZE - 1);
	assert_int_equal(strspn(first, "0123456789abcdef-"), PIDFS_BOOT_ID_SIZE - 1);
	assert_int_equal(pidfs_read_boot_id(again), 0);
	assert_string_equal(first, again);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_one_of_two),	   cmocka_unit_test(test_zombie),
		cmocka_unit_test(test_first_thread_ended), cmocka_unit_test(test_undumpable),
		cmocka_unit_test(test_without_descriptors), cmocka_unit_test(test_none),
		cmocka_unit_test(test_boot_id),
	};

	return cmocka_run_group_tests_name("pidfs", tests, NULL, NULL);
}
