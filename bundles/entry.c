/* entry.c - the names in an archive, which nobody may trust */
#include "bundles/entry.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/path.h"
#include "base/sys.h"
#include "bundles/hint.h"

int entry_clean_name(const char *kind, const char *name, char clean[ENTRY_NAME_SIZE],
		     struct error *err)
{
	char result[ENTRY_NAME_SIZE];
	size_t len = 0;
	int depth = 0;

	if (!*name || *name == '/')
		return error_set(err, EINVAL, "%s \"%.100s\" is %s", kind, name,
				 *name ? "absolute" : "empty");
	if (path_has_dotdot(name))
		return error_set(err, EINVAL, "%s \"%.100s\" has \"..\"", kind, name);
	while (*name) {
		size_t part = strcspn(name, "/");

		if (part && !(part == 1 && *name == '.')) {
			if (part > ENTRY_COMPONENT_MAX || ++depth > ENTRY_DEPTH_MAX ||
			    len + part + 2 > sizeof(result))
				return error_set(err, ENAMETOOLONG, "%s \"%.40s...\" is too long",
						 kind, name);
			if (len)
				result[len++] = '/';
			memcpy(result + len, name, part);
			len += part;
		}
		name += part;
		name += strspn(name, "/");
	}
	if (!len)
		result[len++] = '.';
	result[len] = 0;
	memcpy(clean, result, len + 1);
	return 0;
}

static int make_directory(int dirfd, const char *name, const struct rootfs_policy *policy)
{
	if (mkdirat(dirfd, name, 0755) < 0)
		return errno == EEXIST ? 0 : -errno;
	if (policy->id_size &&
	    fchownat(dirfd, name, policy->id_first, policy->id_first, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return 0;
}

/* One component after the other, so that the message can name the one that is wrong. */
static int walk(int rootfs_fd, char *path, const struct rootfs_policy *policy, struct error *err)
{
	auto_close int fd = sys_openat(rootfs_fd, ".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	char *start = path;

	while (fd >= 0 && start) {
		char *slash = strchr(start, '/');
		int next, r;

		if (slash)
			*slash = 0;
		r = make_directory(fd, start, policy);
		if (r < 0)
			return hint_errno(err, r, "make \"%s\"", path);
		next = sys_openat(fd, start, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
		/* A symlink is ENOTDIR with O_PATH | O_DIRECTORY | O_NOFOLLOW, open(2). */
		if (next == -ENOTDIR || next == -ELOOP)
			return error_set(err, next,
					 "\"%s\" is a symlink or a file and no directory", path);
		if (next < 0)
			return error_errno(err, next, "open \"%s\"", path);
		fd_close(&fd);
		fd = next;
		if (slash)
			*slash = '/';
		start = slash ? slash + 1 : NULL;
	}
	return fd < 0 ? error_errno(err, fd, "open the rootfs") : 0;
}

int entry_make_parents(int rootfs_fd, const char *name, const struct rootfs_policy *policy,
		       struct error *err)
{
	const struct open_how how = {
		.flags = O_PATH | O_DIRECTORY | O_CLOEXEC,
		.resolve = RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_MAGICLINKS |
			   RESOLVE_NO_XDEV,
	};
	auto_close int fd = -1;
	char parent[ENTRY_NAME_SIZE];
	const char *slash = strrchr(name, '/');

	if (!slash)
		return 0;
	memcpy(parent, name, (size_t)(slash - name));
	parent[slash - name] = 0;
	/* Nearly always they are there and sound. */
	fd = sys_openat2(rootfs_fd, parent, &how);
	return fd >= 0 ? 0 : walk(rootfs_fd, parent, policy, err);
}
