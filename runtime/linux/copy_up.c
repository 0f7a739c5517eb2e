/* copy_up.c - fills a new tmpfs with what was at its mount point (option tmpcopyup) */
#include "runtime/linux/copy_up.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/sys.h"

enum { DEPTH_MAX = 128 };
enum { XATTR_NAMES_MAX = 4096 };
enum { XATTR_VALUE_MAX = 65536 };

/* A name is one component; neither a symlink nor a mount takes us elsewhere (-ELOOP, -EXDEV). */
static int open_source(int dir, const char *name, int flags)
{
	struct open_how how = {
		.flags = (uint64_t)flags | O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC,
		.resolve = RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV,
	};

	return sys_openat2(dir, name, &how);
}

/* tmpfs knows some namespaces of attributes only: what it refuses stays behind. */
static void copy_xattrs(int from, int to)
{
	static char value[XATTR_VALUE_MAX];
	char names[XATTR_NAMES_MAX];
	ssize_t len = flistxattr(from, names, sizeof(names));

	for (ssize_t at = 0; at < len; at += (ssize_t)strlen(names + at) + 1) {
		ssize_t size = fgetxattr(from, names + at, value, sizeof(value));

		if (size >= 0)
			(void)!fsetxattr(to, names + at, value, (size_t)size, 0);
	}
}

/* Owner first: chown(2) takes set-user-id bits and file capabilities away. */
static int copy_attributes(int from, int to, const struct stat *st)
{
	const struct timespec times[] = { st->st_atim, st->st_mtim };

	if (fchown(to, st->st_uid, st->st_gid) < 0 || fchmod(to, st->st_mode & ALLPERMS) < 0)
		return -errno;
	copy_xattrs(from, to);
	return futimens(to, times) < 0 ? -errno : 0;
}

static int copy_file(int source, int target, const char *name)
{
	auto_close int from = open_source(source, name, 0);
	auto_close int to = -1;
	struct stat st;
	ssize_t n;

	if (from < 0)
		return from;
	if (fstat(from, &st) < 0)
		return -errno;
	if (!S_ISREG(st.st_mode))
		return -ENOENT;
	to = sys_openat(target, name, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
	if (to < 0)
		return to;
	while ((n = sendfile(to, from, NULL, 1 << 30)) > 0)
		;
	return n < 0 ? -errno : copy_attributes(from, to, &st);
}

static int copy_link(int source, int target, const char *name, const struct stat *st)
{
	const struct timespec times[] = { st->st_atim, st->st_mtim };
	char text[PATH_MAX];
	ssize_t len = readlinkat(source, name, text, sizeof(text));

	if (len < 0)
		return -errno;
	if ((size_t)len == sizeof(text))
		return -ENAMETOOLONG;
	text[len] = 0;
	if (symlinkat(text, target, name) < 0 ||
	    fchownat(target, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0 ||
	    utimensat(target, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return 0;
}

/* Nobody else has the new tmpfs: what was just made under that name is still there. */
static int copy_node(int target, const char *name, const struct stat *st)
{
	const struct timespec times[] = { st->st_atim, st->st_mtim };

	if (mknodat(target, name, st->st_mode, st->st_rdev) < 0 ||
	    fchownat(target, name, st->st_uid, st->st_gid, AT_SYMLINK_NOFOLLOW) < 0 ||
	    fchmodat(target, name, st->st_mode & ALLPERMS, 0) < 0 ||
	    utimensat(target, name, times, AT_SYMLINK_NOFOLLOW) < 0)
		return -errno;
	return 0;
}

/* Gone, replaced by a symlink, or a mount: not part of the tree (any more). */
static bool is_left_out(int r)
{
	return r == -ENOENT || r == -ELOOP || r == -EXDEV;
}

static int copy_content(int from, int to, int depth, struct error *err);

static int copy_directory(int source, int target, const char *name, int depth, struct error *err)
{
	auto_close int from = open_source(source, name, O_DIRECTORY);
	auto_close int to = -1;
	struct stat st;
	int r;

	if (is_left_out(from))
		return 0;
	if (from < 0)
		return error_errno(err, from, "copy \"%s\"", name);
	if (fstat(from, &st) < 0 || mkdirat(target, name, 0700) < 0)
		return error_errno(err, errno, "copy \"%s\"", name);
	to = sys_openat(target, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);
	if (to < 0)
		return error_errno(err, to, "copy \"%s\"", name);
	r = copy_content(from, to, depth + 1, err);
	if (r < 0)
		return error_context(err, "in \"%s\"", name);
	r = copy_attributes(from, to, &st);
	return r < 0 ? error_errno(err, r, "copy the owner and mode of \"%s\"", name) : 0;
}

static int copy_entry(int source, int target, const char *name, int depth, struct error *err)
{
	struct stat st;
	int r;

	if (fstatat(source, name, &st, AT_SYMLINK_NOFOLLOW) < 0)
		r = -errno;
	else if (S_ISDIR(st.st_mode))
		return copy_directory(source, target, name, depth, err);
	else if (S_ISREG(st.st_mode))
		r = copy_file(source, target, name);
	else if (S_ISLNK(st.st_mode))
		r = copy_link(source, target, name, &st);
	else
		r = copy_node(target, name, &st);
	return r == 0 || is_left_out(r) ? 0 : error_errno(err, r, "copy \"%s\"", name);
}

static int copy_content(int from, int to, int depth, struct error *err)
{
	auto_directory DIR *directory = NULL;
	const struct dirent *entry;
	int r;

	if (depth > DEPTH_MAX)
		return error_set(err, EOVERFLOW, "directories are nested too deeply");
	r = directory_open(from, ".", &directory);
	if (r < 0)
		return error_errno(err, r, "open the directory");
	while (r == 0 && (entry = directory_next(directory)))
		r = copy_entry(from, to, entry->d_name, depth, err);
	if (r == 0 && errno)
		r = error_errno(err, errno, "read the directory");
	return r;
}

/* The options of the tmpfs may have named another owner than root already. */
static int copy_top_attributes(int from, int to)
{
	struct stat st, made;

	if (fstat(from, &st) < 0 || fstat(to, &made) < 0)
		return -errno;
	if (made.st_uid == 0 && made.st_gid == 0 && fchown(to, st.st_uid, st.st_gid) < 0)
		return -errno;
	copy_xattrs(from, to);
	return futimens(to, (const struct timespec[]){ st.st_atim, st.st_mtim }) < 0 ? -errno : 0;
}

int copy_up_tree(int source, int target, struct error *err)
{
	auto_close int from = sys_openat(source, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	auto_close int to = sys_openat(target, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0);
	int r = from < 0 ? from : to;

	if (r >= 0) {
		r = copy_content(from, to, 0, err);
		if (r < 0)
			return error_context(err, "tmpcopyup");
		r = copy_top_attributes(from, to);
	}
	return r < 0 ? error_errno(err, r, "tmpcopyup") : 0;
}
