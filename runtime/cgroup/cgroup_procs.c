/* cgroup_procs.c - the processes in the container's cgroup: listed, signalled, killed */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/deadline.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/log.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/freezer.h"
#include "runtime/cgroup/procs.h"

enum {
	PROCS_MAX = 1 << 26, /* bytes: more than pid_max ids */
	KILL_SECONDS = 10,
	KILL_PATIENCE = 10, /* times that we look */
};

struct pid_list {
	struct buf ids; /* of pid_t */
	size_t outside; /* processes that have no id in our pid namespace */
};

/* Return: whether a failure means that the directory vanished or has no list (threaded cgroups). */
static bool procs_is_harmless(int ret)
{
	return ret == -ENOENT || ret == -ENODEV || ret == -EOPNOTSUPP;
}

static int procs_add_directory(int fd, struct pid_list *list)
{
	auto_buf struct buf text = { 0 };
	char *rest = NULL;
	int ret = file_read_at(fd, "cgroup.procs", PROCS_MAX, &text);

	if (ret < 0 || !text.len)
		return ret < 0 && !procs_is_harmless(ret) ? ret : 0;
	for (char *id = strtok_r(text.data, "\n", &rest); id; id = strtok_r(NULL, "\n", &rest)) {
		pid_t pid = (pid_t)strtol(id, NULL, 10);

		if (pid > 0)
			buf_add(&list->ids, &pid, sizeof(pid));
		else
			list->outside++;
	}
	return 0;
}

static int procs_add_tree(int parent, const char *name, struct pid_list *list)
{
	auto_directory DIR *dir = NULL;
	const struct dirent *entry;
	int ret = directory_open(parent, name, &dir);

	if (ret < 0)
		return procs_is_harmless(ret) ? 0 : ret;
	ret = procs_add_directory(dirfd(dir), list);
	while (ret >= 0 && (entry = directory_next(dir)))
		if (entry->d_type == DT_DIR)
			ret = procs_add_tree(dirfd(dir), entry->d_name, list);
	return ret;
}

int procs_is_populated(int fd)
{
	struct pid_list list = { 0 };
	int ret = procs_add_tree(fd, ".", &list);
	bool populated = list.ids.len || list.outside;

	buf_free(&list.ids);
	return ret < 0 ? ret : populated;
}

/* Return: the hierarchy that is asked for the processes: they are in all. NULL: all are gone. */
static const struct cgroup_hierarchy *procs_hierarchy(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *found = cgroup_find_v2(cgroup);

	/* That of v1's freezer comes last: who stops a process may move it there. */
	for (size_t i = 0; !found && i < cgroup->len; i++) {
		const struct cgroup_hierarchy *hierarchy = &cgroup->hierarchies[i];

		if (hierarchy->fd >= 0 && !cgroup_has_controller(hierarchy->controllers, "freezer"))
			found = hierarchy;
	}
	return found ? found : cgroup_find_controller(cgroup, "freezer");
}

int cgroup_pids(const struct cgroup *cgroup, bool recursive, pid_t **pids, size_t *len,
		struct error *err)
{
	const struct cgroup_hierarchy *hierarchy = procs_hierarchy(cgroup);
	struct pid_list list = { 0 };
	int ret = 0;

	if (hierarchy)
		ret = recursive ? procs_add_tree(hierarchy->fd, ".", &list) :
				  procs_add_directory(hierarchy->fd, &list);
	if (ret < 0) {
		buf_free(&list.ids);
		return error_errno(err, ret, "read the processes of cgroup \"%s\"",
				   hierarchy->path);
	}
	*len = list.ids.len / sizeof(pid_t);
	*pids = *len ? (pid_t *)(void *)buf_take(&list.ids) : NULL;
	return 0;
}

static int procs_signal(const struct cgroup *cgroup, int signal, struct error *err)
{
	pid_t *pids;
	size_t len;
	int ret = cgroup_pids(cgroup, true, &pids, &len, err);

	for (size_t i = 0; i < len && ret >= 0; i++) {
		if (kill(pids[i], signal) && errno != ESRCH)
			ret = error_errno(err, errno, "send signal %d to process %d", signal,
					  (int)pids[i]);
	}
	if (ret >= 0)
		free(pids);
	return ret;
}

/* Return: whether none is left, or -errno. */
static int procs_kill_once(const struct cgroup *cgroup, const struct cgroup_hierarchy *hierarchy,
			   bool at_once, struct error *err)
{
	int ret = 0;

	/* One that forks faster than we read the list is caught while it is frozen. */
	if (!at_once) {
		freezer_hold_v1(cgroup);
		ret = procs_signal(cgroup, SIGKILL, err);
	}
	freezer_release_v1(cgroup);
	if (ret < 0)
		return ret;
	ret = hierarchy->driver->is_populated(hierarchy->fd);
	if (!ret || procs_is_harmless(ret))
		return 1;
	if (ret < 0)
		return error_errno(err, ret, "read cgroup \"%s\"", hierarchy->path);
	return freezer_check_above_v1(cgroup, err);
}

static void procs_take_back(const struct cgroup *cgroup)
{
	pid_t *pids;
	size_t len;

	if (cgroup_pids(cgroup, true, &pids, &len, NULL) < 0)
		return;
	for (size_t i = 0; i < len; i++)
		freezer_take_back_v1(cgroup, pids[i]);
	free(pids);
}

static int procs_kill_all(const struct cgroup *cgroup, struct error *err)
{
	const struct cgroup_hierarchy *hierarchy = procs_hierarchy(cgroup);
	struct deadline deadline = deadline_start(KILL_SECONDS);
	bool is_v2 = hierarchy && cgroup_is_v2(hierarchy), at_once;
	int ret = 0;

	/* Its only process has ended, mostly; nobody forks there then. */
	if (is_v2 && hierarchy->driver->is_populated(hierarchy->fd) == 0)
		return 0;
	at_once = is_v2 && file_set_at(hierarchy->fd, "cgroup.kill", "1") >= 0;
	for (int times = 1; hierarchy && ret == 0; times++) {
		ret = procs_kill_once(cgroup, hierarchy, at_once, err);
		if (ret == 0 && times % KILL_PATIENCE == 0)
			procs_take_back(cgroup);
		if (ret == 0 && !deadline_wait(&deadline))
			return error_set(err, ETIMEDOUT, "processes in cgroup \"%s\" do not die",
					 hierarchy->path);
	}
	return ret < 0 ? ret : 0;
}

int cgroup_kill(const struct cgroup *cgroup, int signal, struct error *err)
{
	bool was_frozen;
	int ret;

	if (signal == SIGKILL)
		return procs_kill_all(cgroup, err);
	/* While all stand still nobody forks unseen, and no id goes to another process. */
	was_frozen = cgroup_is_frozen(cgroup);
	if (!was_frozen && cgroup_freeze(cgroup, NULL) < 0)
		log_debug("signal %d is sent without freezing the cgroup", signal);
	ret = procs_signal(cgroup, signal, err);
	if (!was_frozen)
		cgroup_thaw(cgroup, NULL);
	return ret;
}
