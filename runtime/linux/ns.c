/* ns.c - namespaces: opened by their paths, joined, made where clone3(2) does not make them */
#include "runtime/linux/ns.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <linux/magic.h>
#include <linux/nsfs.h>
#include <sched.h>
#include <stdio.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/sys.h"
#include "runtime/linux/procfs.h"
#include "runtime/linux/userns_hint.h"

/* The names below /proc/<pid>/ns, namespaces(7); those of config.json differ. */
static const struct name_value files[] = {
	{ "cgroup", CLONE_NEWCGROUP },
	{ "ipc", CLONE_NEWIPC },
	{ "mnt", CLONE_NEWNS },
	{ "net", CLONE_NEWNET },
	{ "pid", CLONE_NEWPID },
	{ "time", CLONE_NEWTIME },
	{ "user", CLONE_NEWUSER },
	{ "uts", CLONE_NEWUTS },
	{ NULL, 0 },
};

static const char *type_name(int type)
{
	const char *name = table_name_of(spec_namespace_types, type);

	return name ? name : "unknown";
}

/* A look at the file system first: to another kind of file the ioctl could mean anything. */
static int check_type(int fd, const char *path, int type, struct error *err)
{
	struct statfs fs;
	int found;

	if (fstatfs(fd, &fs) < 0)
		return error_errno(err, errno, "look at \"%s\"", path);
	found = fs.f_type == NSFS_MAGIC ? ioctl(fd, NS_GET_NSTYPE) : -1;
	if (found < 0)
		return error_set(err, EINVAL, "\"%s\" is not a namespace", path);
	if (found != type)
		return error_set(err, EINVAL, "\"%s\" is a %s namespace, not a %s namespace", path,
				 type_name(found), type_name(type));
	return 0;
}

int ns_open(const char *path, int type, struct error *err)
{
	/* O_NONBLOCK: where it is a fifo by mistake, nobody waits for its other end. */
	auto_close int fd = sys_open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC, 0);
	int r;

	if (fd < 0)
		return error_errno(err, fd, "open the %s namespace \"%s\"", type_name(type), path);
	r = check_type(fd, path, type, err);
	return r < 0 ? r : take_fd(&fd);
}

static bool is_same(const struct stat *one, const struct stat *other)
{
	return one->st_ino == other->st_ino && one->st_dev == other->st_dev;
}

/* process: "self" or a number. */
static int stat_of(const char *process, int type, struct stat *st)
{
	char path[64];

	snprintf(path, sizeof(path), "/proc/%s/ns/%s", process, table_name_of(files, type));
	return stat(path, st) < 0 ? -errno : 0;
}

int ns_is_own(int fd, int type)
{
	struct stat own, other;
	int r = stat_of("self", type, &own);

	if (r == 0 && fstat(fd, &other) < 0)
		r = -errno;
	return r < 0 ? r : is_same(&own, &other);
}

bool ns_is_of_first(int fd, int type)
{
	struct stat first, other;

	return stat_of("1", type, &first) == 0 && fstat(fd, &other) == 0 && is_same(&first, &other);
}

int ns_is_shared(pid_t pid, int type)
{
	struct stat own, other;
	char process[16];
	int r = stat_of("self", type, &own);

	snprintf(process, sizeof(process), "%d", (int)pid);
	if (r == 0)
		r = stat_of(process, type, &other);
	return r < 0 ? r : is_same(&own, &other);
}

static int explain_join(const struct ns *ns, int num, struct error *err)
{
	const char *hint = "";
	char name[ERROR_NAME_SIZE];

	if (num == -EPERM)
		hint = " (it needs CAP_SYS_ADMIN in the user namespace that owns it; is that one "
		       "to be joined, too?)";
	if (num == -EINVAL && ns->type == CLONE_NEWPID)
		hint = " (a pid namespace must be that of the caller or below it)";
	return error_set(err, num, "join the %s namespace \"%s\": %s%s", type_name(ns->type),
			 ns->path ? ns->path : "its own", error_name(num, name), hint);
}

