/* network_check.h - our annotations on the network: what needs more than one key to be judged */
#pragma once
#include "spec/network.h"

/* Looks at each interface, and at what they have in common. Return: 0; -EINVAL with the place. */
int network_check(const struct spec_network *network, struct error *err);
