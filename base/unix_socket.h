/* unix_socket.h - addresses of unix(7) sockets: files, whatever the length of their path */
#pragma once
#include <sys/un.h>

/*
 * An address has room for 107 bytes. This one is short wherever the open directory is; name must be
 * short itself. For bind(2) and unix_socket_connect().
 */
struct sockaddr_un unix_socket_address(int dirfd, const char *name);

/* Return: 0 or -errno of connect(2); a call that a signal ends is repeated. */
int unix_socket_connect(int sock, const struct sockaddr_un *address);

/*
 * Connects to the file at path, of any length.
 * Return: 0; -ENOTSOCK where it is no socket; -errno of open(2), connect(2).
 */
int unix_socket_connect_path(int sock, const char *path);

/* Connects to an abstract name. Return: 0; -ENAMETOOLONG; -errno of connect(2). */
int unix_socket_connect_abstract(int sock, const char *name);
