/* plan_late.h - plans of callers who may not clone mounts: the container's process opens them */
#pragma once
#include "runtime/container/plan.h"

/*
 * Decides, where open_tree(2) has refused the caller with EPERM, whether the container's process
 * can do it: in a new mount namespace, which needs a user namespace or CAP_SYS_ADMIN.
 * Return: 0, and plan->opens_late is set; -EPERM with what the config lacks.
 */
int plan_late(struct plan *plan, struct error *err);
