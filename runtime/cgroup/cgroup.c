/* cgroup.c - makes the container's cgroup, moves processes into it, removes it */
#include "runtime/cgroup/cgroup.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/deadline.h"
#include "base/directory.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "base/sys.h"
#include "runtime/cgroup/driver.h"

enum {
	CREATE_ATTEMPTS = 100,
	REMOVE_SECONDS = 5,
	DELEGATE_SIZE_MAX = 4096,
};

void cgroup_close(struct cgroup *cgroup)
{
	for (size_t i = 0; i < cgroup->len; i++)
		fd_close(&cgroup->hierarchies[i].fd);
}

/* Makes or finds one directory. made: it was not there. */
static int create_directory(const struct cgroup_hierarchy *hierarchy, const char *path, bool leaf,
			    bool *made, struct error *err)
{
	*made = !mkdir(path, 0755);
	if (!*made && errno != EEXIST)
		return error_errno(err, errno, "make cgroup \"%s\"", path);
	/*
	 * Parents that we made go with the last container in them, and it may not be this one's
	 * delete that removes them: they carry a mark. Without it (no xattrs) they merely stay.
	 */
	if (*made && !leaf)
		setxattr(path, hierarchy->driver->mark, "1", 1, 0);
	return hierarchy->driver->prepare(hierarchy, path, leaf, err);
}

/* Makes what is missing between the mount and the container's directory, and that one. */
static int create_path(struct cgroup_hierarchy *hierarchy, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	char *path = arena_strdup(&arena, hierarchy->path);
	char *end = path + strlen(hierarchy->mount);
	bool leaf = false, made;
	int ret;

	*end = 0;
	ret = hierarchy->driver->prepare(hierarchy, path, false, err);
	while (!leaf && ret >= 0) {
		*end++ = '/';
		end = strchrnul(end, '/');
		leaf = !*end;
		*end = 0;
		ret = create_directory(hierarchy, path, leaf, &made, err);
		hierarchy->made = leaf && made;
	}
	return ret;
}

/* Refuses a directory that was there and is in use. */
static int create_check_unused(const struct cgroup_hierarchy *hierarchy, struct error *err)
{
	int ret = hierarchy->made ? 0 : hierarchy->driver->is_populated(hierarchy->fd);

	if (ret < 0)
		return error_errno(err, ret, "read cgroup \"%s\"", hierarchy->path);
	if (ret)
		return error_set(err, EBUSY, "cgroup \"%s\" exists and has processes",
				 hierarchy->path);
	return 0;
}

/*
 * Between its making and its first process a cgroup looks like one that nobody needs: the lock says
 * otherwise. It goes with the last copy of the descriptor, at the end of create. Whoever had it
 * before may have removed the directory.
 */
static int create_lock(const struct cgroup_hierarchy *hierarchy, struct error *err)
{
	if (flock(hierarchy->fd, LOCK_EX | LOCK_NB) < 0) {
		if (errno != EWOULDBLOCK)
			return error_errno(err, errno, "lock cgroup \"%s\"", hierarchy->path);
		return error_set(err, EBUSY,
				 "cgroup \"%s\" is that of another container, which is being made "
				 "or removed", hierarchy->path);
	}
	return faccessat(hierarchy->fd, "cgroup.procs", F_OK, 0) < 0 ?
		       error_errno(err, errno, "use cgroup \"%s\"", hierarchy->path) : 0;
}

/* locks: it is the first one, which stands for all. */
static int create_once(struct cgroup_hierarchy *hierarchy, bool locks, bool is_kept,
		       struct error *err)
{
	int ret = create_path(hierarchy, err);

	if (ret < 0)
		return ret;
	fd_close(&hierarchy->fd);
	hierarchy->fd = sys_open(hierarchy->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (hierarchy->fd < 0)
		return error_errno(err, hierarchy->fd, "open cgroup \"%s\"", hierarchy->path);
	ret = locks ? create_lock(hierarchy, err) : 0;
	if (ret == -EBUSY)
		hierarchy->made = false;
	return ret < 0 || is_kept ? ret : create_check_unused(hierarchy, err);
}

static int create_hierarchy(struct cgroup_hierarchy *hierarchy, bool locks, bool is_kept,
			    struct error *err)
{
	int ret = -ENOENT;

