/* plan_idmap.h - maps the ids of the mounts of a plan that ask for it */
#pragma once
#include "runtime/container/plan.h"

/*
 * plan->mounts have their sources. Return: 0; -errno of mount_lock_sources, userns_make, open(2),
 * mount_set_idmap, with the JSON place.
 */
int plan_idmap(const struct spec_config *config, struct arena *arena, struct plan *plan,
	       struct error *err);
