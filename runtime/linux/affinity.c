/* affinity.c - which CPUs the process may run on */
#include "runtime/linux/affinity.h"

#include <errno.h>
#include <sched.h>
#include <string.h>

#include "base/bitlist.h"
#include "base/log.h"

enum { RESET_BYTES = 1024 }; /* for 8192 CPUs, the most that a kernel can be built for */

int affinity_set(const char *cpus, const char *name, struct error *err)
{
	struct bitlist list;
	int r = bitlist_parse(cpus, &list, err);

	if (r < 0)
		return error_context(err, "%s", name);
	if (sched_setaffinity(0, sizeof(list.words), (const cpu_set_t *)list.words) == 0)
		return 0;
	return error_errno(err, errno, "set %s to \"%s\"%s", name, cpus,
			   errno == EINVAL ? " (the control group has none of these CPUs)" : "");
}

void affinity_reset(void)
{
	unsigned long all[RESET_BYTES / sizeof(unsigned long)];

	memset(all, 0xff, sizeof(all));
	if (sched_setaffinity(0, sizeof(all), (const cpu_set_t *)all) < 0)
		log_warning("the process stays on the CPUs that gocker is bound to: %s",
			    strerror(errno));
}
