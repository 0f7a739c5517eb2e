/* rdt_stats.h - what resctrl says of the container's groups */
#pragma once
#include "base/arena.h"
#include "spec/state.h"
#include "spec/stats.h"

/*
 * Reads what the machine can share (info), the schemata of the root and of the container's class,
 * and what its monitoring group (without one, its class) has counted. What is not there is left
 * out. All is in the arena.
 */
void rdt_stats_read(const struct spec_rdt *rdt, struct arena *arena, struct spec_rdt_stats *stats);
