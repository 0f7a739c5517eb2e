/* resctrl.h - the groups in resctrl that a config asks for; nothing where it does not */
#pragma once
#include <sys/types.h>

#include "base/error.h"
#include "runtime/container/container.h"

/* Works the groups out into container->state.intelRdt. Return: as rdt_find_root, rdt_plan. */
int resctrl_plan(struct container *container, const char *id, struct error *err);

/* Makes them; on failure nothing is left. Return: 0 or -errno. */
int resctrl_make(const struct container *container, struct error *err);

/* Moves a process into them. Return: 0 or -errno. */
int resctrl_add(const struct container *container, pid_t pid, struct error *err);

/* Removes those that go with the container. Return: 0 or -errno. */
int resctrl_remove(const struct container *container, struct error *err);
