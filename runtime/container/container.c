/* container.c - one container as the runtime sees it: its state, its config, the truth about it */
#include "runtime/container/container.h"

#include <errno.h>
#include <sched.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/pidfs.h"
#include "base/proc.h"
#include "base/sys.h"
#include "runtime/container/gate.h"
#include "runtime/container/store.h"

static bool is_of_this_boot(struct onlooker *onlooker, const char *boot_id)
{
	if (!onlooker->has_asked && pidfs_read_boot_id(onlooker->boot_id) < 0)
		onlooker->boot_id[0] = 0;
	onlooker->has_asked = true;
	return onlooker->boot_id[0] && !strcmp(onlooker->boot_id, boot_id);
}

/* Return: 1, 0, or -EAGAIN where the time of its start has to tell. */
static int is_alive_by_pidfd(struct onlooker *onlooker, const struct spec_state *state)
{
	if (!state->pidInode || !state->bootId || !is_of_this_boot(onlooker, state->bootId))
		return -EAGAIN;
	return pidfs_is_alive((pid_t)state->pid, state->pidInode);
}

/*
 * onlooker: NULL where it is about one container.
 * Return: 1, 0, or -errno: that nothing can be read does not make the container dead.
 */
static int is_alive(struct onlooker *onlooker, const struct spec_state *state, struct error *err)
{
	int r = onlooker ? is_alive_by_pidfd(onlooker, state) : -EAGAIN;

	if (r >= 0)
		return r;
	r = proc_is_alive_at(onlooker ? onlooker->proc : -1, (pid_t)state->pid, state->startTime);
	return r < 0 ? error_errno(err, r, "read /proc/%lld/stat", (long long)state->pid) : r;
}

int container_find_phase(struct container *container, struct error *err)
{
	int r = gate_is_attended(container->entry, err);

	if (r >= 0)
		container->state.status = r ? SPEC_STATUS_CREATED : SPEC_STATUS_RUNNING;
	return r < 0 ? r : 0;
}

/* Something in the container or on the host may have thawed it. */
static int find_pause(struct container *container, struct error *err)
{
	int r = container_open_cgroup(container, err);

	if (r < 0 || cgroup_is_frozen(&container->cgroup))
		return r;
	return container_find_phase(container, err);
}

/* onlooker: may be NULL. Return: 1: its process lives; 0: it does not, noted; -errno. */
static int find_life(struct onlooker *onlooker, struct spec_state *state, struct error *err)
{
	int r = state->status == SPEC_STATUS_STOPPED ? 0 : is_alive(onlooker, state, err);

	if (r)
		return r;
	/* Before its process is written down, a container is being made or was given up. */
	if (state->status != SPEC_STATUS_CREATING || state->pid)
		state->status = SPEC_STATUS_STOPPED;
	state->pid = 0;
	return 0;
}

static int find_truth(struct container *container, struct error *err)
{
	struct spec_state *state = &container->state;
	int r = find_life(NULL, state, err);

	if (r <= 0)
		return r;
	if (state->status == SPEC_STATUS_PAUSED)
		return find_pause(container, err);
	/* `start` can be killed after the program runs and before it writes so. */
	return state->status == SPEC_STATUS_CREATED && store_is_starting(container->entry) ?
		       container_find_phase(container, err) : 0;
}

int container_open(int store, const char *id, bool lock, struct container *container,
		   struct error *err)
{
	int r = store_check_id(id, err);

	if (r < 0)
		return r;
	container->store = store;
	container->entry = store_open_entry(store, id, lock, err);
	if (container->entry < 0)
		return container->entry;
	r = store_read_state(container->entry, &container->arena, &container->state, err);
	/* What is done to it would be done to the other's processes and control group. */
	if (r == 0 && strcmp(container->state.id, id) != 0)
		return error_set(err, EINVAL, "state.json is of another container, \"%s\"",
				 container->state.id);
	if (r == 0)
		r = find_truth(container, err);
	return r < 0 ? r : 0;
}

bool container_glance(int store, struct onlooker *onlooker, const char *id, struct arena *arena,
		      struct spec_state *state)
{
	struct spec_state found;
	bool starting;
	int r = store_glance(store, id, arena, &found, &starting);

	if (r < 0 || strcmp(found.id, id) != 0)
		return false;
	r = find_life(onlooker, &found, NULL);
	/* Of these two more has to be asked. */
	if (r < 0 || (r && (found.status == SPEC_STATUS_PAUSED ||
			    (found.status == SPEC_STATUS_CREATED && starting))))
		return false;
	*state = found;
	return true;
}

