/* ns_processes.c - the processes in a pid namespace, and in those below it */
#include "runtime/linux/ns_processes.h"

#include <ctype.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/nsfs.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/directory.h"
#include "base/fd.h"
#include "base/sys.h"

static int open_namespace(pid_t pid)
{
	char path[32];

	snprintf(path, sizeof(path), "/proc/%d/ns/pid", (int)pid);
	return sys_open(path, O_RDONLY | O_CLOEXEC, 0);
}

/* Whether the process is in the namespace or below it; one that may not be looked at is not. */
static bool is_within(pid_t pid, const struct stat *wanted)
{
	int fd = open_namespace(pid);
	bool found = false;
	struct stat st;

	while (fd >= 0 && !found) {
		int parent;

		found = fstat(fd, &st) == 0 && st.st_dev == wanted->st_dev &&
			st.st_ino == wanted->st_ino;
		/* EPERM above our own, ioctl_ns(2). */
		parent = found ? -1 : ioctl(fd, NS_GET_PARENT);
		close(fd);
		fd = parent;
	}
	return found;
}

int ns_processes(pid_t first, pid_t **pids, size_t *len, struct error *err)
{
	auto_close int fd = open_namespace(first);
	auto_directory DIR *proc = NULL;
	auto_buf struct buf found = { 0 };
	const struct dirent *entry;
	struct stat wanted;
	int r;

	if (fd < 0 || fstat(fd, &wanted) < 0)
		return error_errno(err, fd < 0 ? fd : errno, "open the pid namespace of process %d",
				   (int)first);
	r = directory_open(AT_FDCWD, "/proc", &proc);
	if (r < 0)
		return error_errno(err, r, "open /proc");
	while ((entry = directory_next(proc))) {
		pid_t pid = isdigit((unsigned char)*entry->d_name) ?
				    (pid_t)strtol(entry->d_name, NULL, 10) : 0;

		if (pid > 0 && is_within(pid, &wanted))
			buf_add(&found, &pid, sizeof(pid));
	}
	*len = found.len / sizeof(pid_t);
	*pids = (pid_t *)(void *)buf_take(&found);
	return 0;
}
