/* counters.h - what the network devices of a process have received and sent */
#pragma once
#include <stdbool.h>
#include <sys/types.h>

#include "base/arena.h"
#include "spec/stats.h"

/*
 * Reads the devices of the process's network namespace, loopback among them.
 * Return: how many, with the list in the arena; -errno of reading /proc/<pid>/net/dev.
 */
int counters_read(pid_t pid, struct arena *arena, struct spec_network_stats **devices);

/* Reads a line of proc_pid_net(5), "dev". Return: whether it is a device's. */
bool counters_parse(const char *line, struct arena *arena, struct spec_network_stats *device);
