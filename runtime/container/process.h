/* process.h - from a process in the container's namespaces to the container's program */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "runtime/container/hooks.h"
#include "runtime/linux/caps.h"
#include "runtime/linux/seccomp_filter.h"
#include "spec/config.h"

/* What create, run and exec ask of it alike. */
struct process_request {
	const char *console_socket; /* where the terminal's master goes; NULL: nowhere */
	const char *pidfd_socket;   /* where the process's pidfd goes; NULL: nowhere */
	const char *pid_file;       /* NULL: none */
	bool new_keyring;
	int preserve_fds;           /* how many descriptors from 3 on the program gets */
	int listen_fds;             /* how many of them, the first, are told as LISTEN_FDS */
	bool detach;                /* nobody waits for it, so nobody can relay its terminal */
};

/*
 * The process of init and of exec. Both call process_prepare when their namespaces and the root
 * directory are those of the container, then process_execute.
 */
struct process {
	const struct spec_process *spec; /* NULL: config.json has none, it never gets to execute */
	const struct spec_linux *linux;  /* of the container; may be NULL */
	const char *keyring; /* the name of a new session keyring; NULL keeps the session's */
	bool keep_groups;    /* the supplementary ones of gocker's caller */
	const struct seccomp_filter *filter; /* NULL: none */
	int preserve_fds, listen_fds;
	const char *notify_socket; /* as the program finds it; NULL: none */
	int sync;  /* to the runtime */
	int slave; /* of its terminal; -1: none */
	struct arena arena;
	char **env;
	const char *path; /* of the program */
	struct caps caps;
	struct hooks_call start_hooks; /* of a container's first process; else empty */
};

/*
 * Whether config and request agree about the terminal. spec may be NULL: no process.
 * Return: 0 or -EINVAL.
 */
int process_check_request(const struct spec_process *spec, const struct process_request *request,
			   struct error *err);

/*
 * Makes a terminal on the devpts at dev/pts below root and sends its master to the runtime.
 * with_console also mounts it on dev/console. Return: 0 or -errno.
 */
int process_open_terminal(struct process *process, int root, bool with_console,
			  struct error *err);

/*
 * Makes the descriptors and the memory of this process inaccessible for processes of the container
 * that have no CAP_SYS_PTRACE (CVE-2016-9962). /proc/self is root's from then on.
 */
void process_hide(void);

/*
 * Closes all but standard input, output and error, what is to be preserved, the sync socket, the
 * gate (-1: none) and what start_hooks write to: neither the container nor somebody who waits for
 * their end shall find them.
 */
void process_close_others(const struct process *process, int gate);

/*
 * Whether gocker's caller asks for his supplementary groups in the container (podman's
 * --group-add keep-groups): annotation run.oci.keep_original_groups with another value than 0.
 */
bool process_keeps_groups(const struct spec_config *config);

/*
 * What needs no other user: session, terminal, labels, keyring, memory policy, personality,
 * environment, capabilities, the program looked up. Return: 0 or -errno.
 */
int process_prepare(struct process *process, struct error *err);

/*
 * Becomes the user with its capabilities and executes the program.
 * Return: -errno, if at all; -ECHILD where a startContainer hook has failed.
 */
int process_execute(struct process *process, struct error *err);

/*
 * For a runtime without privileges: what it can set for a process only before that hides itself.
 * Return: 0 or -errno of write(2).
 */
int process_set_own_limits(const struct spec_process *spec, struct error *err);

/*
 * The runtime's part for a process that is ready, what only the runtime's privileges can set:
 * limits, scheduler, priority of input and output, oom score.
 * Return: 0 or -errno of prlimit(2), sched_setattr(2), ioprio_set(2), write(2).
 */
int process_set_limits(const struct spec_process *spec, pid_t pid, struct error *err);

/*
 * Sends the pidfd and writes the pid file as requested, before the program runs: it is there as
 * soon as something of the program can be seen. Return: 0 or -errno.
 */
int process_announce(const struct process_request *request, pid_t pid, int pidfd,
		     struct error *err);

/* Removes the pid file of a program that could not be executed. */
void process_withdraw(const struct process_request *request);
