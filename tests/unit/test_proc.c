/* test_proc.c - what procfs says about processes, whatever they call themselves */
#include "base/proc.h"

#include <errno.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "base/number.h"
#include "tests/unit/unit.h"

/* The start time by another way than the tested one: the 20th field behind the name's end. */
static uint64_t own_start_time(void)
{
	auto_buf struct buf text = { 0 };
	char *field, *rest;
	uint64_t value;

	assert_int_equal(file_read_at(AT_FDCWD, "/proc/self/stat", 4096, &text), 0);
	rest = strrchr(text.data, ')') + 2;
	for (int i = 0; i < 20; i++)
		field = strsep(&rest, " ");
	assert_int_equal(number_parse_u64(field, UINT64_MAX, &value), 0);
	return value;
}

static void test_self(void **state)
{
	struct proc_stat stat;

	(void)state;
	assert_int_equal(proc_read_stat(getpid(), &stat), 0);
	assert_int_equal(stat.state, 'R');
	assert_int_equal(stat.parent, getppid());
	assert_true(stat.start_time == own_start_time());
	assert_true(proc_is_alive(getpid(), stat.start_time));
	assert_false(proc_is_alive(getpid(), stat.start_time + 1));
	assert_false(proc_is_alive(getpid(), 0));
}

static void test_names(void **state)
{
	static const char *const names[] = {
		"a b",
		") R 1 1 1",
		"(x) S 1",
		"a\nb",
		")",
		"",
		"))))))))))))))) ",
		"\xff\xfe",
		"1) Z 1 1 1 1 1",
	};
	struct proc_stat plain, stat;

	(void)state;
	assert_int_equal(proc_read_stat(getpid(), &plain), 0);
	for (size_t i = 0; i < LEN(names); i++) {
		prctl(PR_SET_NAME, names[i]);
		assert_int_equal(proc_read_stat(getpid(), &stat), 0);
		assert_int_equal(stat.parent, plain.parent);
		assert_int_equal(stat.state, 'R');
		assert_true(stat.start_time == plain.start_time);
	}
}

static void test_none(void **state)
{
	struct proc_stat stat;

	(void)state;
	assert_int_equal(proc_read_stat(0, &stat), -ESRCH);
	assert_int_equal(proc_read_stat(-1, &stat), -ESRCH);
	assert_int_equal(proc_read_stat(INT32_MAX, &stat), -ESRCH);
	assert_false(proc_is_alive(0, 0));
	assert_false(proc_is_alive(-1, 0));
	assert_false(proc_is_alive(INT32_MAX, 0));
}

static void test_zombie(void **state)
{
	pid_t pid = fork();
	struct proc_stat stat;
	siginfo_t info;

	(void)state;
	if (pid == 0) {
		pause();
		_exit(0);
	}
	assert_int_equal(proc_read_stat(pid, &stat), 0);
	assert_int_equal(stat.parent, getpid());
	assert_true(proc_is_alive(pid, stat.start_time));
	kill(pid, SIGKILL);
	assert_int_equal(waitid(P_PID, (id_t)pid, &info, WEXITED | WNOWAIT), 0);
	assert_false(proc_is_alive(pid, stat.start_time));
	assert_int_equal(proc_read_stat(pid, &stat), 0);
	assert_int_equal(stat.state, 'Z');
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(proc_read_stat(pid, &stat), -ESRCH);
}

static void test_pidfd(void **state)
{
	pid_t pid = fork();
	int pidfd;

	(void)state;
	if (pid == 0) {
		pause();
		_exit(0);
	}
	pidfd = (int)syscall(SYS_pidfd_open, pid, 0);
	assert_int_equal(proc_pid_of_pidfd(pidfd), pid);
	kill(pid, SIGKILL);
	assert_int_equal(waitpid(pid, NULL, 0), pid);
	assert_int_equal(proc_pid_of_pidfd(pidfd), -ESRCH);
	close(pidfd);
	assert_int_equal(proc_pid_of_pidfd(STDOUT_FILENO), -EINVAL);
	assert_int_equal(proc_pid_of_pidfd(pidfd), -ENOENT);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_self),
		cmocka_unit_test(test_names),
		cmocka_unit_test(test_none),
		cmocka_unit_test(test_zombie),
		cmocka_unit_test(test_pidfd),
	};

	return cmocka_run_group_tests_name("proc", tests, NULL, NULL);
}
