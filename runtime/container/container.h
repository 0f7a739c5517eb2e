/* container.h - one container as the runtime sees it: its state, its config, the truth about it */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "base/pidfs.h"
#include "runtime/cgroup/cgroup.h"
#include "spec/config.h"
#include "spec/state.h"

/* Of a config.json, in bytes: no document may be larger. */
enum { CONTAINER_CONFIG_SIZE_MAX = 16 * 1024 * 1024 };

/* Start with CONTAINER_NONE. Strings are in the arena; all is released by container_close. */
struct container {
	struct arena arena;
	int store, entry; /* the store (not owned) and the state directory */
	struct spec_state state;
	struct spec_config config;
	struct cgroup cgroup;
};

#define CONTAINER_NONE { .store = -1, .entry = -1 }

/*
 * Opens a container, reads its state and finds out what is true of it now: a process that is gone
 * or another one with the same pid makes it stopped, pid 0. lock: hold it against other commands.
 * Return: 0; -ENOENT "container does not exist"; -EINVAL where its state cannot be read.
 */
int container_open(int store, const char *id, bool lock, struct container *container,
		   struct error *err);

/* What who looks at many containers opens and reads once. Start with the others 0. */
struct onlooker {
	int proc; /* of proc_open(), or -1 */
	bool has_asked;
	char boot_id[PIDFS_BOOT_ID_SIZE]; /* once it has asked; "": it got no answer */
};

/*
 * Reads the state of one container of many, and finds out what is true of it now, as
 * container_open() does, with fewer and cheaper system calls. id: of store_list().
 * Return: whether that was enough; where it was not, container_open() knows more.
 */
bool container_glance(int store, struct onlooker *onlooker, const char *id, struct arena *arena,
		      struct spec_state *state);

/* Reads config as it was at create. Return: 0 or -errno. */
int container_read_config(struct container *container, struct error *err);

/* Writes it, for those that read it later. Return: 0 or -errno. */
int container_write_config(struct container *container, struct error *err);

/*
 * The cgroup's owner, as its claim has it. No other container ever has the same: one that has got
 * the id, or the empty cgroup, was made later.
 */
void container_name_owner(struct container *container);

/* Disowns the open cgroup where it is another container's by now. */
void container_check_cgroup(struct container *container);

/*
 * Opens the cgroup that the state names, if it is not open; what has become another container's is
 * as if it were gone. Return: 0 (also if gone) or -errno.
 */
int container_open_cgroup(struct container *container, struct error *err);

/*
 * Opens the cgroup that bears the container's mark, where no state tells of one; none is open where
 * there is none. Return: 0 or -errno.
 */
int container_search_cgroup(struct container *container, const char *id, struct error *err);

/* Opens the container's process. Return: a pidfd; -ESRCH "container not running". */
int container_open_process(const struct container *container, struct error *err);

/*
 * Return: whether it has a pid namespace of its own: there the kernel kills all processes with the
 * first one, while elsewhere the others would be left, pid_namespaces(7).
 */
bool container_owns_pids(struct container *container);

/* Notes the container's process, with what tells it from others. Return: 0 or -errno. */
int container_set_process(struct container *container, pid_t pid, int pidfd, struct error *err);
/*
 * Finds out whether its process, which lives, has begun its program: sets the status to created or
 * running, and does not write it. Return: 0 or -errno.
 */
int container_find_phase(struct container *container, struct error *err);

/* Sets the status and writes state.json. Return: 0 or -errno. */
int container_set_status(struct container *container, enum spec_status status, struct error *err);

/* Return: the status as the specification names it. */
const char *container_status_name(const struct container *container);

void container_close(struct container *container);

#define auto_container __attribute__((cleanup(container_close)))
