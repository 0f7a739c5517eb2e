/* proc.h - what procfs says about processes */
#pragma once
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/error.h"

struct proc_stat {
	char state;           /* 'R', 'S', 'T', 'Z' ...: proc_pid_stat(5) */
	pid_t parent;
	uint64_t start_time;  /* clock ticks since boot; with the pid the identity of a process */
};

/*
 * Reads /proc/<pid>/stat; a command name with spaces, newlines or ")" does not confuse it.
 * Return: 0, -ESRCH where there is no such process, -EINVAL, or -errno of open(2), read(2).
 */
int proc_read_stat(pid_t pid, struct proc_stat *stat);

/*
 * Whether the process lives (is no zombie) and was started at that time.
 * Return: 1, 0, or -errno of open(2), read(2): without a descriptor to spare nobody knows.
 */
int proc_is_alive(pid_t pid, uint64_t start_time);

/* Opens /proc, for who asks about many processes. Return: a descriptor or -errno of open(2). */
int proc_open(void);

/* As proc_is_alive(). proc: of proc_open(); what is below 0 is as good, and slower. */
int proc_is_alive_at(int proc, pid_t pid, uint64_t start_time);

/*
 * Return: the id of a pidfd's process in this pid namespace; -ESRCH where it has been reaped, or
 * has none here; -EINVAL where it is no pidfd; -errno of open(2), read(2).
 */
pid_t proc_pid_of_pidfd(int pidfd);

/*
 * Return: whether this process is root with all ids: not a plain user, and not root of a user
 * namespace, as rootless engines start their runtimes. user_namespaces(7)
 */
bool proc_is_real_root(void);
