/* cgroup.h - the container's cgroup: one directory in every hierarchy of the host */
#pragma once
#include <signal.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "base/arena.h"
#include "base/error.h"
#include "spec/config.h"

/*
 * A host has one v2 hierarchy at /sys/fs/cgroup, or v1 hierarchies below it
 * ("/sys/fs/cgroup/memory"), or both: "hybrid", with v2 at /sys/fs/cgroup/unified. A container
 * joins all of them.
 *
 * In order: cgroup_plan, write cgroup_paths down, cgroup_create, clone3 with cgroup_clone_fd (where
 * it is >= 0), cgroup_enter in the child; later cgroup_from_paths, cgroup_kill, cgroup_remove. A
 * cgroup namespace takes its root from where its maker is: unshare(CLONE_NEWCGROUP) comes after
 * cgroup_enter, never as a flag of the clone3 (cgroup_namespaces(7)).
 */
struct cgroup_driver;

struct cgroup_hierarchy {
	const struct cgroup_driver *driver; /* v1 or v2 */
	char *controllers; /* v1: "memory", "cpu,cpuacct", "name=systemd"; v2: "" */
	char *mount;       /* "/sys/fs/cgroup/memory"; its last part is the name of the directory */
	char *path;        /* of the container's cgroup: below mount; cgroup_of_process: or it */
	int fd;            /* of that directory; -1 until it is made, and where it is gone */
	bool made;         /* by cgroup_create: undone when a later step of it fails */
};

enum { CGROUP_HIERARCHIES_MAX = 24 };

/* Strings are in the arena of who filled it. The descriptors are closed by cgroup_close. */
struct cgroup {
	struct cgroup_hierarchy hierarchies[CGROUP_HIERARCHIES_MAX];
	size_t len;    /* 0: the host has no cgroups, or none that we may use */
	bool implicit; /* nobody asked for the path: hierarchies we may not write to are left out */
	bool is_kept;  /* a placeholder of ours is in it: that it has processes is no objection */

	const char *owner; /* what its claim says: tells the container from all others ever */
	const char *home;  /* and this: where its state is, for cgroup_find_owned */
	bool disowned;     /* by cgroup_disown */
	const char *denied; /* of those left out by cgroup_create, the first one's path; or NULL */
};

enum cgroup_claim { CGROUP_CLAIM_NONE, CGROUP_CLAIM_OURS, CGROUP_CLAIM_OTHERS };

/*
 * Return: whether the hierarchy is v2. A pure v2 host has one hierarchy, and this is true for it.
 */
bool cgroup_is_v2(const struct cgroup_hierarchy *hierarchy);

/* Return: whether the host has nothing but a v2 hierarchy. */
bool cgroup_is_pure_v2(const struct cgroup *cgroup);

/*
 * Finds out what the host has and where the container's cgroup will be; makes nothing. cgroupsPath
 * is that of config.json: absolute is below the mount of each hierarchy, relative is below our own
 * cgroup (v1) or beside it (v2: processes live in leaves only); NULL or "" is "gocker-<id>",
 * relative.
 * Return: 0; -EINVAL where the path has "..", is the root or asks for systemd
 * ("slice:prefix:name"); -errno of reading /proc/self/cgroup.
 */
int cgroup_plan(const char *cgroupsPath, const char *id, struct arena *arena, struct cgroup *cgroup,
		struct error *err);

/* Return: the directories, NULL-terminated, in the arena: for state.json, before they are made. */
char **cgroup_paths(const struct cgroup *cgroup, struct arena *arena);

/*
 * The opposite: a cgroup from its directories; those that are gone have fd -1.
 * Return: 0; -EINVAL where a path is not below a hierarchy's mount; -errno of open(2).
 */
int cgroup_from_paths(char *const *paths, struct arena *arena, struct cgroup *cgroup,
		      struct error *err);

/*
 * Whose the open cgroup is. CGROUP_CLAIM_NONE: nobody has claimed it, or marks cannot be made here
 * (without root on v1).
 */
enum cgroup_claim cgroup_find_claim(const struct cgroup *cgroup);

