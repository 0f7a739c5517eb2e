/* test_sync.c - the conversation with the container's process, also with one that lies */
#include "runtime/container/sync.h"

#include <errno.h>
#include <limits.h>
#include <string.h>
#include <sys/socket.h>

#include "runtime/container/launch.h"
#include "tests/unit/unit.h"

static int runtime_end, process_end;

static int open_pair(void **state)
{
	struct error err = { 0 };

	(void)state;
	return sync_pair(&runtime_end, &process_end, &err);
}

static int close_pair(void **state)
{
	(void)state;
	fd_close(&runtime_end);
	fd_close(&process_end);
	log_set_sink(NULL, NULL);
	return 0;
}

static void test_message(void **state)
{
	struct sync_message message;
	int fd = -1;

	(void)state;
	assert_int_equal(sync_send(process_end, SYNC_LOG, -7, "a text", STDERR_FILENO), 0);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), 0);
	assert_int_equal(message.type, SYNC_LOG);
	assert_int_equal(message.number, -7);
	assert_string_equal(message.text, "a text");
	assert_true(fd >= 0);
	assert_int_equal(fcntl(fd, F_GETFD), FD_CLOEXEC);
	close(fd);
	assert_int_equal(sync_send(process_end, SYNC_READY, 0, NULL, -1), 0);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), 0);
	assert_int_equal(message.type, SYNC_READY);
	assert_string_equal(message.text, "");
	assert_int_equal(fd, -1);
}

static void test_long_text(void **state)
{
	static char text[8192];
	struct sync_message message;
	int fd;

	(void)state;
	memset(text, 'x', sizeof(text) - 1);
	assert_int_equal(sync_send(process_end, SYNC_LOG, 0, text, -1), 0);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), 0);
	assert_int_equal(strlen(message.text), sizeof(message.text) - 1);
}

static void test_end(void **state)
{
	struct sync_message message;
	struct error err = { 0 };
	int fd = 5;

	(void)state;
	fd_close(&process_end);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), -EPIPE);
	assert_int_equal(fd, -1);
	assert_int_equal(sync_expect(runtime_end, SYNC_READY, &err), -EPIPE);
	assert_string_equal(err.text, "the other side of the conversation is gone");
	assert_int_equal(sync_send(runtime_end, SYNC_EXECUTE, 0, NULL, -1), -EPIPE);
}

/* What was said before the end is heard, also where the other side had not read all. */
static void test_end_with_unread(void **state)
{
	struct sync_message message;
	int fd;

	(void)state;
	assert_int_equal(sync_send(runtime_end, SYNC_MAPPED, 0, NULL, -1), 0);
	assert_int_equal(sync_send(process_end, SYNC_ERROR, ERANGE, "too far", -1), 0);
	fd_close(&process_end);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), 0);
	assert_int_equal(message.type, SYNC_ERROR);
	assert_string_equal(message.text, "too far");
}

/* Too short, too long, with descriptors that nobody asked for: refused, and none is kept. */
static void test_lies(void **state)
{
	static const char large[sizeof(struct sync_message) + 100];
	int fds[3] = { 0, 1, 2 }, before = count_fds();
	struct sync_message message;
	int fd;

	(void)state;
	assert_int_equal(fd_send(process_end, "x", 1, fds, 3), 0);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), -EPROTO);
	assert_int_equal(fd, -1);
	assert_int_equal(fd_send(process_end, large, sizeof(large), fds, 3), 0);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), -EMSGSIZE);
	assert_int_equal(fd, -1);
	assert_int_equal(fd_send(process_end, large, sizeof(struct sync_message), NULL, 0), 0);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), -EMSGSIZE);
	/* The largest that fits; its text ends all the same. */
	memset(&message, 'x', sizeof(message));
	assert_int_equal(fd_send(process_end, &message, sizeof(message) - 1, NULL, 0), 0);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), 0);
	assert_int_equal(strlen(message.text), sizeof(message.text) - 1);
	assert_int_equal(count_fds(), before);
}

static void test_expect(void **state)
{
	struct error err = { 0 };
	int before = count_fds();

	(void)state;
	sync_send(runtime_end, SYNC_MAPPED, 0, NULL, -1);
	assert_int_equal(sync_expect(process_end, SYNC_MAPPED, &err), 0);
	sync_send(runtime_end, SYNC_EXECUTE, 0, NULL, STDERR_FILENO);
	assert_int_equal(sync_expect(process_end, SYNC_MAPPED, &err), -EPROTO);
	assert_int_equal(count_fds(), before);
}

static void test_error(void **state)
{
	struct error sent = { 0 }, err = { 0 };
	struct sync_message message;
	int fd;

	(void)state;
	error_set(&sent, EPERM, "mount \"/proc\": 100%%s");
	sync_send_error(process_end, &sent);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), 0);
	assert_int_equal(message.type, SYNC_ERROR);
	assert_int_equal(sync_take_error(&message, &err), -EPERM);
	assert_string_equal(err.text, "mount \"/proc\": 100%s");
	/* A failure without a number, or with a wrong one, is one still. */
	message.number = 0;
	assert_true(sync_take_error(&message, &err) < 0);
	message.number = INT_MIN;
	assert_true(sync_take_error(&message, &err) < 0);
}

static void test_launch(void **state)
{
	struct container container = CONTAINER_NONE;
	struct error err = { 0 }, failure = { 0 };

	(void)state;
	error_set(&failure, ENOEXEC, "exec /x: Exec format error");
	sync_send_error(process_end, &failure);
	assert_int_equal(launch(&container, 1, runtime_end, &err), -ENOEXEC);
	assert_string_equal(err.text, "exec /x: Exec format error");
	assert_int_equal(sync_expect(process_end, SYNC_EXECUTE, &err), 0);
	/* A listener that nobody has asked for. */
	sync_send(process_end, SYNC_LISTENER, 0, NULL, STDERR_FILENO);
	assert_int_equal(launch(&container, 1, runtime_end, &err), -EPROTO);
	assert_int_equal(sync_expect(process_end, SYNC_EXECUTE, &err), 0);
	shutdown(process_end, SHUT_WR);
	assert_int_equal(launch(&container, 1, runtime_end, &err), 0);
}

static void test_log(void **state)
{
	struct sync_message message;
	int fd;

	(void)state;
	sync_divert_log(&process_end);
	log_warning("careful: %d", 1);
	assert_int_equal(sync_receive(runtime_end, &message, &fd), 0);
	assert_int_equal(message.type, SYNC_LOG);
	assert_int_equal(message.number, LOG_LEVEL_WARNING);
	assert_string_equal(message.text, "careful: 1");
}

#define TEST(function) cmocka_unit_test_setup_teardown(function, open_pair, close_pair)

int main(void)
{
	static const struct CMUnitTest tests[] = {
		TEST(test_message),
		TEST(test_long_text),
		TEST(test_end),
		TEST(test_end_with_unread),
		TEST(test_lies),
		TEST(test_expect),
		TEST(test_error),
		TEST(test_launch),
		TEST(test_log),
	};

	return cmocka_run_group_tests_name("sync", tests, NULL, NULL);
}
