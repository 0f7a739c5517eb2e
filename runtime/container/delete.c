/* delete.c - removes a container: processes, cgroup, state directory */
#include "runtime/container/delete.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>

#include "runtime/container/container.h"
#include "runtime/container/kill.h"
#include "runtime/container/store.h"

static bool may_delete(const struct container *container)
{
	return container->state.status == SPEC_STATUS_STOPPED ||
	       container->state.status == SPEC_STATUS_CREATED;
}

static int remove_container(struct container *container, struct error *err)
{
	int r = kill_whole(container, err);

	if (r == 0)
		r = cgroup_remove(&container->cgroup, err);
	return r < 0 ? r : store_remove_entry(container->store, container->state.id, err);
}

/* A state directory without a state that can be read names no cgroup: it is all that there is. */
static int remove_unreadable(int store, const char *id, const struct error *cause,
			     struct error *err)
{
	struct stat st;

	if (fstatat(store, id, &st, AT_SYMLINK_NOFOLLOW) < 0)
		return 0;
	if (cause->num == EPERM || !S_ISDIR(st.st_mode))
		return error_set(err, cause->num, "%s", cause->text);
	return store_remove_entry(store, id, err);
}

int delete_run(int store, const char *id, bool force, struct error *err)
{
	auto_container struct container container = CONTAINER_NONE;
	struct error cause = { 0 };
	int r = store_check_id(id, err);

	if (r < 0)
		return r;
	r = container_open(store, id, true, &container, &cause);
	if (r < 0 && force)
		return remove_unreadable(store, id, &cause, err);
	if (r < 0)
		return error_set(err, r, "%s", cause.text);
	if (!force && !may_delete(&container))
		return error_set(err, EINVAL, "cannot delete container %s that is not stopped: %s",
				 id, container_status_name(&container));
	return remove_container(&container, err);
}
