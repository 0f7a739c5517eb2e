/* uts.c - the names that uname(2) tells */
#include "runtime/linux/uts.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

int uts_set_hostname(const char *name, struct error *err)
{
	if (sethostname(name, strlen(name)) < 0)
		return error_errno(err, errno, "set hostname \"%.80s\"%s", name,
				   errno == EINVAL ? " (64 bytes at most)" : "");
	return 0;
}

int uts_set_domainname(const char *name, struct error *err)
{
	if (setdomainname(name, strlen(name)) < 0)
		return error_errno(err, errno, "set domainname \"%.80s\"%s", name,
				   errno == EINVAL ? " (64 bytes at most)" : "");
	return 0;
}
