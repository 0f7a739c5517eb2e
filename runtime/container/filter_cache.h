/* filter_cache.h - compiled seccomp filters, kept in the store for those who want the same */
#pragma once
#include <stdbool.h>

#include "base/buf.h"

/*
 * One file for each filter in ".seccomp" of the store, which is no name of a container. A file has
 * the whole key as well: what is found is for exactly that key. The cache never makes anything
 * fail; files that are not ours, not whole or not readable to us alone are passed over, and
 * replaced when the next filter is kept.
 */

/* Return: whether there is one; it is in *program then, which is empty before. */
bool filter_cache_find(int store, const struct buf *key, struct buf *program);

/* Keeps a filter for the next time; of more than 64 the oldest half goes. */
void filter_cache_keep(int store, const struct buf *key, const struct buf *program);
