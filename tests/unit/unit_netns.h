/* unit_netns.h - network namespaces of a test's own, as "hosts" and containers */
#pragma once
#include <fcntl.h>
#include <sched.h>
#include <stdlib.h>
#include <sys/mount.h>
#include <unistd.h>

#include "runtime/net/rtnl.h"
#include "tests/unit/unit.h"

/* Where a test without the privileges would have to make namespaces, it is skipped. */
static inline void need_root(void)
{
	if (geteuid() != 0) {
		print_message("# SKIP network namespaces need root\n");
		skip();
	}
}

static inline int netns_open(void)
{
	int fd = open("/proc/self/ns/net", O_RDONLY | O_CLOEXEC);

	assert_true(fd >= 0);
	return fd;
}

/* From now on the host is an empty network namespace, which goes with the next one. */
static inline void host_make(struct rtnl *rtnl)
{
	need_root();
	assert_int_equal(unshare(CLONE_NEWNET), 0);
	assert_int_equal(rtnl_open(rtnl, NULL), 0);
}

/* The same with an empty /run, and loopback up. */
static inline void host_make_with_run(struct rtnl *rtnl)
{
	host_make(rtnl);
	assert_int_equal(unshare(CLONE_NEWNS), 0);
	assert_int_equal(mount(NULL, "/", NULL, MS_REC | MS_PRIVATE, NULL), 0);
	assert_int_equal(mount("tmpfs", "/run", "tmpfs", 0, "mode=755"), 0);
	assert_int_equal(system("ip link set lo up"), 0);
}

/* Return: the network namespace of a container. */
static inline int netns_make(void)
{
	auto_close int own = netns_open();
	int made;

	assert_int_equal(unshare(CLONE_NEWNET), 0);
	made = netns_open();
	assert_int_equal(setns(own, CLONE_NEWNET), 0);
	return made;
}

/* A line for the shell, in the host. */
static inline void host(const char *line)
{
	if (system(line) != 0)
		fail_msg("%s", line);
}

/* The same in another network namespace. */
static inline void in_netns(int netns, const char *line)
{
	auto_close int own = netns_open();

	assert_int_equal(setns(netns, CLONE_NEWNET), 0);
	host(line);
	assert_int_equal(setns(own, CLONE_NEWNET), 0);
}

static inline void open_inside(struct rtnl *inside, int netns)
{
	auto_close int own = netns_open();

	assert_int_equal(rtnl_open_in(inside, netns, own, NULL), 0);
}
