/* census.h - the states of many containers */
#pragma once
#include "base/arena.h"
#include "spec/state.h"

/*
 * Return: a copy of what `state` prints, but without the owner; its strings are in the arena, with
 * "" for what is not there. The id is its own by then.
 */
struct spec_state census_copy(const struct spec_state *state, char *id, struct arena *arena);

/*
 * Reads the states of containers and finds out what is true of them now, by container_glance(), on
 * several processors where they are many. ids: of store_list(); the states have the same, which
 * stay the caller's.
 * states: room for len; one that has no id after was not looked at well enough: container_open()
 * knows more, and says what is wrong.
 */
void census_take(int store, char *const *ids, size_t len, struct arena *arena,
		 struct spec_state *states);
