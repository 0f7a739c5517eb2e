/* scheduler.c - how the kernel shares the processors' time with the process */
#include "runtime/linux/scheduler.h"

#include <errno.h>
#include <linux/sched.h>
#include <linux/sched/types.h>
#include <sys/syscall.h>
#include <unistd.h>

#define HINT_REAL_TIME                                                                             \
	"it needs CAP_SYS_NICE, and with control groups of version 1 a share of real time in "     \
	"linux.resources.cpu.realtimeRuntime"

/* What the kernel means by an errno that it gives for many reasons. */
static const struct {
	int policy, num;
	const char *hint;
} hints[] = {
	{ SCHED_NORMAL, EPERM, "a smaller nice value needs CAP_SYS_NICE" },
	{ SCHED_BATCH, EPERM, "a smaller nice value needs CAP_SYS_NICE" },
	{ SCHED_FIFO, EPERM, HINT_REAL_TIME },
	{ SCHED_RR, EPERM, HINT_REAL_TIME },
	{ SCHED_FIFO, EINVAL, "priority must be 1 to 99" },
	{ SCHED_RR, EINVAL, "priority must be 1 to 99" },
	{ SCHED_DEADLINE, EPERM, "process scheduler can't be used together with AllowedCPUs: it "
				 "needs all CPUs in linux.resources.cpu.cpus, and CAP_SYS_NICE" },
	{ SCHED_DEADLINE, EINVAL, "is the period within kernel.sched_deadline_period_min_us "
				  "and kernel.sched_deadline_period_max_us of sysctl(8)?" },
	{ SCHED_DEADLINE, EBUSY, "so much time is not left on these CPUs" },
};

static const char *find_hint(int policy, int num)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (hints[i].policy == policy && hints[i].num == num)
			return hints[i].hint;
	return NULL;
}

int scheduler_set(pid_t pid, const struct spec_scheduler *scheduler, struct error *err)
{
	const struct sched_attr attr = {
		.size = sizeof(attr),
		.sched_policy = (uint32_t)scheduler->policy,
		.sched_flags = (uint64_t)table_flags_of(spec_scheduler_flags, scheduler->flags),
		.sched_nice = scheduler->nice ? *scheduler->nice : 0,
		.sched_priority = scheduler->priority ? (uint32_t)*scheduler->priority : 0,
		.sched_runtime = scheduler->runtime ? *scheduler->runtime : 0,
		.sched_deadline = scheduler->deadline ? *scheduler->deadline : 0,
		.sched_period = scheduler->period ? *scheduler->period : 0,
	};
	const char *hint;

	if (syscall(SYS_sched_setattr, pid, &attr, 0U) == 0)
		return 0;
	hint = find_hint(scheduler->policy, errno);
	return error_errno(err, errno, "set scheduler %s%s%s%s",
			   table_name_of(spec_scheduler_policies, scheduler->policy),
			   hint ? " (" : "", hint ? hint : "", hint ? ")" : "");
}
