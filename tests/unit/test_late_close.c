/* test_late_close.c - descriptors that the kernel closes behind us */
#include "base/late_close.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/utsname.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/fd.h"
#include "tests/unit/unit.h"

enum { MINUTE = 60000 /* milliseconds: a busy machine may take long for anything */ };

/* The other end of a pipe sees it. */
static void wait_for_end(int fd)
{
	struct pollfd watched = { .fd = fd };

	assert_int_equal(poll(&watched, 1, MINUTE), 1);
	assert_true(watched.revents & POLLHUP);
}

static void make_pipes(int (*pipes)[2], size_t len)
{
	for (size_t i = 0; i < len; i++)
		assert_int_equal(pipe2(pipes[i], O_CLOEXEC), 0);
}

static void close_and_wait(size_t len)
{
	int pipes[LATE_CLOSE_MAX][2], fds[LATE_CLOSE_MAX], numbers[LATE_CLOSE_MAX];

	make_pipes(pipes, len);
	for (size_t i = 0; i < len; i++)
		numbers[i] = fds[i] = pipes[i][1];
	late_close(fds, len);
	for (size_t i = 0; i < len; i++) {
		assert_int_equal(fds[i], -1);
		assert_int_equal(fcntl(numbers[i], F_GETFD), -1);
	}
	for (size_t i = 0; i < len; i++) {
		wait_for_end(pipes[i][0]);
		close(pipes[i][0]);
	}
}

static void test_all_are_closed(void **state)
{
	(void)state;
	for (size_t len = 0; len <= LATE_CLOSE_MAX; len++)
		close_and_wait(len);
}

/* One that cannot be sent, too. */
static void test_beside_one_that_is_none(void **state)
{
	int pipes[1][2], fds[2];

	(void)state;
	make_pipes(pipes, 1);
	fds[0] = -1;
	fds[1] = pipes[0][1];
	late_close(fds, 2);
	wait_for_end(pipes[0][0]);
	close(pipes[0][0]);
}

static void test_without_room_for_sockets(void **state)
{
	struct rlimit before, none;
	int pipes[1][2];

	(void)state;
	make_pipes(pipes, 1);
	assert_int_equal(getrlimit(RLIMIT_NOFILE, &before), 0);
	none = before;
	none.rlim_cur = 0;
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &none), 0);
	late_close(&pipes[0][1], 1);
	assert_int_equal(setrlimit(RLIMIT_NOFILE, &before), 0);
	assert_int_equal(pipes[0][1], -1);
	wait_for_end(pipes[0][0]);
	close(pipes[0][0]);
}

static void need_worker(void)
{
	struct utsname name;
	int major, minor;

	assert_int_equal(uname(&name), 0);
	assert_int_equal(sscanf(name.release, "%d.%d", &major, &minor), 2);
	if (major > 6 || (major == 6 && minor >= 10))
		return;
	print_message("# SKIP the kernel is older than 6.10\n");
	skip();
}

/* Return: a connection whose close waits up to ten seconds for who does not read. */
static int connect_lingering(int *peer)
{
	const struct linger linger = { .l_onoff = 1, .l_linger = 10 };
	struct sockaddr_in address = { .sin_family = AF_INET };
	socklen_t len = sizeof(address);
	auto_close int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int client = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	char data[65536] = { 0 };

	address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
	assert_int_equal(bind(server, (struct sockaddr *)&address, len), 0);
	assert_int_equal(listen(server, 1), 0);
	assert_int_equal(getsockname(server, (struct sockaddr *)&address, &len), 0);
	assert_int_equal(connect(client, (struct sockaddr *)&address, len), 0);
	*peer = accept4(server, NULL, NULL, SOCK_CLOEXEC);
	assert_true(*peer >= 0);
	while (send(client, data, sizeof(data), MSG_DONTWAIT) > 0)
		;
	assert_int_equal(setsockopt(client, SOL_SOCKET, SO_LINGER, &linger, sizeof(linger)), 0);
	return client;
}

static void test_waits_for_nothing(void **state)
{
	const int64_t second = 1000000000;
	int peer, client;
	int64_t start;

	(void)state;
	need_worker();
	client = connect_lingering(&peer);
	start = clock_now();
	late_close(&client, 1);
	assert_true(clock_now() - start < 5 * second);
	/* What waits goes on. */
	close(peer);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_all_are_closed),
		cmocka_unit_test(test_beside_one_that_is_none),
		cmocka_unit_test(test_without_room_for_sockets),
		cmocka_unit_test(test_waits_for_nothing),
	};

	return cmocka_run_group_tests_name("late_close", tests, NULL, NULL);
}
