/* owners.h - the ids that a plain user may give files to: a user namespace of his own */
#pragma once
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "spec/config.h"

/* Id 0 is the user himself; from 1 on come his subordinate ids, in the order of their files. */
struct owners {
	const char *newuidmap, *newgidmap; /* the programs */
	struct spec_id_mapping *uids, *gids;
	size_t uids_len, gids_len;
	uint32_t size; /* ids below this are in both */
};

/*
 * Looks for the caller's ranges of subordinate ids, and for the programs that map them. All of it
 * is in the arena.
 * Return: 0; -EPERM where he has none, -ENOENT where a program is not installed.
 */
int owners_find(struct arena *arena, struct owners *owners, struct error *err);

/*
 * Makes this process root of a user namespace that has the ids: user_namespaces(7). It must have no
 * threads. In /proc and for the host it stays the caller's.
 * Return: 0; -EPERM where a program refuses, with what it said; -errno of unshare(2), fork(2).
 */
int owners_enter(const struct owners *owners, struct error *err);
