/* idmap_helper.h - newuidmap(1) and newgidmap(1): id maps that take more rights than a user has */
#pragma once
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "spec/config.h"

enum idmap_kind {
	IDMAP_UIDS,
	IDMAP_GIDS,
};

/*
 * Lets the program write the map of the user namespace of process pid, of whom /etc/subuid or
 * /etc/subgid must say that the caller may use the ids. It is looked for in the PATH of the caller,
 * who gets no right by it that he has not, as gocker is never setuid: systems like NixOS keep it in
 * places of their own. Relative entries of PATH are taken as relative to "/".
 * Return: 0; -EPERM where it is not installed or refuses, with what is missing; -errno of fork(2).
 */
int idmap_helper_run(enum idmap_kind kind, pid_t pid, const struct spec_id_mapping *map, size_t len,
		     struct error *err);