/*
 * Finds the cgroup, wherever it is, that is claimed for the container with this id (the beginning
 * of its owner, up to a blank) and home. *cgroup has the hierarchies in which there is one, with
 * its owner; len is 0 where there is none, or marks cannot be made here.
 * Return: 0 or -errno of reading /proc/self/cgroup or of open(2).
 */
int cgroup_find_owned(const char *id, const char *home, struct arena *arena, struct cgroup *cgroup,
		      struct error *err);

/*
 * Locks it against cgroup_create of others, which locks it as well. Waits a second at most.
 * Return: whether it is locked (true also where it is gone).
 */
bool cgroup_lock(const struct cgroup *cgroup);
void cgroup_unlock(const struct cgroup *cgroup);

/*
 * It turned out to be another container's, or never to have been claimed: it is closed as if it
 * were gone, and cgroup_remove takes away only what nobody claims and nobody is in.
 */
void cgroup_disown(struct cgroup *cgroup);

/*
 * Where a process is now: for exec, when the container's own cgroup takes no process because
 * something in the container (systemd) has enabled controllers below it.
 * Return: 0; -ESRCH: no such process; -errno of reading /proc/<pid>/cgroup or of open(2).
 */
int cgroup_of_process(pid_t pid, struct arena *arena, struct cgroup *cgroup, struct error *err);

/*
 * Whether each directory of a cgroup is that of another, or below it.
 * Return: 0; -EPERM where it leads out of it.
 */
int cgroup_check_within(const struct cgroup *cgroup, const struct cgroup *outer, struct error *err);

/*
 * The cgroup name below each directory, for exec --cgroup; hierarchies that have no such directory
 * keep the container's own.
 * Return: 0; -EINVAL where it leads out of the container's cgroup; -ENOENT where no hierarchy has
 * it.
 */
int cgroup_open_child(const struct cgroup *cgroup, const char *name, struct arena *arena,
		      struct cgroup *child, struct error *err);

/*
 * Makes the cgroup name below the v2 directory, without limits of its own, moves the process there,
 * which was the only one above it, gives it the usual controllers and hands it over to the user.
 * name is relative, without "..".
 * Return: 0; -EOPNOTSUPP on v1; -errno of mkdir(2), write(2), chown(2).
 */
int cgroup_move_below(const struct cgroup *cgroup, const char *name, pid_t pid, uid_t uid,
		      struct error *err);

/*
 * Makes the directories, enables controllers down to them (v2), writes limits and device rules.
 * resources may be NULL: only the default devices can be used then. An existing empty cgroup is
 * used: it is cgroup->owner's from now on. It is locked until cgroup_unlock or cgroup_close: two
 * containers cannot be made in one.
 * Return: 0; -EBUSY where it is locked, has processes, or it or one above it is frozen;
 * -EOPNOTSUPP where the host lacks a limit's controller; or -errno. What was made is removed on
 * failure.
 */
int cgroup_create(struct cgroup *cgroup, const struct spec_resources *resources, struct error *err);

/* What the cgroup's files had before limits were written. Start with { 0 }. */
struct cgroup_undo {
	struct arena arena;
	struct undo_entry *last;
};

/*
 * Writes the limits that are there; no device rules. undo: remembers what was there before, NULL:
 * nothing does. It must be used before the cgroup is closed.
 * Return: as cgroup_create; some may be written.
 */
int cgroup_set_limits(const struct cgroup *cgroup, const struct spec_resources *resources,
		      struct cgroup_undo *undo, struct error *err);

/* Sets back what undo remembers; what cannot be set back is a warning. undo is empty then. */
void cgroup_undo_limits(struct cgroup_undo *undo);

void cgroup_undo_free(struct cgroup_undo *undo);

#define auto_cgroup_undo __attribute__((cleanup(cgroup_undo_free)))

