/* init.h - the container's first process, from its birth in new namespaces to its program */
#pragma once
#include "runtime/cgroup/cgroup.h"
#include "runtime/container/plan.h"
#include "runtime/container/process.h"

struct init {
	const struct spec_config *config;
	const struct spec_state *state; /* for the hooks that it runs itself */
	const char *rootfs; /* absolute path on the host */
	bool awaits_network; /* until the runtime says that it is as it shall be */
	bool no_pivot;      /* for hosts whose "/" is the initramfs */
	struct plan *plan;
	struct cgroup *cgroup;
	struct process process;
	int gate;  /* where it may have to wait for `start` */
	int entry; /* the state directory, whose lock is the runtime's: closed at once */
	int root;  /* of the container, from its attachment to the pivot */
	struct hooks_output hooks_output;
};

/* Runs in the child of clone3(2). Failures go through process.sync. */
_Noreturn void init_run(struct init *init);
