/* lsm.c - what AppArmor and SELinux call the process, and so allow it */
#include "runtime/linux/lsm.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdbool.h>
#include <string.h>
#include <sys/vfs.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "runtime/linux/procfs.h"

enum { CONTEXT_MAX = 4096 }; /* bytes of what attr/ has to say */

static bool has_apparmor(void)
{
	auto_buf struct buf text = { 0 };
	int r = file_read_at(AT_FDCWD, "/sys/module/apparmor/parameters/enabled", CONTEXT_MAX,
			     &text);

	return r == 0 && text.len && text.data[0] == 'Y';
}

/* Before a policy is loaded, everything is called "kernel", whatever it asks for. */
bool lsm_has_selinux(void)
{
	auto_buf struct buf text = { 0 };
	struct statfs fs;

	return statfs("/sys/fs/selinux", &fs) == 0 && fs.f_type == SELINUX_MAGIC &&
	       file_read_at(AT_FDCWD, "/proc/self/attr/current", CONTEXT_MAX, &text) == 0 &&
	       text.len && strcmp(text.data, "kernel");
}

int lsm_check(const struct spec_process *process, struct error *err)
{
	if (process->apparmorProfile && !has_apparmor())
		return error_set(err, ENOTSUP,
				 "apparmor: config provided but apparmor not supported: the kernel "
				 "cannot give \"%s\" as process.apparmorProfile",
				 process->apparmorProfile);
	if (process->selinuxLabel && !lsm_has_selinux())
		return error_set(err, ENOTSUP,
				 "selinux label is specified in config, but selinux is disabled or "
				 "not supported: without /sys/fs/selinux and a policy nothing can "
				 "give \"%s\" as process.selinuxLabel",
				 process->selinuxLabel);
	return 0;
}

/* "unconfined", or the name of a profile and its mode in parentheses. */
static bool is_confined(int proc)
{
	auto_close int fd = procfs_open_own(proc, "attr/apparmor/current", O_RDONLY);
	auto_buf struct buf text = { 0 };

	return fd < 0 || file_read_fd(fd, CONTEXT_MAX, &text) < 0 || !text.len ||
	       (strcmp(text.data, "unconfined\n") && strcmp(text.data, "unconfined"));
}

/*
 * A confined process that may get no new privileges may not leave its profile for another, but may
 * have the other on top of it.
 */
static int set_profile(int proc, const struct spec_process *process, struct error *err)
{
	bool stack = process->noNewPrivileges && is_confined(proc);
	auto_buf struct buf command = { 0 };
	int r;

	buf_printf(&command, "%s %s", stack ? "stack" : "exec", process->apparmorProfile);
	r = procfs_set_own(proc, "attr/apparmor/exec", command.data);
	return r < 0 ? error_errno(err, r, "apparmor failed to apply profile \"%s\"%s",
				   process->apparmorProfile,
				   r == -ENOENT ? " (apparmor_parser(8) loads profiles)" : "") :
		       0;
}

static int set_label(int proc, const char *label, struct error *err)
{
	int r = procfs_set_own(proc, "attr/keycreate", label);

	if (r == 0)
		r = procfs_set_own(proc, "attr/exec", label);
	return r < 0 ? error_errno(err, r, "set selinuxLabel \"%s\"%s", label,
				   r == -EINVAL ? " (the policy does not have it)" : "") :
		       0;
}

int lsm_set(const struct spec_process *process, struct error *err)
{
	auto_close int proc = -1;
	int r = 0;

	if (!process->selinuxLabel && !process->apparmorProfile)
		return 0;
	proc = procfs_open_private(err);
	if (proc < 0)
		return proc;
	if (process->selinuxLabel)
		r = set_label(proc, process->selinuxLabel, err);
	if (r == 0 && process->apparmorProfile)
		r = set_profile(proc, process, err);
	return r;
}
