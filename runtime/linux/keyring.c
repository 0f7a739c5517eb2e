/* keyring.c - session keyrings */
#include "runtime/linux/keyring.h"

#include <errno.h>
#include <linux/keyctl.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/log.h"

/* keyctl_setperm(3); linux/key.h has no part for programs. */
enum {
	POSSESSOR_ALL = 0x3f000000,
	USER_VIEW = 0x00010000,
	USER_READ = 0x00020000,
	USER_SEARCH = 0x00080000,
	USER_LINK = 0x00100000,
};

int keyring_join(const char *name, struct error *err)
{
	if (syscall(SYS_keyctl, (long)KEYCTL_JOIN_SESSION_KEYRING, name) < 0) {
		if (errno == ENOSYS) {
			log_warning("no session keyring: the kernel does not have keyrings");
			return 0;
		}
		return error_errno(err, errno, "join session keyring \"%s\"%s", name,
				   errno == EDQUOT ? " (see kernel.keys.root_maxkeys)" : "");
	}
	/*
	 * What a new keyring has, and search: without it nobody can join it by name, as exec does.
	 * EACCES is met only at a keyring that was there, and as this process was let in, it has
	 * search.
	 */
	if (syscall(SYS_keyctl, (long)KEYCTL_SETPERM, (long)KEY_SPEC_SESSION_KEYRING,
		    (long)(POSSESSOR_ALL | USER_VIEW | USER_READ | USER_SEARCH | USER_LINK)) < 0 &&
	    errno != EACCES)
		return error_errno(err, errno, "set permissions of session keyring \"%s\"", name);
	return 0;
}
