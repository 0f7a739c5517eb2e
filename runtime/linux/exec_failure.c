/* exec_failure.c - why a program cannot be executed, in words */
#include "runtime/linux/exec_failure.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <sys/utsname.h>
#include <sys/xattr.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"
#include "base/table.h"
#include "runtime/linux/exec_format.h"

/*
 * A system call filter may be in force by now, one that kills for what it does not know: no newer
 * calls than stat(2) and access(2), which is as good as eaccess(3) here. What fails for another
 * reason than the program's says nothing.
 */

enum { INTERPRETERS_MAX = 5 }; /* the kernel's limit for scripts that name scripts */

/* The program, or the interpreter that it names, or the interpreter's ... */
struct file {
	const char *path;
	const char *name; /* how the sentence begins */
	int depth;        /* 0: the program itself */
	int num;          /* errno of the execve(2) */
	bool is_loader;   /* of an ELF program: has to be ELF too */
	struct stat st;
	struct exec_format format;
	struct arena *arena;
};

static const char *examine(struct file *file);

#define SAY(file, fmt, ...) arena_printf((file)->arena, "%s " fmt, (file)->name, ##__VA_ARGS__)

/* The way to it, as far as it is written in the path. */
static const char *find_closed_directory(struct file *file)
{
	for (const char *end = strchr(file->path, '/'); end; end = strchr(end + 1, '/')) {
		size_t len = (size_t)(end + 1 - file->path);
		const char *parent = arena_strndup(file->arena, file->path, len);

		if (access(parent, X_OK) < 0 && errno == EACCES)
			return SAY(file, "cannot be reached: user %u may not enter \"%s\"",
				   geteuid(), parent);
	}
	return NULL;
}

/* num: why it cannot be followed. */
static const char *find_broken_link(struct file *file, int num)
{
	static const struct name_value fates[] = {
		{ "leads nowhere", ENOENT },	 { "leads nowhere", ENOTDIR },
		{ "leads in a circle", ELOOP },	 { "cannot be reached", EACCES },
		{ NULL, 0 },
	};
	const char *fate = table_name_of(fates, num);
	char target[PATH_MAX];
	ssize_t len = readlink(file->path, target, sizeof(target) - 1);

	if (!fate || len < 0)
		return "";
	target[len] = 0;
	return SAY(file, "is a symlink to \"%s\", which %s", target, fate);
}

/* That the program itself is missing is what the errno says already; nothing else can be seen. */
static const char *find_absence(struct file *file)
{
	int num;

	if (stat(file->path, &file->st) == 0)
		return NULL;
	num = errno;
	if (lstat(file->path, &file->st) == 0)
		return find_broken_link(file, num);
	return file->depth && errno == ENOENT ? SAY(file, "is not there") : "";
}

static const char *find_other_type(struct file *file)
{
	static const struct name_value types[] = {
		{ "a directory", S_IFDIR },	   { "a fifo", S_IFIFO },
		{ "a character device", S_IFCHR }, { "a block device", S_IFBLK },
		{ "a socket", S_IFSOCK },	   { NULL, 0 },
	};
	const char *type = table_name_of(types, file->st.st_mode & S_IFMT);

	return type ? SAY(file, "is %s, not a file", type) : NULL;
}

static const char *find_missing_right(struct file *file)
{
	unsigned int mode = file->st.st_mode & 07777;
	struct statvfs mount;

	if (statvfs(file->path, &mount) == 0 && mount.f_flag & ST_NOEXEC)
		return SAY(file, "is on a mount with the option noexec");
	if (!(mode & 0111))
		return SAY(file, "has no execute bit: its mode is %04o", mode);
	if (access(file->path, X_OK) == 0 || errno != EACCES)
		return NULL;
	return SAY(file, "is not for user %u to execute: its mode is %04o, its owner %u:%u",
		   geteuid(), mode, file->st.st_uid, file->st.st_gid);
}

/* The checks before have seen a regular file; what it has become since must not block us. */
static bool read_format(struct file *file)
{
	auto_close int fd =
		sys_open(file->path, O_RDONLY | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0);

	return fd >= 0 && fstat(fd, &file->st) == 0 && S_ISREG(file->st.st_mode) &&
	       exec_format_read(fd, &file->format) == 0;
}

static const char *find_other_machine(struct file *file)
{
	const char *machine = exec_format_machine_name(file->format.machine);
	struct utsname host;

	uname(&host);
	return SAY(file, "is a program for %s (%u bit), and this machine is %s",
		   machine ? machine : "another machine", file->format.bits, host.machine);
}

