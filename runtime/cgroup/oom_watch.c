/* oom_watch.c - tells when the kernel kills for want of memory */
#include "runtime/cgroup/oom_watch.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/stats_file.h"

enum { EVENTS_MAX = 4096 };

static const char oom_control[] = "memory.oom_control";

/* Reading it also arms poll(2) for the next change. Return: the counter, or 0. */
static uint64_t count_kills(int fd)
{
	auto_buf struct buf text = { 0 };
	uint64_t kills;

	if (lseek(fd, 0, SEEK_SET) < 0 || file_read_fd(fd, EVENTS_MAX, &text) < 0 || !text.len)
		return 0;
	return stats_file_number(text.data, "oom_kill", &kills) ? kills : 0;
}

static int open_v2(int cgroup_fd, struct oom_watch *watch, struct error *err)
{
	int fd = sys_openat(cgroup_fd, "memory.events", O_RDONLY | O_CLOEXEC, 0);

	if (fd == -ENOENT)
		return 0;
	if (fd < 0)
		return error_errno(err, fd, "open memory.events of the cgroup");
	*watch = (struct oom_watch){ .fd = fd, .events = POLLPRI, .cgroup_fd = -1 };
	watch->kills = count_kills(fd);
	return 0;
}

static int open_v1(int cgroup_fd, struct oom_watch *watch, struct error *err)
{
	auto_close int event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
	auto_close int control = sys_openat(cgroup_fd, oom_control, O_RDONLY | O_CLOEXEC, 0);
	char text[32];
	int r;

	if (event < 0)
		return error_errno(err, errno, "make an eventfd");
	if (control < 0)
		return error_errno(err, control, "open %s of the cgroup", oom_control);
	snprintf(text, sizeof(text), "%d %d", event, control);
	r = file_set_at(cgroup_fd, "cgroup.event_control", text);
	if (r < 0)
		return error_errno(err, r, "write cgroup.event_control of the cgroup");
	*watch = (struct oom_watch){
		.fd = take_fd(&event),
		.events = POLLIN,
		.cgroup_fd = cgroup_fd,
	};
	return 0;
}

int oom_watch_open(const struct cgroup *cgroup, struct oom_watch *watch, struct error *err)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "memory");

	if (!hierarchy || hierarchy->fd < 0)
		return 0;
	return cgroup_is_v2(hierarchy) ? open_v2(hierarchy->fd, watch, err) :
					 open_v1(hierarchy->fd, watch, err);
}

bool oom_watch_read(struct oom_watch *watch)
{
	uint64_t count;

	if (watch->fd < 0)
		return false;
	/* The removal of the cgroup is told in the same way. */
	if (watch->cgroup_fd >= 0)
		return read(watch->fd, &count, sizeof(count)) == sizeof(count) &&
		       faccessat(watch->cgroup_fd, oom_control, F_OK, 0) == 0;
	count = count_kills(watch->fd);
	if (count <= watch->kills)
		return false;
	watch->kills = count;
	return true;
}

void oom_watch_close(struct oom_watch *watch)
{
	fd_close(&watch->fd);
}