	/* Another gocker can remove it, or a parent, between two steps: the last container's. */
	for (int i = 0; i < CREATE_ATTEMPTS && (ret == -ENOENT || ret == -ENODEV); i++)
		ret = create_once(hierarchy, locks, is_kept, err);
	return ret;
}

static bool create_is_forbidden(int ret)
{
	return ret == -EACCES || ret == -EPERM || ret == -EROFS;
}

static int create_directories(struct cgroup *cgroup, struct error *err)
{
	for (size_t i = 0; i < cgroup->len;) {
		struct cgroup_hierarchy *hierarchy = &cgroup->hierarchies[i];
		int ret = create_hierarchy(hierarchy, i == 0, cgroup->is_kept, err);

		if (ret < 0 && !(cgroup->implicit && create_is_forbidden(ret) && !hierarchy->made))
			return ret;
		if (ret >= 0) {
			i++;
			continue;
		}
		/* Without privileges a container runs without a cgroup; limits will complain. */
		log_debug("no cgroup in \"%s\": %s", hierarchy->mount, strerror(-ret));
		if (err)
			*err = (struct error){ 0 };
		fd_close(&hierarchy->fd);
		if (!cgroup->denied)
			cgroup->denied = hierarchy->path;
		memmove(hierarchy, hierarchy + 1, (--cgroup->len - i) * sizeof(*hierarchy));
	}
	return 0;
}

/* The container's process would stop on entering it, and nobody would let it go on. */
static int create_check_running(const struct cgroup *cgroup, struct error *err)
{
	bool was_there = false;

	if (!cgroup_is_frozen(cgroup))
		return 0;
	for (size_t i = 0; i < cgroup->len; i++)
		was_there = was_there || !cgroup->hierarchies[i].made;
	return error_set(err, EBUSY, "cgroup \"%s\" %s frozen", cgroup->hierarchies[0].path,
			 was_there ? "exists and it or one above it is" : "is below one that is");
}

/* The same where the limits themselves are what stops it. */
static int create_check_limits(const struct cgroup *cgroup, const struct spec_resources *resources,
			       struct error *err)
{
	if (!resources->unified_len || !cgroup_is_frozen(cgroup))
		return 0;
	return error_set(err, EINVAL, "/linux/resources/unified/cgroup.freeze: the container's "
			 "process could never start");
}

/* Removes the parents that create_directory marked, from the lowest on, while they are empty. */
static void remove_parents(const struct cgroup_hierarchy *hierarchy)
{
	auto_arena struct arena arena = { 0 };
	char *path = arena_strdup(&arena, hierarchy->path);
	const size_t top = strlen(hierarchy->mount);
	char mark;

	for (;;) {
		*strrchr(path, '/') = 0;
		if (strlen(path) <= top)
			return;
		if (getxattr(path, hierarchy->driver->mark, &mark, sizeof(mark)) < 0 &&
		    errno != ENOENT)
			return;
		if (rmdir(path) && errno != ENOENT)
			return;
	}
}

static void create_undo(struct cgroup *cgroup)
{
	for (size_t i = cgroup->len; i-- > 0;) {
		struct cgroup_hierarchy *hierarchy = &cgroup->hierarchies[i];

		if (hierarchy->made && !rmdir(hierarchy->path))
			hierarchy->made = false;
		remove_parents(hierarchy);
	}
	/* From one that was there. */
	if (cgroup_find_claim(cgroup) == CGROUP_CLAIM_OURS)
		cgroup_drop_claim(cgroup);
	cgroup_close(cgroup);
}

/* A limit was asked for, and the hierarchy that it needs may be one that was left out. */
static int create_explain(const struct cgroup *cgroup, int num, struct error *err)
{
	struct error cause;

	if (num != -EOPNOTSUPP || !cgroup->denied || !err)
		return num;
	cause = *err;
	return error_set(err, num,
			 "%s: user %u may not make \"%s\" (limits without root need cgroup v2 "
			 "and a delegated cgroup)", cause.text, geteuid(), cgroup->denied);
}

int cgroup_create(struct cgroup *cgroup, const struct spec_resources *resources, struct error *err)
{
	int ret = create_directories(cgroup, err);

	if (ret >= 0)
		ret = create_check_running(cgroup, err);
	if (ret >= 0)
		cgroup_write_claim(cgroup);
	if (ret >= 0 && resources)
		ret = create_explain(cgroup, cgroup_set_limits(cgroup, resources, NULL, err),
				     err);
	if (ret >= 0 && resources)
		ret = create_check_limits(cgroup, resources, err);
	if (ret >= 0)
		ret = cgroup_set_devices(cgroup, resources ? resources->devices : NULL,
					 resources ? resources->devices_len : 0, err);
	if (ret < 0)
		create_undo(cgroup);
	return ret;
}

int cgroup_clone_fd(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_v2(cgroup);

	return hierarchy ? hierarchy->fd : -1;
}

/* Our own have both lists from the start; those that the container makes below may not. */
static int enter_explain(int num, const struct cgroup_hierarchy *hierarchy, struct error *err)
{
	char name[ERROR_NAME_SIZE];

	if (num != -ENOSPC)
		return error_errno(err, num, "enter cgroup \"%s\"", hierarchy->path);
	return error_set(err, num,
			 "enter cgroup \"%s\": %s: its cpuset.cpus or its cpuset.mems is empty",
			 hierarchy->path, error_name(num, name));
}

int cgroup_enter(const struct cgroup *cgroup, struct error *err)
{
	for (size_t i = 0; i < cgroup->len; i++) {
		const struct cgroup_hierarchy *hierarchy = &cgroup->hierarchies[i];
		int ret;

		if (cgroup_is_v2(hierarchy) || hierarchy->fd < 0)
			continue;
		ret = file_set_at(hierarchy->fd, "tasks", "0");
		if (ret < 0)
			return enter_explain(ret, hierarchy, err);
	}
	return 0;
}

/* Removes a directory's sub-directories, deepest first; the files of a cgroup go with it. */
static int remove_children(int parent, const char *name)
{
	auto_directory DIR *dir = NULL;
	const struct dirent *entry;
	int ret = directory_open(parent, name, &dir);

	if (ret < 0)
		return ret == -ENOENT ? 0 : ret;
	while ((entry = directory_next(dir))) {
		if (entry->d_type != DT_DIR)
			continue;
		ret = remove_children(dirfd(dir), entry->d_name);
		if (unlinkat(dirfd(dir), entry->d_name, AT_REMOVEDIR) && errno != ENOENT)
			ret = -errno;
	}
	return ret;
}

static int remove_hierarchy(const struct cgroup_hierarchy *hierarchy, struct deadline *deadline,
			    struct error *err)
{
	while (rmdir(hierarchy->path) && errno != ENOENT) {
		if (errno != EBUSY)
			return error_errno(err, errno, "remove cgroup \"%s\"", hierarchy->path);
		if (hierarchy->fd >= 0 && remove_children(hierarchy->fd, ".") >= 0 &&
		    !rmdir(hierarchy->path))
			break;
		if (!deadline_wait(deadline))
			return error_errno(err, EBUSY,
					   "remove cgroup \"%s\": processes are left in it",
					   hierarchy->path);
	}
	remove_parents(hierarchy);
	return 0;
}

/* What is left of a create that was killed before it claimed anything. */
static int remove_unclaimed(const struct cgroup *cgroup, struct error *err)
{
	auto_cgroup struct cgroup copy = *cgroup;
	int ret = cgroup_open_paths(&copy, err);

	if (ret < 0 || !cgroup_try_lock(&copy) || cgroup_find_claim(&copy) != CGROUP_CLAIM_NONE)
		return ret;
	for (size_t i = copy.len; i-- > 0;) {
		rmdir(copy.hierarchies[i].path);
		remove_parents(&copy.hierarchies[i]);
	}
	return 0;
}

int cgroup_remove(const struct cgroup *cgroup, struct error *err)
{
	struct deadline deadline = deadline_start(REMOVE_SECONDS);
	int ret = 0;

	if (cgroup->disowned)
		return remove_unclaimed(cgroup, err);
	while (!cgroup_try_lock(cgroup))
		if (!deadline_wait(&deadline))
			return error_set(err, EBUSY, "cgroup \"%s\" is locked by another process",
					 cgroup->hierarchies[0].path);
	/* The first one, with the lock, last: who makes it anew finds nothing that is yet to go. */
	for (size_t i = cgroup->len; i-- > 0;) {
		int one = remove_hierarchy(&cgroup->hierarchies[i], &deadline, ret ? NULL : err);

		ret = ret ? ret : one;
	}
	return ret;
}

/* Not all kernels have all files, and not all cgroups either. */
static int hand_over(const struct cgroup_hierarchy *hierarchy, const char *file, uid_t uid,
		     struct error *err)
{
	if (fchownat(hierarchy->fd, file, uid, (gid_t)-1, AT_EMPTY_PATH) == 0 || errno == ENOENT)
		return 0;
	return error_errno(err, errno, "hand cgroup file \"%s/%s\" over to user %u",
			   hierarchy->path, file, uid);
}

int cgroup_delegate(const struct cgroup *cgroup, uid_t uid, struct error *err)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_v2(cgroup);
	auto_buf struct buf list = { 0 };
	char *rest, *file;
	int r;

