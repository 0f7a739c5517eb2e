/* privileges.c - no new privileges by execve */
#include "runtime/linux/privileges.h"

#include <errno.h>
#include <sys/prctl.h>

int privileges_forbid_new(struct error *err)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L) < 0)
		return error_errno(err, errno, "set no_new_privs");
	return 0;
}
