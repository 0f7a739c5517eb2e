/* store.h - the state directories, /run/gocker/<id>, and their locks */
#pragma once
#include <stdbool.h>

#include "base/arena.h"
#include "base/error.h"
#include "spec/state.h"

/*
 * A state directory holds state.json, config.json as it was at create, and the gate's socket. Who
 * changes a container holds the lock on its directory (flock(2)); readers need none, as state.json
 * is replaced by rename.
 */

/*
 * Opens the root of the store, made with mode 0711 where make is set and it is missing.
 * Return: a directory descriptor; -EPERM where another user owns or could write it; -errno of
 * open(2), mkdir(2).
 */
int store_open(const char *root, bool make, struct error *err);

/* Return: 0 where the id is made of [A-Za-z0-9_+.-] and begins with none of ".-", else -EINVAL. */
int store_check_id(const char *id, struct error *err);

/*
 * Makes a state directory and locks it.
 * Return: its descriptor; -EEXIST with "container with given ID already exists"; -ECANCELED where
 * somebody deleted it at once; -errno of mkdir(2).
 */
int store_make_entry(int store, const char *id, struct error *err);

/*
 * Opens a state directory; with lock it waits until nobody else changes the container.
 * Return: its descriptor; -ENOENT with "container does not exist"; -errno of open(2), flock(2).
 */
int store_open_entry(int store, const char *id, bool lock, struct error *err);

/* Return: whether somebody holds the lock now. */
bool store_is_locked(int entry);

/* Gives the lock up. */
void store_unlock_entry(int entry);

/*
 * Waits until nobody else changes the container, and takes the lock.
 * Return: 0; -ENOENT with "container does not exist" where it was deleted; -errno of flock(2).
 */
int store_lock_entry(int entry, const char *id, struct error *err);

/* Removes a state directory whole; the lock is the caller's. Return: 0 or -errno of unlink(2). */
int store_remove_entry(int store, const char *id, struct error *err);

/* The path of an open directory, in the arena. Return: 0 or -errno of readlink(2). */
int store_path(int directory, struct arena *arena, char **path, struct error *err);

/* The ids of all state directories, sorted, NULL-terminated, in the arena. Return: 0 or -errno. */
int store_list(int store, struct arena *arena, char ***ids, struct error *err);

/* Replaces state.json. Return: 0 or -errno of write(2), rename(2). */
int store_write_state(int entry, const struct spec_state *state, struct error *err);

/* Return: 0; -ENOENT where there is none yet; -EINVAL where it is no state of ours. */
int store_read_state(int entry, struct arena *arena, struct spec_state *state, struct error *err);

/*
 * Reads the state of a container by its id, which store_list() gave, without a descriptor of its
 * directory, and whether the mark of store_mark_starting() is there: for who looks at many.
 * Return: 0 or -errno; store_open_entry() and store_read_state() have the words for what is wrong.
 */
int store_glance(int store, const char *id, struct arena *arena, struct spec_state *state,
		 bool *starting);

/*
 * While `start` sends the container's process on: its state may say "created" although the program
 * runs. Nobody has to ask the process itself where there is no such mark: it is in the mode of the
 * state directory, which everybody looks at.
 * Return: 0 or -errno of fchmod(2).
 */
int store_mark_starting(int entry, struct error *err);
void store_unmark_starting(int entry);
bool store_is_starting(int entry);

/* The names of the other two files in a state directory. */
extern const char store_config_file[], store_gate_file[];