	if (!hierarchy)
		return 0;
	if (file_read_at(AT_FDCWD, "/sys/kernel/cgroup/delegate", DELEGATE_SIZE_MAX, &list) < 0)
		buf_puts(&list, "cgroup.procs\ncgroup.subtree_control\ncgroup.threads\n");
	r = hand_over(hierarchy, "", uid, err);
	rest = list.data;
	while (r == 0 && (file = strsep(&rest, "\n")))
		r = hand_over(hierarchy, file, uid, err);
	return r;
}

int cgroup_move_process(const struct cgroup_hierarchy *hierarchy, pid_t pid, struct error *err)
{
	char text[16];
	int ret;

	snprintf(text, sizeof(text), "%d", (int)pid);
	ret = file_set_at(hierarchy->fd, "cgroup.procs", text);
	return ret < 0 ? error_errno(err, ret, "move process %s into cgroup \"%s\"", text,
				     hierarchy->path) : 0;
}

int cgroup_move_below(const struct cgroup *cgroup, const char *name, pid_t pid, uid_t uid,
		      struct error *err)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_v2(cgroup);
	auto_arena struct arena arena = { 0 };
	auto_cgroup struct cgroup child = { 0 };
	char *path, *end;
	int r;

	if (!hierarchy || !cgroup_is_pure_v2(cgroup))
		return error_set(err, EOPNOTSUPP, "delegate-cgroup not supported on cgroup v1");
	path = path_join(&arena, hierarchy->path, name);
	r = file_make_directories(path, 0755);
	if (r < 0)
		return error_errno(err, r, "make cgroup \"%s\"", path);
	r = cgroup_open_child(cgroup, name, &arena, &child, err);
	if (r == 0)
		r = cgroup_move_process(cgroup_find_v2(&child), pid, err);
	/* Now nobody is in those above it, which hand controllers down only then. */
	for (end = path + strlen(hierarchy->path); r == 0 && *end; end = strchrnul(end, '/')) {
		*end = 0;
		r = hierarchy->driver->prepare(cgroup_find_v2(&child), path, false, err);
		*end++ = '/';
	}
	return r < 0 ? r : cgroup_delegate(&child, uid, err);
}
