/* target.c - the bundle's directory: made whole or not at all */
#include "bundles/target.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"
#include "bundles/directory.h"
#include "bundles/hint.h"

static const char rootfs_name[] = "rootfs";
static const char config_name[] = "config.json";

static int refuse_existing(const char *path, const char *name, struct error *err)
{
	return error_set(err, EEXIST,
			 "\"%s\" has a %s already: choose another directory, or replace it with "
			 "--force",
			 path, name);
}

int target_check(const char *path, bool force, struct error *err)
{
	static const char *const names[] = { config_name, rootfs_name };
	auto_close int fd = sys_open(path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	struct stat st;

	if (fd == -ENOENT && *path)
		return 0;
	if (fd < 0)
		return error_errno(err, fd, "open \"%s\"", path);
	for (size_t i = 0; !force && i < sizeof(names) / sizeof(*names); i++)
		if (fstatat(fd, names[i], &st, AT_SYMLINK_NOFOLLOW) == 0)
			return refuse_existing(path, names[i], err);
	return 0;
}

/* mkdtemp(3) beneath a descriptor. */
static int make_temporary(struct target *target)
{
	for (int tries = 0; tries < 100; tries++) {
		unsigned int number;

		if (getrandom(&number, sizeof(number), 0) < 0)
			return -errno;
		snprintf(target->temporary, sizeof(target->temporary), ".gocker-bundle.%06x",
			 number & 0xffffff);
		if (mkdirat(target->fd, target->temporary, 0700) == 0)
			return 0;
		if (errno != EEXIST)
			break;
	}
	/* Not ours: it must not be removed. */
	target->temporary[0] = 0;
	return -errno;
}

static int open_temporary(struct target *target)
{
	const int flags = O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC;
	int r = make_temporary(target);

	if (r < 0)
		return r;
	target->temporary_fd = sys_openat(target->fd, target->temporary, flags, 0);
	if (target->temporary_fd < 0)
		return target->temporary_fd;
	if (mkdirat(target->temporary_fd, rootfs_name, 0700) < 0)
		return -errno;
	target->rootfs_fd = sys_openat(target->temporary_fd, rootfs_name, flags, 0);
	if (target->rootfs_fd < 0)
		return target->rootfs_fd;
	/* Whatever the umask is: users of the container must get in. */
	return fchmod(target->rootfs_fd, 0755) < 0 ? -errno : 0;
}

int target_open(const char *path, mode_t mode, struct target *target, struct error *err)
{
	int r = directory_make(path, 0755, mode);

	if (r < 0)
		return hint_errno(err, r, "make \"%s\"", path);
	target->path = path;
	target->made = r;
	target->fd = sys_open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	if (target->fd < 0)
		return error_errno(err, target->fd, "open \"%s\"", path);
	r = open_temporary(target);
	if (r < 0)
		return hint_errno(err, r, "make a directory in \"%s\"", path);
	return 0;
}

bool target_is_private(const struct target *target)
{
	auto_close int fd = sys_openat(target->fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	struct stat st, above;

	while (fd >= 0 && fstat(fd, &st) == 0) {
		int next;

		if (!(st.st_mode & 0011))
			return true;
		next = sys_openat(fd, "..", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
		fd_close(&fd);
		fd = next;
		if (fd < 0 || fstat(fd, &above) < 0 ||
		    (above.st_ino == st.st_ino && above.st_dev == st.st_dev))
			return false;
	}
	return false;
}

/* Return: 1 where something was exchanged, 0 where the place was free, -errno. */
static int place(const struct target *target, const char *name, bool force)
{
	if (force && renameat2(target->temporary_fd, name, target->fd, name, RENAME_EXCHANGE) == 0)
		return 1;
	if (force && errno != ENOENT)
		return -errno;
	return renameat2(target->temporary_fd, name, target->fd, name, RENAME_NOREPLACE) < 0 ?
		       -errno :
		       0;
}

static void take_back(const struct target *target, const char *name, bool exchanged)
{
	renameat2(target->fd, name, target->temporary_fd, name,
		  exchanged ? RENAME_EXCHANGE : RENAME_NOREPLACE);
}

int target_commit(struct target *target, const struct buf *config, bool force, struct error *err)
{
	int exchanged, r;

	r = file_replace_at(target->temporary_fd, config_name, config->data, config->len, 0644);
	if (r < 0)
		return hint_errno(err, r, "write \"%s/%s\"", target->path, config_name);
	exchanged = place(target, rootfs_name, force);
	if (exchanged == -EEXIST)
		return refuse_existing(target->path, rootfs_name, err);
	if (exchanged < 0)
		return hint_errno(err, exchanged, "put \"%s/%s\" in place", target->path,
				  rootfs_name);
	r = place(target, config_name, force);
	if (r >= 0)
		return 0;
	take_back(target, rootfs_name, exchanged);
	if (r == -EEXIST)
		return refuse_existing(target->path, config_name, err);
	return hint_errno(err, r, "put \"%s/%s\" in place", target->path, config_name);
}

int target_close(struct target *target, bool keep, struct error *err)
{
	int r = 0;

	fd_close(&target->rootfs_fd);
	fd_close(&target->temporary_fd);
	if (target->fd >= 0 && target->temporary[0])
		r = file_remove_tree_at(target->fd, target->temporary);
	fd_close(&target->fd);
	if (!keep)
		directory_unmake(target->path, target->made);
	return r < 0 ? error_errno(err, r, "remove \"%s/%s\"", target->path, target->temporary) : 0;
}
