/* test_fd.c - descriptors: owned, handed over, sent */
#include "base/fd.h"

#include <errno.h>
#include <string.h>
#include <sys/socket.h>

#include "tests/unit/unit.h"

struct pair {
	int ends[2];
};

static struct pair make_pair(void)
{
	struct pair pair;

	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair.ends), 0);
	return pair;
}

static void close_pair(struct pair *pair)
{
	fd_close(&pair->ends[0]);
	fd_close(&pair->ends[1]);
}

static void test_close(void **state)
{
	int fd = dup(STDERR_FILENO), number = fd;

	(void)state;
	errno = ENOENT;
	fd_close(&fd);
	assert_int_equal(fd, -1);
	assert_int_equal(errno, ENOENT);
	assert_int_equal(fcntl(number, F_GETFD), -1);
	fd_close(&fd);
	assert_int_equal(fd, -1);
	number = fd = dup(STDERR_FILENO);
	assert_int_equal(take_fd(&fd), number);
	assert_int_equal(fd, -1);
	assert_int_equal(fd_set_cloexec(number, true), 0);
	assert_int_equal(fcntl(number, F_GETFD), FD_CLOEXEC);
	assert_int_equal(fd_set_cloexec(number, false), 0);
	assert_int_equal(fcntl(number, F_GETFD), 0);
	close(number);
	assert_int_equal(fd_set_cloexec(number, true), -EBADF);
}

static void test_send(void **state)
{
	struct pair pair = make_pair();
	int file = open("/dev/null", O_RDWR | O_CLOEXEC);
	int fds[FD_PASS_MAX], sent[FD_PASS_MAX];
	size_t len = FD_PASS_MAX;
	char data[8];

	(void)state;
	for (int i = 0; i < FD_PASS_MAX; i++)
		sent[i] = file;
	assert_int_equal(fd_send(pair.ends[0], "abc", 3, sent, FD_PASS_MAX), 0);
	assert_int_equal(fd_receive(pair.ends[1], data, sizeof(data), fds, &len), 3);
	assert_memory_equal(data, "abc", 3);
	assert_int_equal(len, FD_PASS_MAX);
	for (int i = 0; i < FD_PASS_MAX; i++) {
		assert_int_equal(fcntl(fds[i], F_GETFD), FD_CLOEXEC);
		close(fds[i]);
	}
	assert_int_equal(fd_send(pair.ends[0], "abc", 3, sent, FD_PASS_MAX + 1), -E2BIG);
	assert_int_equal(fd_send(pair.ends[0], "a", 1, NULL, 0), 0);
	len = 1;
	assert_int_equal(fd_receive(pair.ends[1], data, sizeof(data), fds, &len), 1);
	assert_int_equal(len, 0);
	close(file);
	close_pair(&pair);
}

/* What does not fit is closed, not kept without an owner. */
static void test_surplus(void **state)
{
	struct pair pair = make_pair();
	int before = count_fds();
	int sent[3] = { STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO };
	int fds[1] = { -1 };
	size_t len = 1;
	char data[8];

	(void)state;
	assert_int_equal(fd_send(pair.ends[0], "abc", 3, sent, 3), 0);
	assert_int_equal(fd_receive(pair.ends[1], data, sizeof(data), fds, &len), 3);
	assert_int_equal(len, 1);
	assert_int_equal(count_fds(), before + 1);
	close(fds[0]);
	len = 0;
	assert_int_equal(fd_send(pair.ends[0], "abc", 3, sent, 3), 0);
	assert_int_equal(fd_receive(pair.ends[1], data, sizeof(data), NULL, &len), 3);
	assert_int_equal(count_fds(), before);
	close_pair(&pair);
}

/* A message that is too large gives nothing, also no number of a descriptor that is closed. */
static void test_too_large(void **state)
{
	struct pair pair = make_pair();
	int before = count_fds();
	int sent = STDERR_FILENO, fd = -1;
	size_t len = 1;
	char data[2];

	(void)state;
	assert_int_equal(fd_send(pair.ends[0], "abc", 3, &sent, 1), 0);
	assert_int_equal(fd_receive(pair.ends[1], data, sizeof(data), &fd, &len), -EMSGSIZE);
	assert_int_equal(fd, -1);
	assert_int_equal(count_fds(), before);
	close_pair(&pair);
}

static void test_end(void **state)
{
	struct pair pair = make_pair();
	size_t len = 1;
	char data[2];
	int fd = -1;

	(void)state;
	fd_close(&pair.ends[0]);
	assert_int_equal(fd_receive(pair.ends[1], data, sizeof(data), &fd, &len), 0);
	assert_int_equal(len, 0);
	/* No SIGPIPE. */
	assert_int_equal(fd_send(pair.ends[1], "a", 1, NULL, 0), -EPIPE);
	len = 1;
	assert_int_equal(fd_receive(-1, data, sizeof(data), &fd, &len), -EBADF);
	close_pair(&pair);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_close),
		cmocka_unit_test(test_send),
		cmocka_unit_test(test_surplus),
		cmocka_unit_test(test_too_large),
		cmocka_unit_test(test_end),
	};

	return cmocka_run_group_tests_name("fd", tests, NULL, NULL);
}
