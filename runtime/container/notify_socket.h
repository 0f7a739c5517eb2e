/* notify_socket.h - lets the container's program tell systemd that it is ready, sd_notify(3) */
#pragma once
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"

/*
 * Who started gocker listens at $NOTIFY_SOCKET, which the container does not see. It gets a socket
 * of its own instead, in a directory that is mounted into it; of what comes there, READY=1 alone is
 * passed on. The directory is made by `create`; who executes the program, `start` or `run`, listens
 * before that and stays until the program is ready.
 */

/* Where the container finds the directory, and the socket in it, as with runc. */
extern const char notify_socket_directory[], notify_socket_path[];

/* The socket's other name in the directory, which crun gives it. */
extern const char notify_socket_link[];

/* Return: the value of the host's NOTIFY_SOCKET, or NULL: it does not ask. */
const char *notify_socket_of_host(void);

/*
 * The container may find the directory where the host has its socket, too, as with crun.
 * Return: this path; or NULL: the host's is abstract, not plain or too long, or a systemd in the
 * container would make a socket of its own there (/run/systemd).
 */
const char *notify_socket_place(struct arena *arena);

/*
 * Makes the directory in a state directory; *path, in the arena, tells where it is.
 * Return: 0 or -errno of mkdirat(2), readlink(2).
 */
int notify_socket_make(int entry, struct arena *arena, const char **path, struct error *err);

/* Return: a socket that listens in the directory; -ENOENT without err: there is none; -errno. */
int notify_socket_listen(int entry, struct error *err);

/*
 * Takes one message from the container. If it says READY=1, the host gets it, with main_pid as
 * MAINPID.
 * Return: 1 when that was it, 0 for other messages.
 */
int notify_socket_forward(int sock, const char *host, pid_t main_pid);

/*
 * Forwards until the program is ready or has ended, and then until the host has read it: systemd
 * does not listen to processes that have ended. pidfd, pid: of the container's process.
 */
void notify_socket_await(int sock, const char *host, int pidfd, pid_t pid);
