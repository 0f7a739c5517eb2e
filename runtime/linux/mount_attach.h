/* mount_attach.h - where a mount may be put below the container's root, and putting it there */
#pragma once
#include <stdbool.h>

#include "base/error.h"

/*
 * Attaches a detached mount. is_directory: what is made where nothing is, and what has to be there.
 * Return: 0; -EPERM on procfs where it is not allowed; -ESTALE where somebody moved the mount point
 * away meanwhile; -errno of move_mount(2).
 */
int mount_attach(int mount_fd, int root, const char *destination, bool is_directory,
		 struct error *err);

/*
 * The same on a mount point that is open already (O_PATH); destination is for look-up and messages.
 */
int mount_attach_at(int mount_fd, int root, const char *destination, int point,
		    struct error *err);

/*
 * Pieces of mount_attach: the mount point, with what is missing of it; and whether the mount may be
 * put there. mount_fd: -1 where there is no mount yet.
 * Return: an O_PATH descriptor, -errno as rootfs_ensure_directory; 0, -EPERM, -EINVAL on the root.
 */
int mount_attach_point(int mount_fd, int root, const char *destination, bool is_directory,
		       struct error *err);
int mount_attach_check(int mount_fd, int root, const char *destination, int point,
		       struct error *err);
