/* state.h - the state of a container, as `state` shows it and as the state directory keeps it */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "spec/config.h"

enum spec_status {
	SPEC_STATUS_CREATING,
	SPEC_STATUS_CREATED,
	SPEC_STATUS_RUNNING,
	SPEC_STATUS_PAUSED,
	SPEC_STATUS_STOPPED,
};

extern const struct name_value spec_statuses[]; /* "creating": SPEC_STATUS_CREATING ... */

/* The unit that the container's cgroup is of. */
struct spec_systemd {
	char *unit; /* its name */
	char *bus;  /* the D-Bus address at which the systemd is that has it */
};

/* The groups in resctrl: directories. */
struct spec_rdt {
	char *root;    /* where resctrl is mounted */
	char *group;   /* the class of service */
	char *monitor; /* NULL: none */
	bool owned;    /* the class is the container's alone, and goes with it */
};

/* The program that connects a plain user's network namespace. */
struct spec_network_helper {
	int64_t pid;
	uint64_t startTime; /* clock ticks since boot: proc_pid_stat(5) */
};

/* An interface that our annotations ask for: what of it is outside of the container. */
struct spec_state_interface {
	uint32_t number;  /* N of org.gocker.net.N */
	char *bridge;     /* on which its addresses are leased; NULL: on none */
	char *link;       /* the other end of its veth pair; NULL: it has none */
	char **addresses; /* with the lengths of their networks */
};

/*
 * What state.json in the state directory holds. The members up to owner are those that `state`
 * prints and that hooks read (specification, "State", and runc's additions), the others are ours.
 */
struct spec_state {
	char *ociVersion, *id;
	int64_t pid; /* of the container's process in the runtime's pid namespace; 0 when stopped */
	int status;  /* enum spec_status */
	char *bundle, *rootfs;
	char *created; /* RFC 3339 with nanoseconds */
	struct spec_pair *annotations;
	size_t annotations_len;
	char *owner;

	uint64_t startTime;    /* of the process, clock ticks since boot: proc_pid_stat(5) */
	uint64_t pidInode;     /* of its pidfd, while the machine runs; 0: this cannot be told */
	char *bootId;          /* that run of the machine, random(4); NULL without pidInode */
	char **cgroupPaths;    /* directories of the container's cgroup, one per hierarchy */
	char *sessionKeyring;  /* its name, which exec joins; NULL: the caller's is kept */
	struct spec_systemd *systemd; /* NULL: it has nothing to do with the cgroup */
	struct spec_rdt *intelRdt; /* NULL: none */
	struct spec_network_helper *networkHelper; /* NULL: none */
	struct spec_state_interface *network;
	size_t network_len;
	char **hooks;          /* the kinds of which config.json has some, which is read for them */
	uint64_t rootfsMount;  /* of its root, where that is mounted on the host; 0: it is not */
	char *gockerVersion;   /* who wrote it */
};

/* Reads a state.json. Return: 0, or -EINVAL with the place in err. */
int spec_state_parse(const char *name, const char *text, size_t len, struct arena *arena,
		     struct spec_state *state, struct error *err);

/* Adds the whole state, for state.json. */
void spec_state_write(const struct spec_state *state, struct buf *out);

/* Adds what `state` prints, indented; spec_state_list adds the array of `list --format json`. */
void spec_state_write_public(const struct spec_state *state, struct buf *out);
void spec_state_write_list(const struct spec_state *states, size_t len, struct buf *out);

/* The container process state, which a seccomp agent gets (specification, "Linux"). */
struct spec_process_state {
	char *ociVersion;
	char **fds; /* the names of the descriptors that go with the document, in their order */
	int64_t pid;
	char *metadata;
	struct spec_state *state;
};

/* Adds it as one line; of the state what hooks read. */
void spec_process_state_write(const struct spec_process_state *state, struct buf *out);

/* Adds the compact one-line document that hooks read: no owner, no rootfs, "/" not escaped. */
void spec_state_write_hook(const struct spec_state *state, struct buf *out);
