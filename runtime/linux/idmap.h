/* idmap.h - the id maps of a user namespace: written, or compared with those expected */
#pragma once
#include <stddef.h>
#include <sys/types.h>

#include "base/error.h"
#include "spec/config.h"

/*
 * Gives the user namespace of process pid its maps: gid_map, uid_map, each in one write,
 * user_namespaces(7). A caller without CAP_SETUID or CAP_SETGID may map his own id alone, and then
 * setgroups(2) is forbidden there; for other maps he needs idmap_helper.h.
 * proc_fd is a procfs in which pid is a number; an empty map (len 0) is not written.
 * Return: 0; -EINVAL where the maps are longer than the kernel takes or refused by it; -EPERM, or
 * another -errno of openat2(2), write(2).
 */
int idmap_write(int proc_fd, pid_t pid, const struct spec_id_mapping *uids, size_t uids_len,
		const struct spec_id_mapping *gids, size_t gids_len, struct error *err);

/*
 * Whether the user namespace of process pid has these maps, range by range; an empty one is not
 * compared. pid is that of a process in another user namespace than the caller's.
 * Return: 0; -EINVAL where it has others; -errno of openat2(2), read(2).
 */
int idmap_check(int proc_fd, pid_t pid, const struct spec_id_mapping *uids, size_t uids_len,
		const struct spec_id_mapping *gids, size_t gids_len, struct error *err);
