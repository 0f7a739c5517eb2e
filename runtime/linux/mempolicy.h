/* mempolicy.h - which NUMA nodes memory is taken from */
#pragma once
#include "base/error.h"
#include "spec/config.h"

/*
 * Sets the policy of this process for all memory that it takes from now on, set_mempolicy(2); it
 * outlives execve(2). Return: 0, or -errno of set_mempolicy(2) with a hint.
 */
int mempolicy_set(const struct spec_memory_policy *policy, struct error *err);
