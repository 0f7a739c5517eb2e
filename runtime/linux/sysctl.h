/* sysctl.h - kernel parameters of the container's namespaces */
#pragma once
#include <stddef.h>

#include "base/error.h"
#include "spec/config.h"

/*
 * Sets the parameters, in the order given. The dots of a key separate components and a slash stands
 * for a dot within one ("net.ipv4.conf.eth0/100.forwarding"); a key whose first separator is a
 * slash is a path as it stands (sysctl(8)). proc_fd is from procfs_open_private().
 * Whether a parameter belongs to the container is checked where config.json is read. What is not
 * the plain name of a parameter ("..", empty components, control characters) is refused again.
 * Return: 0, -EINVAL, or -errno of openat2(2), write(2).
 */
int sysctl_set(int proc_fd, const struct spec_pair *settings, size_t len, struct error *err);
