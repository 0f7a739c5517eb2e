/* link.h - network links of the present network namespace */
#pragma once
#include "base/error.h"

/* Brings lo up. Return: 0 or -errno of socket(2), netlink(7). */
int link_set_loopback_up(struct error *err);
