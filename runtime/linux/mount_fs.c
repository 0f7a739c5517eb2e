/* mount_fs.c - new file systems as detached mounts: fsopen(2) and its kin */
#include "runtime/linux/mount_fs.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/mount.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/fd.h"
#include "base/sys.h"

enum {
	FSCONFIG_TEXT_MAX = 255, /* strndup_user() in fs/fsopen.c */
	LOG_LINE_MAX = 512,
};

/* The last error the kernel logged in the context: "e devpts: Bad value for 'gid'". */
static void read_log(int fs, char text[LOG_LINE_MAX])
{
	char line[LOG_LINE_MAX];
	ssize_t len;

	text[0] = 0;
	while ((len = read(fs, line, sizeof(line) - 1)) > 0) {
		line[len] = 0;
		line[strcspn(line, "\n")] = 0;
		if (line[0] != 'e' || line[1] != ' ')
			continue;
		strcpy(text, line + 2);
	}
}

static const struct {
	const char *type;
	int num;
	const char *text;
} hints[] = {
	{ "devpts", EINVAL, "is the group of gid= mapped in the user namespace?" },
	{ "mqueue", EPERM, "in a user namespace it needs a new ipc namespace" },
	{ "proc", EPERM, "in a user namespace it needs a new pid namespace, and a host's /proc of "
			 "which no part is covered" },
	{ "sysfs", EPERM, "in a user namespace it needs a new network namespace" },
	{ "cgroup2", EPERM, "in a user namespace it needs a new cgroup namespace" },
};

static const char *find_hint(const char *type, int num)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (!strcmp(hints[i].type, type) && hints[i].num == num)
			return hints[i].text;
	return NULL;
}

/* what: the step or option that failed; the kernel's own words say more than the errno does. */
static int explain(int fs, const char *type, int num, const char *what, struct error *err)
{
	const char *hint = find_hint(type, -num);
	char log[LOG_LINE_MAX];

	read_log(fs, log);
	/* Behind the kernel's own words its word for the errno, as mount(8) and crun have it. */
	if (log[0] && !hint && num == -EINVAL)
		return error_set(err, EINVAL, "%s: %s (%s)", what, log, strerror(EINVAL));
	return error_errno(err, num, "%s%s%s%s%s%s", what, log[0] ? ": " : "", log,
			   hint ? " (" : "", hint ? hint : "", hint ? ")" : "");
}

static int add_datum(int fs, const char *type, const char *datum, struct error *err)
{
	const char *equals = strchr(datum, '=');
	char key[FSCONFIG_TEXT_MAX + 1];
	size_t len = equals ? (size_t)(equals - datum) : strlen(datum);
	int r;

	if (len > FSCONFIG_TEXT_MAX)
		return error_set(err, EINVAL, "mount option \"%s\" is too long", datum);
	memcpy(key, datum, len);
	key[len] = 0;
	r = equals ? sys_fsconfig(fs, FSCONFIG_SET_STRING, key, equals + 1, 0) :
		     sys_fsconfig(fs, FSCONFIG_SET_FLAG, key, NULL, 0);
	if (r == 0)
		return 0;
	explain(fs, type, r, "refused", err);
	return error_context(err, "mount option \"%s\"", datum);
}

static int add_data(int fs, const char *type, char *const *data, struct error *err)
{
	int r = 0;

	for (; r == 0 && data && *data; data++)
		r = add_datum(fs, type, *data, err);
	return r;
}

int mount_fs_make(const char *type, const char *source, char *const *data, bool read_only,
		  uint64_t attributes, struct error *err)
{
	auto_close int fs = sys_fsopen(type, FSOPEN_CLOEXEC);
	int r;

	if (fs == -ENODEV)
		return error_set(err, ENODEV, "the kernel has no file system type \"%s\"", type);
	if (fs < 0)
		return explain(fs, type, fs, "open the file system type", err);
	if (source && *source) {
		r = sys_fsconfig(fs, FSCONFIG_SET_STRING, "source", source, 0);
		if (r < 0)
			return explain(fs, type, r, "set the source", err);
	}
	if (read_only) {
		r = sys_fsconfig(fs, FSCONFIG_SET_FLAG, "ro", NULL, 0);
		if (r < 0)
			return explain(fs, type, r, "make it read-only", err);
	}
	r = add_data(fs, type, data, err);
	if (r < 0)
		return r;
	r = sys_fsconfig(fs, FSCONFIG_CMD_CREATE, NULL, NULL, 0);
	if (r < 0)
		return explain(fs, type, r, "make the file system", err);
	r = sys_fsmount(fs, FSMOUNT_CLOEXEC, (unsigned int)attributes);
	return r < 0 ? explain(fs, type, r, "mount the file system", err) : r;
}

int mount_fs_reconfigure(int fd, char *const *data, struct error *err)
{
	auto_close int fs = fspick(fd, "", FSPICK_CLOEXEC | FSPICK_EMPTY_PATH);
	int r;

	if (fs < 0)
		return error_errno(err, errno, "pick the file system%s",
				   errno == EINVAL ? " (nothing is mounted there)" : "");
	r = add_data(fs, "", data, err);
	if (r < 0)
		return r;
	r = sys_fsconfig(fs, FSCONFIG_CMD_RECONFIGURE, NULL, NULL, 0);
	return r < 0 ? explain(fs, "", r, "reconfigure the file system", err) : 0;
}

bool mount_fs_is_long(char *const *data)
{
	for (; data && *data; data++) {
		const char *equals = strchr(*data, '=');

		if (equals && strlen(equals + 1) > FSCONFIG_TEXT_MAX)
			return true;
	}
	return false;
}

/* The working directory names the point without a path; it is put back after. */
static int mount_here(const char *type, const char *source, const char *data, int point)
{
	auto_close int before = sys_open(".", O_PATH | O_DIRECTORY | O_CLOEXEC, 0);
	int r;

	if (fchdir(point) < 0)
		return -errno;
	r = mount(source ? source : type, ".", type, 0, data) < 0 ? -errno : 0;
	if ((before < 0 ? chdir("/") : fchdir(before)) < 0 && r == 0)
		r = -errno;
	return r;
}

/* A comma ends an option, but in the quotes that SELinux takes around a label. */
static void add_to_page(struct buf *all, const char *datum)
{
	const char *equals = strchr(datum, '=');

	if (all->len)
		buf_puts(all, ",");
	if (equals && equals - datum >= 7 && !strncmp(equals - 7, "context", 7))
		buf_printf(all, "%.*s\"%s\"", (int)(equals + 1 - datum), datum, equals + 1);
	else
		buf_puts(all, datum);
}

int mount_fs_attach_long(const char *type, const char *source, char *const *data, int point,
			 struct error *err)
{
	auto_buf struct buf all = { 0 };
	int r;

	for (; *data; data++)
		add_to_page(&all, *data);
	r = mount_here(type, source, all.data, point);
	return r < 0 ? error_errno(err, r, "mount the file system") : 0;
}
