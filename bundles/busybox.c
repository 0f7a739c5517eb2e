/* busybox.c - a rootfs from this machine's static busybox */
#include <errno.h>
#include <fcntl.h>
#include <link.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/strv.h"
#include "base/sys.h"
#include "bundles/entry.h"
#include "bundles/hint.h"
#include "bundles/source.h"

/* Where distributions put it. Alpine's /bin/busybox is dynamic, its static one has another name. */
static const char *const places[] = {
	"/bin/busybox",
	"/usr/bin/busybox",
	"/bin/busybox.static",
};

static const char busybox_name[] = "bin/busybox";

static const struct {
	const char *path;
	mode_t mode;
} directories[] = {
	{ "bin", 0755 },  { "dev", 0755 },      { "etc", 0755 },     { "home", 0755 },
	{ "mnt", 0755 },  { "opt", 0755 },      { "proc", 0555 },    { "root", 0700 },
	{ "run", 0755 },  { "sbin", 0755 },     { "srv", 0755 },     { "sys", 0555 },
	{ "tmp", 01777 }, { "usr", 0755 },      { "usr/bin", 0755 }, { "usr/sbin", 0755 },
	{ "var", 0755 },  { "var/log", 0755 },  { "var/tmp", 01777 },
};

static const struct {
	const char *path;
	mode_t mode;
	const char *text;
} files[] = {
	{ "etc/passwd", 0644,
	  "root:x:0:0:root:/root:/bin/sh\n"
	  "nobody:x:65534:65534:nobody:/:/bin/false\n" },
	{ "etc/group", 0644, "root:x:0:\ntty:x:5:\nnogroup:x:65534:\n" },
	{ "etc/shadow", 0600, "root:*::0:::::\nnobody:*::0:::::\n" },
	{ "etc/hosts", 0644, "127.0.0.1\tlocalhost\n::1\tlocalhost\n" },
	{ "etc/profile", 0644, "export PS1='\\h:\\w\\$ '\n" },
	{ "etc/shells", 0644, "/bin/sh\n/bin/ash\n" },
	{ "etc/os-release", 0644,
	  "NAME=\"BusyBox\"\nID=busybox\nPRETTY_NAME=\"BusyBox of the host\"\n" },
};

enum { LIST_MAX = 64 * 1024 };

struct filling {
	int fd;
	const struct rootfs_policy *policy;
	struct error *err;
};

/* A dynamic program names its loader; a static one, also a position-independent one, does not. */
static int check_static(int fd, const char *path, struct error *err)
{
	ElfW(Ehdr) head;
	ElfW(Phdr) part;

	if (pread(fd, &head, sizeof(head), 0) != sizeof(head) ||
	    memcmp(head.e_ident, ELFMAG, SELFMAG) != 0 || head.e_phentsize != sizeof(part))
		return error_set(err, ENOEXEC, "\"%s\" is not a program of this machine", path);
	for (int i = 0; i < head.e_phnum; i++) {
		off_t place = (off_t)(head.e_phoff + (size_t)i * sizeof(part));

		if (pread(fd, &part, sizeof(part), place) != sizeof(part))
			return error_set(err, ENOEXEC, "\"%s\" is cut short", path);
		if (part.p_type == PT_INTERP)
			return error_set(err, ENOEXEC,
					 "\"%s\" is not static: install busybox-static or give one "
					 "with --busybox FILE",
					 path);
	}
	return 0;
}

static int open_static(const char *path, int *fd, struct error *err)
{
	auto_close int file = sys_open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	struct stat st;
	int r;

	if (file < 0)
		return error_errno(err, file, "open \"%s\"", path);
	if (fstat(file, &st) < 0 || !S_ISREG(st.st_mode))
		return error_set(err, EINVAL, "\"%s\" is not a regular file", path);
	r = check_static(file, path, err);
	if (r == 0)
		*fd = take_fd(&file);
	return r;
}

int busybox_open(const struct request *request, struct arena *arena, int *fd, char **label,
		 struct error *err)
{
	const char *path = request->busybox;
	int r = path ? open_static(path, fd, err) : -ENOENT;

	/* The first that will do; else the message tells of the first that is there. */
	for (size_t i = 0; !path && r < 0 && i < sizeof(places) / sizeof(*places); i++) {
		struct error this_one = { 0 };

		r = open_static(places[i], fd, &this_one);
		if (r < 0 && r != -ENOENT && !err->num)
			*err = this_one;
		if (r == 0)
			path = places[i];
	}
	if (r < 0)
		return err->num ? -err->num :
				  error_set(err, ENOENT,
					    "no busybox on this machine: install busybox-static or "
					    "give one with --busybox FILE");
	*err = (struct error){ 0 };
	*label = arena_printf(arena, "\"%s\"", path);
	return 0;
}

