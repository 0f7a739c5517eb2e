/* ioprio.c - whose input and output goes first */
#include "runtime/linux/ioprio.h"

#include <errno.h>
#include <linux/ioprio.h>
#include <sys/syscall.h>
#include <unistd.h>

int ioprio_set(pid_t pid, const struct spec_io_priority *priority, struct error *err)
{
	int value = IOPRIO_PRIO_VALUE(priority->class, priority->priority);

	if (syscall(SYS_ioprio_set, IOPRIO_WHO_PROCESS, pid, value) == 0)
		return 0;
	return error_errno(err, errno, "set ioPriority %s %d%s",
			   table_name_of(spec_io_priority_classes, priority->class),
			   priority->priority, errno == EPERM ? " (needs CAP_SYS_NICE)" : "");
}
