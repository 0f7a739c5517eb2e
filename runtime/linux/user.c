/* user.c - becoming the container's user, and what is known about a user */
#include "runtime/linux/user.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/number.h"
#include "base/sys.h"
#include "runtime/linux/caps.h"

enum { PASSWD_MAX = 4 << 20 };

static int groups_set(const struct spec_user *user, struct error *err)
{
	if (!setgroups(user->additionalGids_len, user->additionalGids))
		return 0;
	if (errno == EINVAL)
		return error_set(err, errno, "set supplementary groups: one of them has no mapping "
					     "in the user namespace, or there are too many");
	/*
	 * A capable process is refused only where the user namespace was made without privileges,
	 * and there nobody can change the groups.
	 */
	if (errno != EPERM || !caps_has_effective(CAP_SETGID))
		return error_errno(err, errno, "set supplementary groups");
	if (user->additionalGids_len)
		log_warning("additionalGids are left out: the user namespace forbids setgroups(2)");
	return 0;
}

int user_set(const struct spec_user *user, bool keep_groups, struct error *err)
{
	int r = keep_groups ? 0 : groups_set(user, err);

	if (r < 0)
		return r;
	if (setresgid(user->gid, user->gid, user->gid) < 0)
		return error_errno(err, errno, "become group %u%s", user->gid,
				   errno == EINVAL ? " (not mapped in the user namespace)" : "");
	if (setresuid(user->uid, user->uid, user->uid) < 0)
		return error_errno(err, errno, "become user %u%s", user->uid,
				   errno == EINVAL ? " (not mapped in the user namespace)" : "");
	umask(user->umask ? (mode_t)*user->umask : USER_UMASK_DEFAULT);
	return 0;
}

/* Reads name:password:UID:gid:comment:HOME:shell, passwd(5). Return: that uid's home, or NULL. */
static const char *line_home(char *line, uint32_t uid)
{
	enum { UID = 2, HOME = 5, FIELDS };
	const char *fields[FIELDS];
	uint32_t found;

	for (int i = 0; i < FIELDS; i++) {
		fields[i] = strsep(&line, ":");
		if (!fields[i])
			return NULL;
	}
	if (number_parse_id(fields[UID], &found) < 0 || found != uid || *fields[HOME] != '/')
		return NULL;
	return fields[HOME];
}

/* No fifo to wait for, no device, and no way out of the root by a magic link (/proc/self/fd/3). */
static int passwd_read(int root, struct buf *text)
{
	const struct open_how how = {
		.flags = O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC,
		.resolve = RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS,
	};
	auto_close int fd = sys_openat2(root, "etc/passwd", &how);
	struct stat st;

	if (fd < 0)
		return fd;
	if (fstat(fd, &st) < 0)
		return -errno;
	return S_ISREG(st.st_mode) ? file_read_fd(fd, PASSWD_MAX, text) : -EINVAL;
}

const char *user_find_home_in(char *passwd, uint32_t uid)
{
	const char *found = NULL;
	char *line;

	while (!found && (line = strsep(&passwd, "\n")))
		found = line_home(line, uid);
	return found;
}

int user_find_home(uint32_t uid, struct arena *arena, const char **home, struct error *err)
{
	auto_close int root = sys_open("/", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	auto_buf struct buf text = { 0 };
	const char *found;
	int r;

	if (root < 0)
		return error_errno(err, root, "open the root directory");
	r = passwd_read(root, &text);
	if (r < 0)
		log_debug("no home directory for user %u, /etc/passwd: %s", uid, strerror(-r));
	found = r < 0 ? NULL : user_find_home_in(text.data, uid);
	*home = found ? arena_strdup(arena, found) : "/";
	return 0;
}

int user_parse(const char *text, uint32_t *uid, uint32_t *gid, struct error *err)
{
	const char *colon = strchr(text, ':');
	auto_buf struct buf user = { 0 };
	uint32_t parsed_uid, parsed_gid;

	buf_add(&user, text, colon ? (size_t)(colon - text) : strlen(text));
	if (number_parse_id(user.data, &parsed_uid) < 0 ||
	    (colon && number_parse_id(colon + 1, &parsed_gid) < 0))
		return error_set(err, EINVAL, "user \"%s\" is not UID[:GID], numbers from 0 to "
					      "4294967294",
				 text);
	*uid = parsed_uid;
	if (colon)
		*gid = parsed_gid;
	return 0;
}
