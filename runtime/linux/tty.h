/* tty.h - the container's terminal */
#pragma once
#include <stdint.h>
#include <termios.h>

#include "base/error.h"
#include "spec/config.h"

enum { TTY_NAME_SIZE = sizeof("/dev/pts/") + 10 };

/*
 * Makes a terminal on the devpts whose root directory pts_fd is. The file system is checked, and
 * the slave is opened through its master (TIOCGPTPEER, ioctl_tty(2)), never by a path
 * (CVE-2025-52565). size may be NULL.
 * Return: 0 with two descriptors, close-on-exec; -EINVAL where pts_fd is no
 * devpts; or -errno of openat2(2), ioctl(2).
 */
int tty_open(int pts_fd, const struct spec_console_size *size, int *master, int *slave,
	     struct error *err);

/* The slave's name as the container sees it, "/dev/pts/N". Return: 0 or -errno of ioctl(2). */
int tty_name(int master, char name[TTY_NAME_SIZE], struct error *err);

/*
 * Gives the slave to the user; 4294967295 leaves an id as it is (runc leaves the group to devpts's
 * gid= option). What cannot be given away, because the present owner has no mapping in the user
 * namespace or the file system is read-only, stays. Return: 0 or -errno of fchown(2).
 */
int tty_chown(int slave, uint32_t uid, uint32_t gid, struct error *err);

/*
 * The same for standard input, output and error, so that a user other than root can open them again
 * by their names in /dev; devices that are no terminals (/dev/null) and closed ones are left alone.
 * A terminal keeps its group ("tty"). Return: 0 or -errno of fstat(2), fchown(2).
 */
int tty_chown_standard(uint32_t uid, uint32_t gid, struct error *err);

/*
 * Mounts the slave on dev/console below the directory root_fd; a missing file is made (mode 0600),
 * nothing is followed out of the root. Return: 0; -EINVAL where something other than a regular file
 * or a character device stands there; or -errno of openat2(2), open_tree(2), move_mount(2).
 */
int tty_bind_console(int root_fd, int slave, struct error *err);

/*
 * Makes the slave this process's controlling terminal in a new session and its standard input,
 * output and error. The process must not lead a process group, unless it leads a session already.
 * Return: 0 or -errno of setsid(2), ioctl_tty(2), dup2(2).
 */
int tty_attach(int slave, struct error *err);

/*
 * Sends a descriptor over the unix socket at that path, with a name as data: to --console-socket
 * the master and the slave's name, to --pidfd-socket a pidfd. A path of any length will do.
 * Return: 0; -ENOTSOCK where the path is no socket; or -errno of open(2), connect(2), sendmsg(2).
 */
int tty_send(const char *socket_path, int fd, const char *name, struct error *err);

/*
 * Puts the user's terminal into raw mode (output processing stays, so that messages in between look
 * right). *saved is what tty_restore takes. Return: 0, -ENOTTY, or -errno of tcgetattr(3).
 */
int tty_make_raw(int fd, struct termios *saved, struct error *err);

/* Return: 0 or -errno of tcsetattr(3); says nothing. */
int tty_restore(int fd, const struct termios *saved);

/* Copies the window size. Return: 0 or -errno of ioctl(2); says nothing. */
int tty_copy_size(int from, int to);
