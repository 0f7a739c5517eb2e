/* tty.c - the container's terminal */
#include "runtime/linux/tty.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mount.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"
#include "base/unix_socket.h"

static int size_set(int master, const struct spec_console_size *size, struct error *err)
{
	struct winsize window = { 0 };

	if (!size || (!size->height && !size->width))
		return 0;
	if (size->height > UINT16_MAX || size->width > UINT16_MAX)
		return error_set(err, EINVAL, "consoleSize is above %d", UINT16_MAX);
	window.ws_row = (unsigned short)size->height;
	window.ws_col = (unsigned short)size->width;
	return ioctl(master, TIOCSWINSZ, &window) < 0 ?
		       error_errno(err, errno, "set the size of the terminal") :
		       0;
}

/* In a devpts nobody can make or rename files, so its ptmx, reached without a mount, is genuine. */
static int master_open(int pts_fd, struct error *err)
{
	const struct open_how how = {
		.flags = O_RDWR | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};
	struct statfs fs;
	int master;

	if (fstatfs(pts_fd, &fs) < 0)
		return error_errno(err, errno, "look at /dev/pts");
	if (fs.f_type != DEVPTS_SUPER_MAGIC)
		return error_set(err, EINVAL, "a terminal needs a devpts mount on /dev/pts");
	master = sys_openat2(pts_fd, "ptmx", &how);
	return master < 0 ? error_errno(err, master, "open /dev/pts/ptmx") : master;
}

int tty_open(int pts_fd, const struct spec_console_size *size, int *master, int *slave,
	     struct error *err)
{
	auto_close int made = master_open(pts_fd, err);
	int unlocked = 0, peer, r;

	if (made < 0)
		return made;
	if (ioctl(made, TIOCSPTLCK, &unlocked) < 0)
		return error_errno(err, errno, "unlock the terminal");
	r = size_set(made, size, err);
	if (r < 0)
		return r;
	peer = ioctl(made, TIOCGPTPEER, O_RDWR | O_NOCTTY | O_CLOEXEC);
	if (peer < 0)
		return error_errno(err, errno, "open the terminal's slave");
	*slave = peer;
	*master = take_fd(&made);
	return 0;
}

int tty_name(int master, char name[TTY_NAME_SIZE], struct error *err)
{
	unsigned int number;

	if (ioctl(master, TIOCGPTN, &number) < 0)
		return error_errno(err, errno, "read the terminal's number");
	snprintf(name, TTY_NAME_SIZE, "/dev/pts/%u", number);
	return 0;
}

/* A user who has no id in the user namespace (EINVAL) is refused by setresuid(2), with a reason. */
static int chown_where_possible(int fd, uint32_t uid, uint32_t gid)
{
	if (!fchown(fd, uid, gid) || errno == EPERM || errno == EROFS || errno == EINVAL)
		return 0;
	return -errno;
}

int tty_chown(int slave, uint32_t uid, uint32_t gid, struct error *err)
{
	int r = chown_where_possible(slave, uid, gid);

	return r < 0 ? error_errno(err, r, "give the terminal to user %u", uid) : 0;
}

/* As runc does it with a terminal and with /dev/null, as crun does it with pipes and files. */
static int chown_one(int fd, uint32_t uid, uint32_t gid)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return errno == EBADF ? 0 : -errno;
	if (S_ISBLK(st.st_mode) || (S_ISCHR(st.st_mode) && !isatty(fd)))
		return 0;
	if (st.st_uid == uid && (S_ISCHR(st.st_mode) || st.st_gid == gid))
		return 0;
	return chown_where_possible(fd, uid, S_ISCHR(st.st_mode) ? (gid_t)-1 : gid);
}

int tty_chown_standard(uint32_t uid, uint32_t gid, struct error *err)
{
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++) {
		int r = chown_one(fd, uid, gid);

		if (r < 0)
			return error_errno(err, r, "give descriptor %d to user %u", fd, uid);
	}
	return 0;
}

