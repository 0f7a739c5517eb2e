/* idmap_option.h - the id maps of a mount as crun's option "idmap=uids=...;gids=..." has them */
#pragma once
#include <stddef.h>

#include "base/arena.h"
#include "base/error.h"
#include "spec/config.h"

struct idmap_option {
	struct spec_id_mapping *uids, *gids;
	size_t uids_len, gids_len;
};

/*
 * Reads "uids=LIST;gids=LIST", what stands behind "idmap=". A list has ranges FILE-HOST-SIZE
 * between "#": so many ids of the file system, from FILE on, become those of the host from HOST on.
 * With "@" in front of a range HOST is an id of the container. A list that is not there is the
 * container's.
 * Return: 0; -EINVAL where it is none of that, or what it needs of the container is not there.
 */
int idmap_option_parse(const char *text, const struct idmap_option *container, struct arena *arena,
		       struct idmap_option *out, struct error *err);
