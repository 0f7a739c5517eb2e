/* fuzz_sync.c - packets that a hostile process sends to the runtime while it is set up */
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/container/serve.h"
#include "runtime/container/sync.h"
#include "tests/fuzz/fuzz.h"

/* Sends as many packets as the socket has room for, then the end of file. */
static void send_all(int sock, struct fuzz_input *input)
{
	static int null = -1;
	int fds[3];

	if (null < 0)
		null = open("/dev/null", O_RDWR | O_CLOEXEC);
	for (size_t i = 0; i < 3; i++)
		fds[i] = null;
	fcntl(sock, F_SETFL, O_NONBLOCK);
	while (input->size) {
		uint8_t fds_len = fuzz_byte(input) % 4;
		const uint8_t *packet;
		size_t len = fuzz_piece(input, &packet);

		if (fd_send(sock, packet, len, fds, fds_len) < 0)
			break;
	}
	shutdown(sock, SHUT_WR);
}

/* Return: the lowest descriptor that is free: more than before, and one has leaked. */
static int lowest_fd(void)
{
	int fd = dup(STDOUT_FILENO);

	close(fd);
	return fd;
}

static void converse(int sock, bool until_placed)
{
	const struct process_request request = { .detach = true };
	struct serve serve = SERVE_NONE;
	struct error err = { 0 };
	int r;

	serve.sync = sock;
	r = until_placed ? serve_until_placed(&serve, &err) :
			   serve_until_ready(&serve, NULL, &request, &err);
	if (r < 0)
		fuzz_check_error(r, &err);
	serve_close(&serve);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static int lowest = -1;
	struct fuzz_input input = { data, size };
	bool until_placed = fuzz_byte(&input) % 2;
	int runtime, process;

	if (sync_pair(&runtime, &process, NULL) < 0)
		return 0;
	send_all(process, &input);
	converse(runtime, until_placed);
	close(process);
	if (lowest < 0)
		lowest = lowest_fd();
	fuzz_check(lowest == lowest_fd());
	return 0;
}
