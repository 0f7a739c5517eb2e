/* proc.c - what procfs says about processes */
#include "base/proc.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"

enum { STAT_SIZE_MAX = 4096, MAP_SIZE_MAX = 1 << 16, FIELD_START_TIME = 22, FIELD_STATE = 3 };

/* The kernel makes the line when it is read first, and gives all of it that there is room for. */
static int read_line(int proc, pid_t pid, char line[STAT_SIZE_MAX])
{
	auto_close int fd = -1;
	char path[64];
	ssize_t got;

	snprintf(path, sizeof(path), proc < 0 ? "/proc/%d/stat" : "%d/stat", pid);
	fd = sys_openat(proc, path, O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return fd;
	do
		got = read(fd, line, STAT_SIZE_MAX - 1);
	while (got < 0 && errno == EINTR);
	line[got < 0 ? 0 : got] = 0;
	return got < 0 ? -errno : 0;
}

static int read_stat(int proc, pid_t pid, struct proc_stat *stat)
{
	char line[STAT_SIZE_MAX];
	struct proc_stat found;
	const char *rest;
	char *end;
	int r = read_line(proc, pid, line);

	if (r < 0)
		return r == -ENOENT ? -ESRCH : r;
	/* The name may contain anything, also ")": what follows the last one are numbers only. */
	rest = strrchr(line, ')');
	if (!rest || rest[1] != ' ' || !rest[2] || rest[3] != ' ')
		return -EINVAL;
	found.state = rest[2];
	found.parent = (pid_t)strtol(rest + 4, NULL, 10);
	for (int field = FIELD_STATE - 1; field < FIELD_START_TIME; field++) {
		rest = strchr(rest + 1, ' ');
		if (!rest)
			return -EINVAL;
	}
	found.start_time = strtoull(rest + 1, &end, 10);
	/* Else it could be the first digits of a line that was cut. */
	if (*end != ' ')
		return -EINVAL;
	*stat = found;
	return 0;
}

int proc_read_stat(pid_t pid, struct proc_stat *stat)
{
	return read_stat(AT_FDCWD, pid, stat);
}

int proc_open(void)
{
	return sys_open("/proc", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
}

int proc_is_alive_at(int proc, pid_t pid, uint64_t start_time)
{
	struct proc_stat stat;
	int r = pid > 0 ? read_stat(proc, pid, &stat) : -ESRCH;

	if (r < 0)
		return r == -ESRCH ? 0 : r;
	return stat.start_time == start_time && stat.state != 'Z' && stat.state != 'X';
}

int proc_is_alive(pid_t pid, uint64_t start_time)
{
	return proc_is_alive_at(AT_FDCWD, pid, start_time);
}

pid_t proc_pid_of_pidfd(int pidfd)
{
	static const char name[] = "\nPid:";
	auto_buf struct buf text = { 0 };
	const char *line;
	char path[64];
	long pid;
	int r;

	snprintf(path, sizeof(path), "/proc/self/fdinfo/%d", pidfd);
	r = file_read_at(AT_FDCWD, path, STAT_SIZE_MAX, &text);
	if (r < 0)
		return r;
	line = text.data ? strstr(text.data, name) : NULL;
	if (!line)
		return -EINVAL;
	pid = strtol(line + strlen(name), NULL, 10);
	return pid > 0 ? (pid_t)pid : -ESRCH;
}

bool proc_is_real_root(void)
{
	auto_buf struct buf map = { 0 };
	unsigned int inside, outside, count;

	if (geteuid() != 0)
		return false;
	/* A kernel without user namespaces has no such file. */
	if (file_read_at(AT_FDCWD, "/proc/self/uid_map", MAP_SIZE_MAX, &map) < 0 || !map.len)
		return true;
	return sscanf(map.data, "%u %u %u", &inside, &outside, &count) == 3 && inside == 0 &&
	       outside == 0 && count == UINT32_MAX;
}
