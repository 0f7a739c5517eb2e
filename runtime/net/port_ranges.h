/* port_ranges.h - published ports as ranges, for people */
#pragma once
#include <stddef.h>

#include "runtime/net/nat.h"

/*
 * Sorts single ports by their targets, and joins those that continue each other, as they were
 * published. Return: how many are left.
 */
size_t port_ranges_join(struct nat_port *ports, size_t len);
