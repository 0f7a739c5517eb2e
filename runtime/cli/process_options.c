/* process_options.c - the options that create, run and exec have in common */
#include "runtime/cli/process_options.h"

#include <stdlib.h>
#include <unistd.h>

#include "base/number.h"

enum { LISTEN_FDS_MAX = 65536 };

/* What systemd says of sockets that it hands over, sd_listen_fds(3). Return: how many there are. */
static int count_listen_fds(void)
{
	const char *fds = getenv("LISTEN_FDS"), *pid = getenv("LISTEN_PID");
	uint64_t number, reader;

	if (!fds || number_parse_u64(fds, LISTEN_FDS_MAX, &number) < 0)
		return 0;
	/* Meant for another process, which has left its environment to us. */
	if (pid && (number_parse_u64(pid, INT32_MAX, &reader) < 0 || (pid_t)reader != getpid()))
		return 0;
	return (int)number;
}

struct process_request process_options_request(const struct process_options *options, bool detach)
{
	int listen_fds = count_listen_fds();

	return (struct process_request){
		.console_socket = options->console_socket,
		.pidfd_socket = options->pidfd_socket,
		.pid_file = options->pid_file,
		.new_keyring = !options->no_new_keyring,
		.listen_fds = listen_fds,
		.preserve_fds = options->preserve_fds + listen_fds,
		.detach = detach,
	};
}
