/* fd.h - file descriptors: who owns them, and sending them to another process */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

/* Closes *fd if it is >= 0 and makes it -1; errno stays. */
void fd_close(int *fd);

#define auto_close __attribute__((cleanup(fd_close)))

/* Hands the descriptor over: *fd is -1 after. Return: what it was. */
int take_fd(int *fd);

/* Sets or clears close-on-exec. Return: 0 or -errno of fcntl(2). */
int fd_set_cloexec(int fd, bool cloexec);

enum { FD_PASS_MAX = 8, FD_TOKEN_LEN = 3 };

/*
 * From now on fd_send, fd_receive and fd_close hand these numbers to the kernel in the arguments
 * that sendmsg(2), recvmsg(2) and close(2) do not have: by them a seccomp filter knows that
 * it is us (runtime/linux/seccomp_filter.c).
 */
void fd_set_token(const uint64_t token[FD_TOKEN_LEN]);

/*
 * Sends one message with up to FD_PASS_MAX descriptors (SCM_RIGHTS, unix(7)); no SIGPIPE.
 * Return: 0 or -errno of sendmsg(2).
 */
int fd_send(int sock, const void *data, size_t len, const int *fds, size_t fds_len);

/*
 * Receives one message; the descriptors are close-on-exec and the caller's. Room must be there for
 * *fds_len of them; surplus ones are closed.
 * Return: the length of the data (0: end of file) or -errno of recvmsg(2), -EMSGSIZE where the
 * message is larger than len.
 */
ssize_t fd_receive(int sock, void *data, size_t len, int *fds, size_t *fds_len);
