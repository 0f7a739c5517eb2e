/* pidfs.h - what tells a process from all others by its pidfd, for less than procfs asks */
#pragma once
#include <stdint.h>
#include <sys/types.h>

/*
 * Asks a living process's pidfd for its inode on pidfs: no other process gets the number until the
 * machine is restarted, in no pid namespace.
 * Return: 0 with *inode; -EOPNOTSUPP where this kernel cannot tell (before Linux 6.16, 32 bits),
 * or the process has ended.
 */
int pidfs_identify(int pidfd, uint64_t *inode);

/*
 * Whether the process lives, as proc_is_alive() would say.
 * Return: 1; 0 (it is a zombie); -EAGAIN where it cannot be told: another process has the number,
 * or none, or whatever else is odd.
 */
int pidfs_is_alive(pid_t pid, uint64_t inode);

/* Of boot_id with its null byte, random(4). */
enum { PIDFS_BOOT_ID_SIZE = 37 };

/* What tells this run of the kernel from others. Return: 0; -EINVAL; -errno of open, read(2). */
int pidfs_read_boot_id(char id[PIDFS_BOOT_ID_SIZE]);
