/* aside.c - a thread that makes the network namespace while the process goes on */
#include "runtime/container/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>

#include "base/fd.h"
#include "base/sys.h"
#include "base/thread.h"
#include "runtime/linux/ns.h"
#include "runtime/net/link.h"

static int make_network(struct error *err)
{
	int r = sys_unshare(CLONE_NEWNET);

	if (r < 0) {
		error_errno(err, r, "unshare");
		return ns_explain_making(CLONE_NEWNET, r, err);
	}
	r = link_set_loopback_up(err);
	if (r < 0)
		return error_context(err, "bring up the loopback interface");
	r = sys_open("/proc/thread-self/ns/net", O_RDONLY | O_CLOEXEC, 0);
	return r < 0 ? error_errno(err, r, "open the network namespace") : r;
}

static void run(void *context)
{
	struct aside *aside = context;

	aside->netns = make_network(&aside->err);
}

void aside_start(struct aside *aside)
{
	*aside = (struct aside)ASIDE_NONE;
	aside->runs = thread_start(&aside->thread, run, aside) == 0;
}

int aside_finish(struct aside *aside, struct error *err)
{
	if (!aside->runs)
		return -ENOENT;
	thread_join(&aside->thread);
	aside->runs = false;
	return aside->netns < 0 ? error_set(err, aside->netns, "%s", aside->err.text) :
				  take_fd(&aside->netns);
}

void aside_abandon(struct aside *aside)
{
	int netns = aside_finish(aside, NULL);

	if (netns >= 0)
		fd_close(&netns);
}