/*
 * Replaces the device rules: those of config.json in their order, then those of every container
 * (null, zero, full, tty, random, urandom, console, ptmx, pts, tun, and mknod of anything); all
 * else is denied.
 * Return: 0; -EINVAL for a bad rule; -EOPNOTSUPP where v1 cannot express it or nothing can apply it
 * (without root that is no error: it cannot make devices); -errno of bpf(2), write(2). On failure
 * v1 may have some of the rules.
 */
int cgroup_set_devices(const struct cgroup *cgroup, const struct spec_device_rule *rules,
		       size_t len, struct error *err);

/* Return: whether both lists of rules come to the same. */
bool cgroup_same_devices(const struct spec_device_rule *a, size_t a_len,
			 const struct spec_device_rule *b, size_t b_len);

/*
 * Hands the v2 directory over to a user, with the files in it that the kernel lists for that, so
 * that a container with a writable cgroup mount and a cgroup namespace of its own can make cgroups
 * below it (specification, "Cgroup ownership"). v1: nothing.
 * Return: 0 or -errno of chown(2).
 */
int cgroup_delegate(const struct cgroup *cgroup, uid_t uid, struct error *err);

/* Return: the v2 directory for clone3's CLONE_INTO_CGROUP, owned by cgroup; -1: no v2 hierarchy. */
int cgroup_clone_fd(const struct cgroup *cgroup);

/*
 * Moves the calling, single-threaded process into the hierarchies that clone3 cannot reach (v1);
 * nothing on a pure v2 host. Works after entering other namespaces. A thread that moves itself
 * takes no global lock, while moving another process waits for an RCU grace period (milliseconds
 * on a busy host).
 * Return: 0 or -errno of write(2).
 */
int cgroup_enter(const struct cgroup *cgroup, struct error *err);

/*
 * The processes in it, with those in cgroups below it when recursive. *pids is from malloc (NULL
 * for none); ids are those of our pid namespace.
 * Return: 0 or -errno of reading cgroup.procs.
 */
int cgroup_pids(const struct cgroup *cgroup, bool recursive, pid_t **pids, size_t *len,
		struct error *err);

/*
 * Sends the signal to every process in it and below, frozen or not. SIGKILL waits (bounded) until
 * none is left.
 * Return: 0 (also where there was none); -ETIMEDOUT; -errno of kill(2).
 */
int cgroup_kill(const struct cgroup *cgroup, int signal, struct error *err);

/*
 * Stops all processes in it and below, or lets them go on; waits (bounded) until that has happened.
 * Return: 0; -EOPNOTSUPP without a freezer (v1); -ETIMEDOUT (thawed again); -EBUSY: stays
 * frozen with one above it; -errno of write(2).
 */
int cgroup_freeze(const struct cgroup *cgroup, struct error *err);
int cgroup_thaw(const struct cgroup *cgroup, struct error *err);

/* Return: whether cgroup_freeze or somebody else has frozen it, or one above it. */
bool cgroup_is_frozen(const struct cgroup *cgroup);

/*
 * Counts the processes in it that the kernel has killed for want of memory since it was made.
 * Return: 0; -EOPNOTSUPP without a memory controller; -errno of reading its events.
 */
int cgroup_count_oom_kills(const struct cgroup *cgroup, uint64_t *count);

/* Return: 0; -ERANGE where it has no limit of its own; -EOPNOTSUPP or -errno as above. */
int cgroup_memory_limit(const struct cgroup *cgroup, uint64_t *bytes);

/*
 * Where a fork in it has failed because it has as many processes as its limit allows, says so. err
 * has the failure already. Return: num.
 */
int cgroup_explain_fork(const struct cgroup *cgroup, int num, struct error *err);

/*
 * Removes it, what the container made below it, and parents that an earlier cgroup_create made as
 * soon as they are empty. Waits (bounded) for processes that are dying. One that was there before
 * cgroup_create goes as well.
 * Return: 0 (also where it is gone); -EBUSY where processes are left; -errno of rmdir(2).
 */
int cgroup_remove(const struct cgroup *cgroup, struct error *err);

/* Closes the descriptors. Safe on { .len = 0 } and twice. */
void cgroup_close(struct cgroup *cgroup);

#define auto_cgroup __attribute__((cleanup(cgroup_close)))
