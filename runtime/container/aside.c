/* aside.c - a thread that makes the network namespace while the process goes on */
#include "runtime/container/aside.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <signal.h>

#include "base/fd.h"
#include "base/sys.h"
#include "runtime/linux/ns.h"
#include "runtime/net/link.h"

enum { STACK_SIZE = 128 << 10 };

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

static void *run(void *context)
{
	struct aside *aside = context;

	aside->netns = make_network(&aside->err);
	return NULL;
}

/*
 * The scheduler likes to leave a new thread where its maker runs, until that waits for it. Where
 * there is no other processor, nothing is lost.
 */
static void send_to_other_processor(pthread_t thread)
{
	cpu_set_t others;

	if (sched_getaffinity(0, sizeof(others), &others) < 0)
		return;
	CPU_CLR(sched_getcpu(), &others);
	if (CPU_COUNT(&others))
		pthread_setaffinity_np(thread, sizeof(others), &others);
}

/* Handlers of signals are for the thread that was there before. */
static int start_thread(struct aside *aside, const pthread_attr_t *attributes)
{
	sigset_t all, before;
	int num;

	sigfillset(&all);
	pthread_sigmask(SIG_BLOCK, &all, &before);
	num = pthread_create(&aside->thread, attributes, run, aside);
	pthread_sigmask(SIG_SETMASK, &before, NULL);
	return num;
}

void aside_start(struct aside *aside)
{
	pthread_attr_t attributes;

	*aside = (struct aside)ASIDE_NONE;
	if (pthread_attr_init(&attributes) != 0)
		return;
	pthread_attr_setstacksize(&attributes, STACK_SIZE);
	aside->runs = start_thread(aside, &attributes) == 0;
	pthread_attr_destroy(&attributes);
	if (aside->runs)
		send_to_other_processor(aside->thread);
}

int aside_finish(struct aside *aside, struct error *err)
{
	if (!aside->runs)
		return -ENOENT;
	pthread_join(aside->thread, NULL);
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
