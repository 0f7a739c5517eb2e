/* dev.h - device nodes and links in the container's /dev */
#pragma once
#include <stddef.h>

#include "base/error.h"
#include "spec/config.h"

/* Return: the nodes that every container has (config-linux.md, "Default Devices"). */
const struct spec_device *dev_defaults(size_t *len);

/*
 * Makes the nodes, in the order of the list, with the directories above them. Mode 0666 unless
 * the device says otherwise; the caller's umask is 0. A node of the same type and number may be
 * there.
 * Return: 0; -EEXIST where something else is there: it is neither used nor removed; -EINVAL for a
 * type other than b, c, u, p; -errno of mknodat(2), fchownat(2).
 */
int dev_make_nodes(int root, const struct spec_device *devices, size_t len, struct error *err);

/*
 * In a user namespace, where mknod(2) is refused: puts the host's node there. host_fd: a detached
 * clone of it (mount_open_source), used up by this call, still to be closed. Mode and owner stay
 * the host's.
 * Return: 0; -EINVAL where host_fd is another device than asked for; -ELOOP where a symlink is in
 * the place; -errno.
 */
int dev_bind_node(int root, const struct spec_device *device, int host_fd, struct error *err);

/*
 * Makes /dev/fd, stdin, stdout, stderr, core (where the kernel has it) unless something has that
 * name, and /dev/ptmx as a link to pts/ptmx in any case.
 * Return: 0 or -errno of symlinkat(2).
 */
int dev_make_links(int root, struct error *err);
