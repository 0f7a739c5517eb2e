/* self_exe.c - runs gocker from a copy of its program that nobody can write */
#include "runtime/linux/self_exe.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/syscall.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/sys.h"
#include "runtime/linux/exe_file.h"

#ifndef MFD_EXEC
#define MFD_EXEC 0x0010U /* Linux 6.3 */
#endif

#define SELF_EXE "/proc/self/exe"
#define MEMORY_PREFIX "/memfd:"

/* memfd_create(2); longer ones are refused. */
enum { MEMORY_NAME_SIZE = 250 };

enum { ALL_SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_WRITE };

/*
 * There are two sealed places.
 *
 * A mount of just the program's file, read-only and attached nowhere: it costs no copy. When the
 * mount's descriptor is closed, by self_exe_finish or execveat(2), the kernel dissolves the
 * anonymous mount namespace that the mount was in; from then on it belongs to no mount namespace,
 * and nobody can make it writable, clone or move it: mount(2), mount_setattr(2), open_tree(2) and
 * move_mount(2) want a mount of the caller's namespace. Every way of writing through
 * /proc/<pid>/exe leads through this mount and ends with EROFS.
 *
 * Where a mount cannot be made (without CAP_SYS_ADMIN): a copy in memory, with seals,
 * memfd_create(2).
 */

static int sealed_mount = -1;

/* What /proc/self/exe was before: the name of the copy in memory has it (library_static.c). */
static char origin[PATH_MAX];

static bool memory_is_sealed(int fd)
{
	int seals = fcntl(fd, F_GET_SEALS);

	return seals >= 0 && (seals & ALL_SEALS) == ALL_SEALS;
}

/*
 * Asks the kernel, not the environment. A file's name is "/" only where it is the root of a mount
 * that is attached nowhere; any other read-only mount, such as /usr, can be made writable while a
 * container keeps the file open.
 */
static bool is_sealed(void)
{
	ssize_t len = readlink(SELF_EXE, origin, sizeof(origin) - 1);
	struct statfs fs;

	if (len == 1 && origin[0] == '/')
		return !statfs(SELF_EXE, &fs) && fs.f_flags & ST_RDONLY;
	if (!strncmp(origin, MEMORY_PREFIX, strlen(MEMORY_PREFIX))) {
		auto_close int fd = sys_open(SELF_EXE, O_RDONLY | O_CLOEXEC, 0);

		return fd >= 0 && memory_is_sealed(fd);
	}
	return false;
}

/* Return: the mount's descriptor, which is the program's as well, or -errno. */
static int mount_seal(void)
{
	struct mount_attr attr = {
		.attr_set = MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV,
	};
	auto_close int tree = sys_open_tree(AT_FDCWD, SELF_EXE,
					    OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC);
	int r;

	if (tree < 0)
		return tree;
	r = sys_mount_setattr(tree, "", AT_EMPTY_PATH, &attr, sizeof(attr));
	return r < 0 ? r : take_fd(&tree);
}

static int copy(int from, int to)
{
	ssize_t sent;

	do
		sent = sendfile(to, from, NULL, 1 << 30);
	while (sent > 0 || (sent < 0 && errno == EINTR));
	return sent < 0 ? -errno : 0;
}

/* Return: the descriptor of the copy, or -errno. */
static int memory_seal(void)
{
	const char *name = strlen(origin) < MEMORY_NAME_SIZE ? origin : "gocker";
	const unsigned int flags = MFD_CLOEXEC | MFD_ALLOW_SEALING;
	auto_close int program = sys_open(SELF_EXE, O_RDONLY | O_CLOEXEC, 0);
	auto_close int memory = -1;
	int r;

	if (program < 0)
		return program;
	memory = memfd_create(name, flags | MFD_EXEC);
	if (memory < 0 && errno == EINVAL)
		memory = memfd_create(name, flags);
	if (memory < 0)
		return -errno;
	r = copy(program, memory);
	if (r < 0)
		return r;
	if (fcntl(memory, F_ADD_SEALS, ALL_SEALS) < 0)
		return -errno;
	return take_fd(&memory);
}

/* Return: -errno; on success it does not return. */
static int execute(int fd, char *const argv[])
{
	if (fd < 0)
		return fd;
	syscall(SYS_execveat, fd, "", argv, environ, AT_EMPTY_PATH);
	return -errno;
}

/* Goes on from the mount without an execve(2), which would link and start the program again. */
static int continue_from_mount(char *const argv[])
{
	char path[32];
	auto_close int program = -1;

	if (sealed_mount < 0)
		return sealed_mount;
	snprintf(path, sizeof(path), "/proc/self/fd/%d", sealed_mount);
	program = sys_open(path, O_RDONLY | O_CLOEXEC, 0);
	return program < 0 ? program : exe_file_replace(program, argv);
}

int self_exe_seal(char *const argv[], struct error *err)
{
	auto_close int memory = -1;
	int r;

	if (is_sealed()) {
		/* execveat(2) of a descriptor takes its number for the name; ps(1) shows it. */
		prctl(PR_SET_NAME, program_invocation_short_name, 0L, 0L, 0L);
		return 0;
	}
	sealed_mount = mount_seal();
	r = continue_from_mount(argv);
	if (r == 0)
		return 0;
	log_debug("no change of the own program (%s), executing it again", strerror(-r));
	r = execute(sealed_mount, argv);
	log_debug("no sealed mount of the own program (%s), making a copy", strerror(-r));
	memory = memory_seal();
	r = execute(memory, argv);
	return error_errno(err, r, "make a sealed copy of the own program and execute it%s",
			   r == -EACCES ? " (is vm.memfd_noexec set?)" :
			   r == -ENOENT ? " (is /proc mounted?)" :
					  "");
}

void self_exe_finish(void)
{
	fd_close(&sealed_mount);
}