int container_read_config(struct container *container, struct error *err)
{
	auto_buf struct buf text = { 0 };
	int r = file_read_at(container->entry, store_config_file, CONTAINER_CONFIG_SIZE_MAX, &text);

	if (r < 0)
		return error_errno(err, r, "read %s in the state directory", store_config_file);
	return spec_config_parse(store_config_file, text.data, text.len, &container->arena,
				 &container->config, err);
}

int container_write_config(struct container *container, struct error *err)
{
	auto_buf struct buf text = { 0 };
	int r;

	spec_config_write(&container->config, &text);
	r = file_replace_at(container->entry, store_config_file, text.data, text.len, 0600);
	return r < 0 ? error_errno(err, r, "write %s in the state directory", store_config_file) :
		       0;
}

/* The directory is this one for as long as the container is. */
static char *name_home(const struct container *container, struct arena *arena)
{
	struct stat st;

	if (fstat(container->entry, &st) < 0)
		return arena_strdup(arena, "");
	return arena_printf(arena, "%llx:%llu", (unsigned long long)st.st_dev,
			    (unsigned long long)st.st_ino);
}

void container_name_owner(struct container *container)
{
	const struct spec_state *state = &container->state;

	container->cgroup.owner =
		arena_printf(&container->arena, "%s %s", state->id, state->created);
	container->cgroup.home = name_home(container, &container->arena);
}

int container_search_cgroup(struct container *container, const char *id, struct error *err)
{
	return cgroup_find_owned(id, name_home(container, &container->arena), &container->arena,
				 &container->cgroup, err);
}

void container_check_cgroup(struct container *container)
{
	const struct spec_state *state = &container->state;
	enum cgroup_claim claim = cgroup_find_claim(&container->cgroup);

	/* A create that was killed between its first state and its claim has nothing in it. */
	if (claim == CGROUP_CLAIM_OTHERS || (claim == CGROUP_CLAIM_NONE &&
					     state->status == SPEC_STATUS_CREATING && !state->pid))
		cgroup_disown(&container->cgroup);
}

int container_open_cgroup(struct container *container, struct error *err)
{
	int r;

	if (container->cgroup.len)
		return 0;
	r = cgroup_from_paths(container->state.cgroupPaths, &container->arena, &container->cgroup,
			      err);
	if (r < 0)
		return r;
	container_name_owner(container);
	container_check_cgroup(container);
	return 0;
}

int container_open_process(const struct container *container, struct error *err)
{
	const struct spec_state *state = &container->state;
	auto_close int pidfd = state->pid ? sys_pidfd_open((pid_t)state->pid, 0) : -ESRCH;
	int r;

	if (pidfd < 0 && pidfd != -ESRCH)
		return error_errno(err, pidfd, "open process %lld", (long long)state->pid);
	/* The pidfd first, then the check: from there on nobody can take the number. */
	r = pidfd < 0 ? 0 : is_alive(NULL, state, err);
	if (r == 0)
		return error_set(err, ESRCH, "container not running");
	return r < 0 ? r : take_fd(&pidfd);
}

bool container_owns_pids(struct container *container)
{
	const struct spec_linux *linux;

	/* Whatever is wrong with the config: the first process is known. */
	if (container_read_config(container, NULL) < 0)
		return true;
	linux = container->config.linux;
	for (size_t i = 0; linux && i < linux->namespaces_len; i++)
		if (linux->namespaces[i].type == CLONE_NEWPID)
			return !linux->namespaces[i].path;
	return false;
}

/* Both or none: what cannot be told is left to the time of the start. */
static void note_pidfd(struct container *container, int pidfd)
{
	struct spec_state *state = &container->state;
	char boot_id[PIDFS_BOOT_ID_SIZE];

	state->pidInode = 0;
	state->bootId = NULL;
	if (pidfs_identify(pidfd, &state->pidInode) < 0)
		return;
	if (pidfs_read_boot_id(boot_id) < 0)
		state->pidInode = 0;
	else
		state->bootId = arena_strdup(&container->arena, boot_id);
}

int container_set_process(struct container *container, pid_t pid, int pidfd, struct error *err)
{
	struct proc_stat stat;
	int r = proc_read_stat(pid, &stat);

	if (r < 0)
		return error_errno(err, r, "read /proc/%d/stat", pid);
	container->state.pid = pid;
	container->state.startTime = stat.start_time;
	note_pidfd(container, pidfd);
	return 0;
}

int container_set_status(struct container *container, enum spec_status status, struct error *err)
{
	container->state.status = status;
	return store_write_state(container->entry, &container->state, err);
}

const char *container_status_name(const struct container *container)
{
	return table_name_of(spec_statuses, container->state.status);
}

void container_close(struct container *container)
{
	fd_close(&container->entry);
	cgroup_close(&container->cgroup);
	arena_free(&container->arena);
}
