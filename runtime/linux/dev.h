/* dev.h - device nodes and links in the container's /dev */
#pragma once
#include <stddef.h>
#include <sys/types.h>

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
 * In a user namespace mknod(2) is refused: nodes come from outside, as detached mounts that are
 * nosuid and noexec. This one is the host's, with its mode and owner.
 * Return: descriptor, or -errno of open_tree(2), mount_setattr(2).
 */
int dev_open_host(const struct spec_device *device, struct error *err);

/*
 * The same for a node that is made for the container, as dir/name. It has to stay there until it is
 * in its place: what is removed cannot be attached. uid and gid are the host's.
 * Return: descriptor; -EPERM where the caller may make no nodes; another -errno of mknodat(2),
 * fchownat(2), open_tree(2), mount_setattr(2).
 */
int dev_make_detached(int dir, const char *name, const struct spec_device *device, uid_t uid,
		      gid_t gid, struct error *err);

/*
 * Puts such a node in its place; it is used up by this call, still to be closed.
 * Return: 0; -EINVAL where it is another device than asked for; -ELOOP where a symlink is in the
 * place; -errno.
 */
int dev_bind_node(int root, const struct spec_device *device, int node, struct error *err);

/*
 * Makes /dev/fd, stdin, stdout, stderr, core (where the kernel has it) unless something has that
 * name, and /dev/ptmx as a link to pts/ptmx in any case.
 * Return: 0 or -errno of symlinkat(2).
 */
int dev_make_links(int root, struct error *err);
