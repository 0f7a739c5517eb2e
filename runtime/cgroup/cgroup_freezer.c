/* cgroup_freezer.c - stops the processes of the container's cgroup, and lets them go on */
#include <errno.h>
#include <string.h>

#include "base/buf.h"
#include "base/deadline.h"
#include "base/directory.h"
#include "base/file.h"
#include "base/path.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/freezer.h"

enum { FREEZER_FILE_MAX = 1 << 12, FREEZE_SECONDS = 5 };

/* How each kind is told, and what it says: of itself, and of those above it. */
static const struct freezer {
	const char *file, *freeze, *thaw;
	const char *state_file, *frozen, *thawed;
	const char *above_file, *above_frozen;
} freezers[] = {
	[false] = { "freezer.state", "FROZEN", "THAWED", "freezer.state", "FROZEN", "THAWED",
		    "freezer.parent_freezing", "1" },
	[true] = { "cgroup.freeze", "1", "0", "cgroup.events", "frozen 1", "frozen 0",
		   "../cgroup.events", "frozen 1" },
};

/* Return: whether the file's content has the text; false where it cannot be read. */
static bool freezer_file_has(const struct cgroup_hierarchy *hierarchy, const char *file,
			     const char *text)
{
	auto_buf struct buf content = { 0 };

	return file_read_at(hierarchy->fd, file, FREEZER_FILE_MAX, &content) >= 0 && content.data &&
	       strstr(content.data, text);
}

static const struct freezer *freezer_of(const struct cgroup_hierarchy *hierarchy)
{
	return &freezers[cgroup_is_v2(hierarchy)];
}

/* Return: the v1 hierarchy with the freezer, or NULL. */
static const struct cgroup_hierarchy *freezer_find_v1(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "freezer");

	return hierarchy && !cgroup_is_v2(hierarchy) ? hierarchy : NULL;
}

static int freezer_write(const struct cgroup_hierarchy *hierarchy, const char *text,
			 struct error *err)
{
	const char *file = freezer_of(hierarchy)->file;
	int ret = file_set_at(hierarchy->fd, file, text);

	return ret < 0 ? error_errno(err, ret, "write \"%s\" to \"%s/%s\"", text, hierarchy->path,
				     file) : 0;
}

int cgroup_freeze(const struct cgroup *cgroup, struct error *err)
{
	const struct cgroup_hierarchy *v2 = cgroup_find_v2(cgroup);
	const struct cgroup_hierarchy *hierarchy = v2 ? v2 : freezer_find_v1(cgroup);
	struct deadline deadline = deadline_start(FREEZE_SECONDS);
	const struct freezer *freezer;

	if (!hierarchy)
		return error_set(err, EOPNOTSUPP, "this host has no cgroup freezer");
	freezer = freezer_of(hierarchy);
	do {
		/* Said again each time: v1 overlooks processes that are forked meanwhile. */
		int ret = freezer_write(hierarchy, freezer->freeze, err);

		if (ret < 0)
			return ret;
		if (freezer_file_has(hierarchy, freezer->state_file, freezer->frozen))
			return 0;
	} while (deadline_wait(&deadline));
	freezer_write(hierarchy, freezer->thaw, NULL);
	return error_set(err, ETIMEDOUT,
			 "processes in cgroup \"%s\" cannot be frozen (one may wait for a device "
			 "or a file system)", hierarchy->path);
}

static int freezer_thaw(const struct cgroup_hierarchy *hierarchy, struct error *err)
{
	const struct freezer *freezer = freezer_of(hierarchy);
	struct deadline deadline = deadline_start(FREEZE_SECONDS);
	int ret = freezer_write(hierarchy, freezer->thaw, err);

	while (ret == 0 && !freezer_file_has(hierarchy, freezer->state_file, freezer->thawed)) {
		if (freezer_file_has(hierarchy, freezer->above_file, freezer->above_frozen))
			return error_set(err, EBUSY, "cgroup \"%s\" stays frozen, as one above it "
					 "is", hierarchy->path);
		if (!deadline_wait(&deadline))
			return error_set(err, ETIMEDOUT, "processes in cgroup \"%s\" cannot be "
					 "thawed", hierarchy->path);
	}
	return ret;
}

int cgroup_thaw(const struct cgroup *cgroup, struct error *err)
{
	const struct cgroup_hierarchy *v2 = cgroup_find_v2(cgroup), *v1 = freezer_find_v1(cgroup);
	int ret = v2 ? freezer_thaw(v2, err) : 0;

	if (!v2 && !v1)
		return error_set(err, EOPNOTSUPP, "this host has no cgroup freezer");
	/* On a host with both, somebody else may have used the other one. */
	return ret == 0 && v1 ? freezer_thaw(v1, err) : ret;
}

bool cgroup_is_frozen(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *v2 = cgroup_find_v2(cgroup), *v1 = freezer_find_v1(cgroup);

	return (v2 && (freezer_file_has(v2, "cgroup.events", "frozen 1") ||
		       freezer_file_has(v2, "cgroup.freeze", "1"))) ||
	       (v1 && freezer_file_has(v1, "freezer.state", "FR"));
}

void freezer_hold_v1(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *v1 = freezer_find_v1(cgroup);

	if (v1)
		freezer_write(v1, freezers[false].freeze, NULL);
}

static void freezer_release_tree(int parent, const char *name)
{
	auto_directory DIR *dir = NULL;
	const struct dirent *entry;

	if (directory_open(parent, name, &dir) < 0)
		return;
	file_set_at(dirfd(dir), freezers[false].file, freezers[false].thaw);
	while ((entry = directory_next(dir)))
		if (entry->d_type == DT_DIR)
			freezer_release_tree(dirfd(dir), entry->d_name);
}

void freezer_release_v1(const struct cgroup *cgroup)
{
	const struct cgroup_hierarchy *v1 = freezer_find_v1(cgroup);

	if (v1)
		freezer_release_tree(v1->fd, ".");
}

void freezer_take_back_v1(const struct cgroup *cgroup, pid_t pid)
{
	const struct cgroup_hierarchy *v1 = freezer_find_v1(cgroup), *now;
	auto_cgroup struct cgroup place = { 0 };
	auto_arena struct arena arena = { 0 };

	if (!v1 || cgroup_of_process(pid, &arena, &place, NULL) < 0)
		return;
	now = freezer_find_v1(&place);
	if (now && !path_is_below(now->path, v1->path))
		cgroup_move_process(v1, pid, NULL);
}

int freezer_check_above_v1(const struct cgroup *cgroup, struct error *err)
{
	const struct cgroup_hierarchy *v1 = freezer_find_v1(cgroup);

	if (!v1 || !freezer_file_has(v1, freezers[false].above_file, freezers[false].above_frozen))
		return 0;
	return error_set(err, EBUSY, "the processes in cgroup \"%s\" cannot die before one above "
			 "it, which is frozen, is thawed", v1->path);
}
