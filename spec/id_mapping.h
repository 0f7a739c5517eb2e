/* id_mapping.h - id maps as the programs take them that write them for a user */
#pragma once
#include <sys/types.h>

#include "base/arena.h"
#include "spec/config.h"

/*
 * Return: the arguments with which newuidmap(1) or newgidmap(1), whichever program is, writes the
 * map of a process, NULL-terminated, in the arena.
 */
char **id_mapping_args(struct arena *arena, const char *program, pid_t pid,
		       const struct spec_id_mapping *map, size_t len);
