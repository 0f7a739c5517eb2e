/* plan_device.h - the device nodes of a plan, and those made for a user namespace */
#pragma once
#include "base/arena.h"
#include "base/error.h"
#include "runtime/container/plan.h"
#include "spec/config.h"

/*
 * A part of plan_make: the default devices and those of config.json. In a user namespace, where
 * none can be made, the default ones are opened on the host.
 * Return: 0 or -errno of dev_open_host.
 */
int plan_device_all(const struct spec_config *config, struct arena *arena, struct plan *plan,
		    struct error *err);

/*
 * Makes what config.json lists, where that cannot be done in the container: in a user namespace.
 * dir: where they are until plan_device_unlink. A caller who may make none takes the host's.
 * Return: 0; -EINVAL for an owner that has no id on the host; -errno.
 */
int plan_device_make(struct plan *plan, const struct spec_linux *linux, int dir,
		     struct error *err);

/* Once they are in their places: takes their names in dir away. */
void plan_device_unlink(struct plan *plan, int dir);

/* Closes their descriptors. */
void plan_device_close(struct plan *plan);
