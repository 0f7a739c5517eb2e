/* process_options.h - the options that create, run and exec have in common */
#pragma once
#include "base/options.h"
#include "runtime/container/process.h"

struct process_options {
	const char *console_socket, *pidfd_socket, *pid_file;
	bool no_new_keyring, no_pivot;
	int preserve_fds;
};

/* Rows for a struct that has a member "process" of that type. */
#define PROCESS_OPTIONS(type)                                                                      \
	OPTION_STRING(type, process.console_socket, "console-socket", 0, "PATH",                   \
		      "unix socket that gets the master of the terminal"),                         \
	OPTION_STRING(type, process.pidfd_socket, "pidfd-socket", 0, "PATH",                       \
		      "unix socket that gets a pidfd of the process"),                             \
	OPTION_STRING(type, process.pid_file, "pid-file", 0, "FILE",                               \
		      "file that gets the process id"),                                            \
	OPTION_NUMBER(type, process.preserve_fds, "preserve-fds", 0, "N",                          \
		      "pass on N descriptors from 3 on, behind those of LISTEN_FDS")

#define PROCESS_OPTION_KEYRING(type)                                                               \
	OPTION_FLAG(type, process.no_new_keyring, "no-new-keyring", 0,                             \
		    "keep the caller's session keyring")

#define PROCESS_OPTION_PIVOT(type)                                                                 \
	OPTION_FLAG(type, process.no_pivot, "no-pivot", 0,                                         \
		    "do without pivot_root(2), which an initramfs refuses")

/* Return: what the container's side understands of them, with the sockets that systemd gave us. */
struct process_request process_options_request(const struct process_options *options, bool detach);
