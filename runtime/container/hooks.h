/* hooks.h - runs the hooks of config.json, each kind at its moment */
#pragma once
#include <stdbool.h>

#include "runtime/container/container.h"
#include "runtime/container/hooks_output.h"

enum hooks_kind {
	HOOKS_PRESTART,
	HOOKS_CREATE_RUNTIME,
	HOOKS_CREATE_CONTAINER,
	HOOKS_START_CONTAINER,
	HOOKS_POSTSTART,
	HOOKS_POSTSTOP,
};

/* What hooks of one kind are run with. */
struct hooks_call {
	const struct spec_hooks *hooks; /* NULL: there are none */
	const struct spec_state *state; /* they read it, with the status of their moment */
	char **env;                     /* of hooks that name none */
	int directory;                  /* where they run; -1: where this process is */
	int preserved_fds;              /* as struct child_request has it */
	int init; /* pidfd of the container's process, whose end is theirs; -1: it is not */
	struct hooks_output output;     /* where what they write goes */
};

/* Their names, NULL-terminated, for `features`. */
extern char *hooks_names[];

/* Return: whether there are some of this kind. */
bool hooks_has(const struct spec_hooks *hooks, enum hooks_kind kind);

/* Return: the names of the kinds that there are, for the state; NULL where there are none. */
char **hooks_list(const struct spec_hooks *hooks, struct arena *arena);

/* Return: whether the state lists this kind. */
bool hooks_are_listed(const struct spec_state *state, enum hooks_kind kind);

/*
 * Runs all hooks of a kind, in their order, until one fails; after poststop hooks that fail, which
 * are warned of, the others run.
 * Return: 0; -errno as child_run, with the hook's place and what it said in err.
 */
int hooks_run(const struct hooks_call *call, enum hooks_kind kind, struct error *err);

/*
 * Reads config.json as it was at create, if it has hooks of this kind and is not read yet.
 * Return: 0 or -errno.
 */
int hooks_read(struct container *container, enum hooks_kind kind, struct error *err);

/*
 * For hooks in the runtime's namespaces: as hooks_run, in the bundle's directory and with this
 * process's environment. config must be read (hooks_read). init: as in struct hooks_call.
 */
int hooks_run_outside(const struct container *container, enum hooks_kind kind, int init,
		      struct error *err);
