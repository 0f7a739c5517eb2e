/* userns.h - user namespaces in which nobody lives, made for their id maps */
#pragma once
#include <stddef.h>

#include "base/error.h"
#include "spec/config.h"

/*
 * Makes a user namespace with these maps, for mount_set_idmap: only as such does the kernel take
 * maps for a mount. A process is made for it and gone again when this returns; it ends by itself,
 * should the caller be killed meanwhile.
 * Return: a close-on-exec descriptor of the namespace; -errno of clone3(2), idmap_write, open(2).
 */
int userns_make(const struct spec_id_mapping *uids, size_t uids_len,
		const struct spec_id_mapping *gids, size_t gids_len, struct error *err);
