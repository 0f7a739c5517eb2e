/* network_ports.h - the ports that a container publishes */
#pragma once
#include "spec/network.h"

/*
 * Looks whether two of the ports of all interfaces are the same at an address of the host, and
 * whether there are too many.
 * Return: 0; -EINVAL with the place of the later one.
 */
int network_ports_check(const struct spec_network *network, struct error *err);