/* Joins those of the types. passes_over: what is not permitted is left for later. */
static int join_some(struct ns *list, size_t len, int types, bool passes_over, struct error *err)
{
	for (size_t i = 0; i < len; i++) {
		struct ns *ns = &list[i];
		int r;

		if (ns->fd < 0 || !(ns->type & types))
			continue;
		r = sys_setns(ns->fd, ns->type);
		if (r == -EPERM && passes_over)
			continue;
		if (r < 0)
			return explain_join(ns, r, err);
		fd_close(&ns->fd);
	}
	return 0;
}

int ns_join(struct ns *list, size_t len, struct error *err)
{
	bool has_user = false;
	int r;

	for (size_t i = 0; i < len; i++)
		has_user = has_user || list[i].type == CLONE_NEWUSER;
	r = join_some(list, len, ~CLONE_NEWUSER, has_user, err);
	if (r == 0 && has_user)
		r = join_some(list, len, CLONE_NEWUSER, false, err);
	return r < 0 || !has_user ? r : join_some(list, len, ~CLONE_NEWUSER, false, err);
}

/* What most often stands in the way of a user namespace is a setting. */
int ns_become_root(struct error *err)
{
	if (setresgid(0, 0, 0) < 0)
		return error_errno(err, errno, "become group 0: is it in /linux/gidMappings?");
	if (setresuid(0, 0, 0) < 0)
		return error_errno(err, errno, "become user 0: is it in /linux/uidMappings?");
	return 0;
}

int ns_explain_making(uint64_t types, int num, struct error *err)
{
	char name[ERROR_NAME_SIZE];
	const char *hint;

	if (!types || (num != -EPERM && num != -ENOSPC && num != -EUSERS))
		return num;
	if (types & CLONE_NEWUSER)
		hint = userns_hint();
	else if (num == -EPERM)
		hint = "it needs CAP_SYS_ADMIN, or a user namespace for the container";
	else
		hint = "see user.max_*_namespaces in sysctl(8)";
	return error_set(err, num, "make the namespaces: %s: %s", error_name(num, name), hint);
}

static void add_offset(struct buf *text, const char *clock, const struct spec_time_offset *offset)
{
	if (offset)
		buf_printf(text, "%s %" PRId64 " %" PRIu32 "\n", clock, offset->secs,
			   offset->nanosecs);
}

static int set_offsets(int proc, const struct spec_time_offsets *offsets, struct error *err)
{
	auto_buf struct buf text = { 0 };
	int r;

	add_offset(&text, "monotonic", offsets->monotonic);
	add_offset(&text, "boottime", offsets->boottime);
	if (!text.len)
		return 0;
	r = procfs_set_own(proc, "../../timens_offsets", text.data);
	if (r == -ERANGE)
		return error_errno(err, r, "a clock would be negative or too large");
	return r < 0 ? error_errno(err, r, "set the offsets") : 0;
}

/*
 * The offsets can be set as long as nobody is in the namespace: a child of clone3(2) is in it from
 * birth. unshare(2) makes it for children to come, setns(2) enters it then: time_namespaces(7).
 */
int ns_make_time(const struct spec_time_offsets *offsets, struct error *err)
{
	auto_close int proc = procfs_open_private(err), fd = -1;
	int r = proc < 0 ? proc : sys_unshare(CLONE_NEWTIME);

	if (proc < 0)
		return proc;
	if (r < 0)
		return error_errno(err, r, "unshare");
	r = offsets ? set_offsets(proc, offsets, err) : 0;
	if (r < 0)
		return r;
	fd = sys_openat(proc, "thread-self/ns/time_for_children", O_RDONLY | O_CLOEXEC, 0);
	if (fd < 0)
		return error_errno(err, fd, "open /proc/thread-self/ns/time_for_children");
	r = sys_setns(fd, CLONE_NEWTIME);
	return r < 0 ? error_errno(err, r, "enter it") : 0;
}
