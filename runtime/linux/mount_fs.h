/* mount_fs.h - new file systems as detached mounts: fsopen(2) and its kin */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

/*
 * Makes a file system. data: "key=value" or "flag", NULL-terminated, may be NULL; read_only: the
 * file system itself, not only this mount; attributes: MOUNT_ATTR_* of the mount. source may be
 * NULL.
 * Return: a descriptor of a detached mount; -ENODEV for an unknown type; -errno of fsconfig(2),
 * fsmount(2), with what the kernel says about it.
 */
int mount_fs_make(const char *type, const char *source, char *const *data, bool read_only,
		  uint64_t attributes, struct error *err);

/* Gives new data to the file system that is mounted at fd. Return: 0 or -errno of fspick(2). */
int mount_fs_reconfigure(int fd, char *const *data, struct error *err);

/* Return: whether a value is longer than fsconfig(2) takes (an overlay with many layers). */
bool mount_fs_is_long(char *const *data);

/* For such data: mount(2) on the directory point, which takes a page of it. Return: 0 or -errno. */
int mount_fs_attach_long(const char *type, const char *source, char *const *data, int point,
			 struct error *err);
