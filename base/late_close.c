/* late_close.c - descriptors whose close waits in the kernel, closed by the kernel itself */
#include "base/late_close.h"

#include <string.h>
#include <sys/socket.h>

#include "base/fd.h"

/*
 * A message that holds the descriptors, and the two sockets between which it is on its way: nobody
 * can receive it once those are closed, and the kernel collects such sockets with what they hold.
 */
static void send_nowhere(const int *fds, size_t len)
{
	int all[FD_PASS_MAX], pair[2];

	_Static_assert(LATE_CLOSE_MAX + 2 <= FD_PASS_MAX, "a message has room for all");
	if (socketpair(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0, pair) < 0)
		return;
	memcpy(all, fds, len * sizeof(*fds));
	memcpy(all + len, pair, sizeof(pair));
	fd_send(pair[0], "", 1, all, len + 2);
	fd_close(&pair[0]);
	fd_close(&pair[1]);
}

void late_close(int *fds, size_t len)
{
	int other;

	send_nowhere(fds, len);
	for (size_t i = 0; i < len; i++)
		fd_close(&fds[i]);
	/* It looks for them when a socket of unix(7) is closed: now that ours are not the last. */
	other = socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
	fd_close(&other);
}
