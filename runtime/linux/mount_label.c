/* mount_label.c - the SELinux label of what is mounted (mountLabel) */
#include "runtime/linux/mount_label.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/xattr.h>

#include "base/fd.h"
#include "base/log.h"
#include "base/strv.h"
#include "base/sys.h"
#include "runtime/linux/lsm.h"

int mount_label_compose(const char *label, const char *type, struct arena *arena,
			const char **option, struct error *err)
{
	static char *const types[] = { "context", "fscontext", "defcontext", "rootcontext", NULL };

	if (type && !strv_contains(types, type))
		return error_set(err, EINVAL, "\"%s\" is no type of context: it must be one of "
					      "context, fscontext, defcontext, rootcontext",
				 type);
	if (!lsm_has_selinux()) {
		log_warning("mountLabel \"%s\" is passed over: SELinux is off", label);
		*option = NULL;
		return 0;
	}
	*option = arena_printf(arena, "%s=%s", type ? type : "context", label);
	return 0;
}

/* The labels of procfs and sysfs come from the policy, those of cgroup2 from who makes a cgroup. */
static bool takes_option(const char *type)
{
	static char *const others[] = { "proc", "sysfs", "mqueue", "cgroup2", NULL };

	return !strv_contains(others, type);
}

char **mount_label_add(const char *type, char **data, const char *option, struct arena *arena)
{
	size_t len = strv_len(data);
	char **more;

	if (!option || !takes_option(type))
		return data;
	more = arena_array(arena, len + 2, sizeof(*more));
	if (len)
		memcpy(more, data, len * sizeof(*more));
	more[len] = (char *)option;
	return more;
}

int mount_label_mark(int mount_fd, const char *type, const char *option, struct error *err)
{
	auto_close int top = -1;
	const char *label;

	if (!option || strcmp(type, "mqueue"))
		return 0;
	label = strchr(option, '=') + 1;
	top = sys_openat(mount_fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (top < 0)
		return error_errno(err, top, "open the root of the mount");
	if (fsetxattr(top, "security.selinux", label, strlen(label), 0) < 0)
		return error_errno(err, errno, "label the mount \"%s\"", label);
	return 0;
}
