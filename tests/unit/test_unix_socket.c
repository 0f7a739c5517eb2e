/* test_unix_socket.c - connecting to sockets, by paths of any length and by names */
#include "base/unix_socket.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/stat.h>

#include "tests/unit/unit.h"

static int make_socket(void)
{
	int sock = socket(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0);

	assert_true(sock >= 0);
	return sock;
}

/* Return: the socket "sock" that listens in the directory. */
static int listen_in(int dir)
{
	struct sockaddr_un address = unix_socket_address(dir, "sock");
	int sock = make_socket();

	assert_int_equal(bind(sock, (struct sockaddr *)&address, sizeof(address)), 0);
	assert_int_equal(listen(sock, 1), 0);
	return sock;
}

/* What is sent at one end arrives at the other. */
static void assert_connected(int sock, int listener)
{
	auto_close int peer = accept(listener, NULL, NULL);
	char got = 0;

	assert_true(peer >= 0);
	assert_int_equal(send(sock, "x", 1, 0), 1);
	assert_int_equal(recv(peer, &got, 1, 0), 1);
	assert_int_equal(got, 'x');
}

static void test_address_in_directory(void **state)
{
	auto_close int dir = scratch_open(state), listener = listen_in(dir), sock = make_socket();
	struct sockaddr_un address = unix_socket_address(dir, "sock");

	assert_int_equal(unix_socket_connect(sock, &address), 0);
	assert_connected(sock, listener);
	address = unix_socket_address(dir, "other");
	assert_int_equal(unix_socket_connect(sock, &address), -ENOENT);
}

static void test_long_path(void **state)
{
	auto_close int sock = make_socket();
	auto_close int dir = -1, listener = -1;
	auto_buf struct buf path = { 0 };

	buf_printf(&path, "%s", (char *)*state);
	for (int i = 0; i < 15; i++)
		buf_printf(&path, "/%0200d", i);
	assert_int_equal(file_make_directories(path.data, 0755), 0);
	dir = open(path.data, O_PATH | O_CLOEXEC);
	listener = listen_in(dir);
	buf_puts(&path, "/sock");
	assert_int_equal(unix_socket_connect_path(sock, path.data), 0);
	assert_connected(sock, listener);
}

static void test_path_refused(void **state)
{
	auto_close int dir = scratch_open(state), listener = listen_in(dir), sock = make_socket();
	auto_buf struct buf file = { 0 }, path = { 0 };
	int fds = count_fds();

	buf_printf(&file, "%s/file", (char *)*state);
	assert_int_equal(unix_socket_connect_path(sock, file.data), -ENOENT);
	assert_int_equal(file_replace_at(dir, "file", "", 0, 0600), 0);
	assert_int_equal(unix_socket_connect_path(sock, file.data), -ENOTSOCK);
	assert_int_equal(unix_socket_connect_path(sock, *state), -ENOTSOCK);
	buf_printf(&path, "%s/sock", (char *)*state);
	fd_close(&listener);
	assert_int_equal(unix_socket_connect_path(sock, path.data), -ECONNREFUSED);
	assert_int_equal(count_fds(), fds - 1);
}

static void test_abstract(void **state)
{
	auto_close int listener = make_socket(), sock = make_socket();
	struct sockaddr_un address;
	socklen_t len = sizeof(address);
	char name[sizeof(address.sun_path) + 1] = { 0 };

	(void)state;
	/* Without a path the kernel gives a free name, of five digits. */
	address.sun_family = AF_UNIX;
	assert_int_equal(bind(listener, (struct sockaddr *)&address, sizeof(sa_family_t)), 0);
	assert_int_equal(listen(listener, 1), 0);
	assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &len), 0);
	memcpy(name, address.sun_path + 1, len - offsetof(struct sockaddr_un, sun_path) - 1);
	assert_int_equal(unix_socket_connect_abstract(sock, name), 0);
	assert_connected(sock, listener);

	memset(name, 'x', sizeof(address.sun_path));
	assert_int_equal(unix_socket_connect_abstract(sock, name), -ENAMETOOLONG);
	name[sizeof(address.sun_path) - 1] = 0;
	assert_int_equal(unix_socket_connect_abstract(sock, name), -ECONNREFUSED);
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(test_address_in_directory, scratch_make,
						scratch_remove),
		cmocka_unit_test_setup_teardown(test_long_path, scratch_make, scratch_remove),
		cmocka_unit_test_setup_teardown(test_path_refused, scratch_make, scratch_remove),
		cmocka_unit_test(test_abstract),
	};

	return cmocka_run_group_tests_name("unix_socket", tests, NULL, NULL);
}
