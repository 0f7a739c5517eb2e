/* mount.h - attaches file systems below the container's root */
#pragma once
#include <stdbool.h>

#include "base/error.h"
#include "runtime/linux/mountopt.h"
#include "spec/config.h"

/*
 * Takes a detached clone of what is mounted at path. how: AT_RECURSIVE: with all mounts below it;
 * AT_SYMLINK_NOFOLLOW: of the symlink that path is; or 0.
 * Inside a user namespace the clone of a process of that namespace keeps the host's ro, nosuid,
 * nodev and noexec for good; a clone made outside does not, and root of the container can change
 * them.
 * Return: a descriptor; -errno of open_tree(2), with the missing source in the message.
 */
int mount_open_source(const char *path, unsigned int how, struct error *err);

/*
 * Gives the mount ids of a user namespace (MOUNT_ATTR_IDMAP); needs CAP_SYS_ADMIN over the file
 * system.
 * Return: 0; -EINVAL where the file system cannot; -errno of mount_setattr(2).
 */
int mount_set_idmap(int mount_fd, int userns_fd, bool recursive, struct error *err);

/*
 * Makes one entry of /mounts: the mount point, what is missing of it, the mount with its options,
 * and looks whether it is where it was asked for. All that a caller needs but for type "cgroup".
 * source_fd: of a bind: its source as a detached clone, used up by this call, still to be closed.
 * A tmpfs takes the mode of its mount point, and its content with tmpcopyup. A tmpfs and whatever
 * is mounted on /dev are not read-only yet: mount_finish_readonly, when all is in them.
 * Return: 0; -EPERM, -EINVAL where a mount on or below /proc or /sys is refused; -errno of
 * fsopen(2), fsconfig(2), fsmount(2), mount_setattr(2), move_mount(2), with what the kernel logged.
 */
int mount_add(int root, const struct spec_mount *mount, const struct mount_options *options,
	      int source_fd, struct error *err);

/*
 * The same for an entry whose destination is "/": it covers the root, which is no longer to be used
 * then. With tmpcopyup a tmpfs gets what is in the root, but for what is mounted in it already.
 * Return: a descriptor of the new root; -ENOTDIR where a bind's source is a file; -EINVAL where it
 * would be shared; -errno as mount_add.
 */
int mount_add_root(int root, const struct spec_mount *mount, const struct mount_options *options,
		   int source_fd, struct error *err);

/* Makes read-only what mount_add left writable, nothing for other mounts. Return: 0 or -errno. */
int mount_finish_readonly(int root, const struct spec_mount *mount,
			  const struct mount_options *options, struct error *err);

/*
 * Unmounts what was mounted last on destination; what still uses it keeps it. fds: the caller's
 * /proc/self/fd.
 * Return: 0; -EINVAL where nothing is mounted there, or it is the root; -errno of openat2(2),
 * umount2(2).
 */
int mount_remove(int root, const char *destination, int fds, struct error *err);

/*
 * The first half of mount_add, for others who mount: a detached mount with the attributes of the
 * options, for mount_attach(). A bind stops giving mounts back to the host unless options->cut is
 * MS_SHARED.
 * Return: a descriptor; -errno as mount_add.
 */
int mount_make(const struct spec_mount *mount, const struct mount_options *options, int source_fd,
	       struct error *err);