static int tell(const struct filling *filling, int num, const char *path)
{
	return hint_errno(filling->err, num, "make \"%s\"", path);
}

static int set_owner(const struct filling *filling, const char *path)
{
	uint32_t id = filling->policy->id_first;

	if (filling->policy->id_size &&
	    fchownat(filling->fd, path, id, id, AT_SYMLINK_NOFOLLOW) < 0)
		return tell(filling, errno, path);
	return 0;
}

static int make_directories(const struct filling *filling)
{
	for (size_t i = 0; i < sizeof(directories) / sizeof(*directories); i++) {
		const char *path = directories[i].path;
		int r;

		if (mkdirat(filling->fd, path, 0700) < 0 ||
		    fchmodat(filling->fd, path, directories[i].mode, 0) < 0)
			return tell(filling, errno, path);
		r = set_owner(filling, path);
		if (r < 0)
			return r;
	}
	return 0;
}

static int copy_file(int from, int to, uint64_t max)
{
	off_t offset = 0;
	ssize_t sent;

	do
		sent = sendfile(to, from, &offset, 1 << 20);
	while (sent > 0 && (uint64_t)offset <= max);
	return sent < 0 ? -errno : sent > 0 ? -EFBIG : 0;
}

/* Makes a file from the text, or from source where there is one. */
static int make_file(const struct filling *filling, const char *path, mode_t mode, const char *text,
		     int source)
{
	const int flags = O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC;
	auto_close int fd = sys_openat(filling->fd, path, flags, 0600);
	int r = fd;

	if (r >= 0)
		r = text ? file_write_fd(fd, text, strlen(text)) :
			   copy_file(source, fd, filling->policy->max_size);
	if (r >= 0 && fchmod(fd, mode) < 0)
		r = -errno;
	if (r < 0)
		return tell(filling, r, path);
	return set_owner(filling, path);
}

static int make_files(const struct filling *filling, int busybox_fd)
{
	for (size_t i = 0; i < sizeof(files) / sizeof(*files); i++) {
		int r = make_file(filling, files[i].path, files[i].mode, files[i].text, -1);

		if (r < 0)
			return r;
	}
	return make_file(filling, busybox_name, 0755, NULL, busybox_fd);
}

static _Noreturn void run_list(int busybox_fd, int out)
{
	char *const args[] = { "busybox", "--list-full", NULL };
	char *const env[] = { NULL };

	if (dup2(out, STDOUT_FILENO) >= 0)
		fexecve(busybox_fd, args, env);
	_exit(127);
}

/* Asks the busybox itself which applets it has, and where they belong. */
static int read_list(int busybox_fd, struct buf *list, struct error *err)
{
	int ends[2], status, r;
	pid_t pid;

	if (pipe2(ends, O_CLOEXEC) < 0)
		return error_errno(err, errno, "list the applets of busybox: pipe");
	pid = fork();
	if (pid == 0)
		run_list(busybox_fd, ends[1]);
	close(ends[1]);
	r = pid < 0 ? -errno : file_read_fd(ends[0], LIST_MAX, list);
	close(ends[0]);
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	if (r < 0)
		return error_errno(err, r, "list the applets of busybox");
	if (!WIFEXITED(status) || WEXITSTATUS(status) || !list->len)
		return error_set(err, ENOEXEC,
				 "list the applets of busybox: \"busybox --list-full\" failed");
	return 0;
}

static int make_applets(const struct filling *filling, int busybox_fd)
{
	auto_buf struct buf list = { 0 };
	char name[ENTRY_NAME_SIZE], *rest, *line;
	int r = read_list(busybox_fd, &list, filling->err);

	if (r < 0)
		return r;
	rest = list.data;
	while ((line = strsep(&rest, "\n"))) {
		if (!*line || !strcmp(line, busybox_name))
			continue;
		r = entry_clean_name("applet", line, name, filling->err);
		if (r == 0)
			r = entry_make_parents(filling->fd, name, filling->policy, filling->err);
		if (r < 0)
			return r;
		/* linuxrc is listed without a folder and belongs to another life. */
		if (!strchr(name, '/'))
			continue;
		if (symlinkat("/bin/busybox", filling->fd, name) < 0 && errno != EEXIST)
			return tell(filling, errno, name);
		r = set_owner(filling, name);
		if (r < 0)
			return r;
	}
	return 0;
}

int busybox_fill(int fd, int rootfs_fd, const struct rootfs_policy *policy, struct error *err)
{
	struct filling filling = { rootfs_fd, policy, err };
	int r = set_owner(&filling, ".");

	if (r == 0)
		r = make_directories(&filling);
	if (r == 0)
		r = make_files(&filling, fd);
	return r < 0 ? r : make_applets(&filling, fd);
}