/* Return: a descriptor of dev/console (O_PATH), made if it was not there, or -errno. */
static int console_open(int root_fd, struct error *err)
{
	const struct open_how how_dev = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	const struct open_how how_console = {
		.flags = O_PATH | O_NOFOLLOW | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH,
	};
	auto_close int dev = sys_openat2(root_fd, "dev", &how_dev);
	auto_close int console = -1;
	struct stat st;

	if (dev < 0)
		return error_errno(err, dev, "open /dev");
	/* mknod instead of open(O_CREAT): what is there already is not opened, be it a fifo. */
	if (mknodat(dev, "console", S_IFREG | 0600, 0) < 0 && errno != EEXIST && errno != EROFS)
		return error_errno(err, errno, "make /dev/console");
	console = sys_openat2(dev, "console", &how_console);
	if (console < 0)
		return error_errno(err, console, "open /dev/console");
	if (fstat(console, &st) < 0)
		return error_errno(err, errno, "look at /dev/console");
	if (!S_ISREG(st.st_mode) && !S_ISCHR(st.st_mode))
		return error_set(err, EINVAL, "/dev/console is neither a regular file nor a "
					      "character device");
	return take_fd(&console);
}

int tty_bind_console(int root_fd, int slave, struct error *err)
{
	auto_close int console = console_open(root_fd, err);
	auto_close int tree = -1;
	int r;

	if (console < 0)
		return console;
	tree = sys_open_tree(slave, "", OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_EMPTY_PATH);
	if (tree < 0)
		return error_errno(err, tree, "make a mount of the terminal");
	r = sys_move_mount(tree, "", console, "",
			   MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH);
	return r < 0 ? error_errno(err, r, "mount the terminal on /dev/console") : 0;
}

int tty_attach(int slave, struct error *err)
{
	if (setsid() < 0 && getsid(0) != getpid())
		return error_errno(err, errno, "start a session");
	if (ioctl(slave, TIOCSCTTY, 0) < 0)
		return error_errno(err, errno, "take the controlling terminal");
	for (int fd = STDIN_FILENO; fd <= STDERR_FILENO; fd++)
		/* dup2(2) of a descriptor to itself leaves it close-on-exec. */
		if (dup2(slave, fd) < 0 || fd_set_cloexec(fd, false) < 0)
			return error_errno(err, errno, "make the terminal descriptor %d", fd);
	return 0;
}

static int socket_connect(const char *path, struct error *err)
{
	auto_close int sock = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
	int r;

	if (sock < 0)
		return error_errno(err, errno, "make a socket");
	r = unix_socket_connect_path(sock, path);
	if (r == -ENOTSOCK)
		return error_set(err, ENOTSOCK, "\"%s\" is not a socket", path);
	if (r < 0)
		return error_errno(err, r, "connect to socket \"%s\"%s", path,
				   r == -ECONNREFUSED ? " (nobody listens)" : "");
	return take_fd(&sock);
}

int tty_send(const char *socket_path, int fd, const char *name, struct error *err)
{
	auto_close int sock = socket_connect(socket_path, err);
	int r;

	if (sock < 0)
		return sock;
	r = fd_send(sock, name, strlen(name), &fd, 1);
	return r < 0 ? error_errno(err, r, "send to socket \"%s\"", socket_path) : 0;
}

int tty_make_raw(int fd, struct termios *saved, struct error *err)
{
	struct termios raw, old;

	if (tcgetattr(fd, &old) < 0)
		return error_errno(err, errno, "read the terminal's modes");
	raw = old;
	cfmakeraw(&raw);
	raw.c_oflag |= OPOST;
	if (tcsetattr(fd, TCSANOW, &raw) < 0)
		return error_errno(err, errno, "put the terminal into raw mode");
	*saved = old;
	return 0;
}

int tty_restore(int fd, const struct termios *saved)
{
	return tcsetattr(fd, TCSANOW, saved) < 0 ? -errno : 0;
}

int tty_copy_size(int from, int to)
{
	struct winsize window;

	if (ioctl(from, TIOCGWINSZ, &window) < 0 || ioctl(to, TIOCSWINSZ, &window) < 0)
		return -errno;
	return 0;
}