static const char *find_bad_script(struct file *file)
{
	const struct exec_format *format = &file->format;
	size_t len = strlen(format->interpreter);

	if (format->is_crlf)
		return SAY(file, "has CRLF line ends: \"#!%.*s\" is followed by a carriage return",
			   (int)len - 1, format->interpreter);
	if (format->is_cut)
		return SAY(file, "has a longer first line than the kernel reads");
	return len ? NULL : SAY(file, "begins with \"#!\" but names no interpreter");
}

static const char *find_bad_elf(struct file *file)
{
	const struct exec_format *format = &file->format;

	/* A 32-bit program may be executable here: only the kernel knows. */
	if (file->num == ENOEXEC && !format->is_native)
		return find_other_machine(file);
	if (format->is_damaged)
		return SAY(file, "is damaged: it is shorter than its ELF header says");
	return format->is_program ? NULL : SAY(file, "is an ELF file, but not a program");
}

static const char *find_bad_format(struct file *file)
{
	if (!read_format(file))
		return NULL;
	if (file->is_loader && file->format.kind != EXEC_ELF)
		return SAY(file, "is not an ELF file");
	switch (file->format.kind) {
	case EXEC_EMPTY:
		return SAY(file, "is empty");
	case EXEC_SCRIPT:
		return find_bad_script(file);
	case EXEC_ELF:
		return find_bad_elf(file);
	default:
		return SAY(file, "has neither a \"#!\" line nor an ELF header");
	}
}

static const char *find_bad_interpreter(struct file *file)
{
	struct file interpreter = {
		.path = file->format.interpreter,
		.depth = file->depth + 1,
		.num = file->num,
		.is_loader = file->format.kind == EXEC_ELF,
		.arena = file->arena,
	};

	if (!*interpreter.path || interpreter.depth > INTERPRETERS_MAX)
		return NULL;
	interpreter.name = arena_printf(file->arena, "the %s \"%s\" of %s",
					interpreter.is_loader ? "ELF loader" : "interpreter",
					interpreter.path, file->name);
	return examine(&interpreter);
}

/*
 * Each check needs what those before it have found in order.
 * Return: the sentence; "" or NULL where there is none.
 */
static const char *examine(struct file *file)
{
	static const char *(*const checks[])(struct file *file) = {
		find_closed_directory, find_absence,	find_other_type,
		find_missing_right,    find_bad_format, find_bad_interpreter,
	};
	const char *reason = NULL;

	for (size_t i = 0; !reason && i < sizeof(checks) / sizeof(*checks); i++)
		reason = checks[i](file);
	return reason;
}

/* What is not to be seen in the file. Return: NULL where it may be. */
static const char *find_in_process(struct file *file)
{
	switch (file->num) {
	case ETXTBSY:
		return SAY(file, "is open for writing");
	case E2BIG:
		return "the arguments and the environment are larger than the kernel takes";
	case EAGAIN:
		return arena_printf(file->arena,
				    "user %u has as many processes as RLIMIT_NPROC allows",
				    geteuid());
	case EPERM:
		return getxattr(file->path, "security.capability", NULL, 0) < 0 ?
			       NULL :
			       SAY(file, "has file capabilities that are not in the bounding set");
	default:
		return NULL;
	}
}

/* Names from the container are shown on a terminal of the host. */
static char *make_printable(char *text)
{
	for (char *c = text; *c; c++)
		if ((unsigned char)*c < ' ' || *c == '\x7f')
			*c = '?';
	return text;
}

const char *exec_failure_reason(const char *path, int num, struct arena *arena)
{
	struct file file = { .path = path, .num = abs(num), .arena = arena };
	const char *reason;

	file.name = arena_printf(arena, "\"%s\"", path);
	reason = find_in_process(&file);
	if (!reason)
		reason = examine(&file);
	return reason && *reason ? make_printable(arena_strdup(arena, reason)) : NULL;
}

int exec_failure_explain(const char *name, const char *path, int num, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	const char *reason = exec_failure_reason(path, num, &arena);
	char text[ERROR_NAME_SIZE];

	if (!reason)
		return error_errno(err, num, "exec: \"%s\": %s", name, path);
	return error_set(err, num, "exec: \"%s\": %s: %s", name, error_name(num, text), reason);
}
