/* plan_mount.h - the mounts of a plan: options read, sources opened */
#pragma once
#include "runtime/container/plan.h"

/* Fills plan->mounts. Return: 0; -errno as plan_make, with the JSON place. */
int plan_mount_all(const struct spec_config *config, const char *bundle, struct arena *arena,
		   struct plan *plan, struct error *err);

/* Closes the descriptors of plan->mounts. */
void plan_mount_close(struct plan *plan);
