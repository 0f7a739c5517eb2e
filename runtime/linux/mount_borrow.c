/* mount_borrow.c - the host's /proc or /sys where a user namespace may not make its own */
#include "runtime/linux/mount_borrow.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/linux/mount.h"

/* It has this process under the number that the process knows, or it is of another namespace. */
static bool is_own_proc(int mount_fd)
{
	char target[32];
	ssize_t len = readlinkat(mount_fd, "self", target, sizeof(target) - 1);

	if (len < 0)
		return false;
	target[len] = 0;
	return atoi(target) == getpid();
}

static bool is_readonly(const struct mount_options *options)
{
	return (options->set | options->recursive_set) & MOUNT_ATTR_RDONLY;
}

int mount_borrow(const char *type, const struct mount_options *options, struct error *err)
{
	bool is_proc = !strcmp(type, "proc");
	auto_close int source = -1;
	struct mount_options bind = {
		.bind = true,
		.recursive = true,
		.recursive_set = options->set | options->recursive_set,
		.cut = MS_PRIVATE,
	};

	if (!is_proc && (strcmp(type, "sysfs") || !is_readonly(options)))
		return -ENOENT;
	source = mount_open_source(is_proc ? "/proc" : "/sys", AT_RECURSIVE, err);
	if (source < 0)
		return source;
	if (is_proc && !is_own_proc(source))
		return -ENOENT;
	return mount_make(&(struct spec_mount){ 0 }, &bind, source, err);
}
