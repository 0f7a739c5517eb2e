/* remove.c - the verb "remove": takes a bundle away */
#include "bundles/remove.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdbool.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/options.h"
#include "base/sys.h"
#include "bundles/owners.h"

/* config.json is the last: as long as it is there, there is a bundle. */
static const char *const parts[] = { "rootfs", "config.json" };

static const struct option_row options[] = { { 0 } };

static void print_help(FILE *out)
{
	fputs("usage: gocker-bundle remove DIR...\n\n"
	      "Removes DIR/rootfs and DIR/config.json, and DIR where it is empty then. Delete the\n"
	      "container first.\n\noptions:\n",
	      out);
	options_print(options, out);
}

/* A user's files may be those of his subordinate ids. Where he has none they are all his. */
static int become_owner(struct error *err)
{
	auto_arena struct arena arena = { 0 };
	struct owners owners;

	if (geteuid() == 0 || owners_find(&arena, &owners, NULL) < 0)
		return 0;
	return owners_enter(&owners, err);
}

static bool is_there(int dir, const char *name)
{
	struct stat st;

	return fstatat(dir, name, &st, AT_SYMLINK_NOFOLLOW) == 0;
}

/* What is mounted in it may be anybody's: it stays, and so does the rest. */
static int remove_bundle(const char *path, struct error *err)
{
	auto_close int dir = sys_open(path, O_PATH | O_DIRECTORY | O_CLOEXEC, 0);

	if (dir < 0)
		return error_errno(err, dir, "open \"%s\"", path);
	if (!is_there(dir, "config.json"))
		return error_set(err, ENOENT, "\"%s\" is no bundle: it has no config.json", path);
	for (size_t i = 0; i < sizeof(parts) / sizeof(*parts); i++) {
		int r = file_remove_tree_at(dir, parts[i]);

		if (r < 0)
			return error_errno(err, r, "remove \"%s/%s\"%s", path, parts[i],
					   r == -EBUSY ? ": something is mounted there" : "");
	}
	/* It may hold what is not ours, or be the working directory. */
	rmdir(path);
	return 0;
}

int remove_run(int argc, char **argv, FILE *out, struct error *err)
{
	bool help = false;
	int first = options_parse(options, NULL, false, argc, argv, &help, err), r;

	if (first < 0)
		return first;
	if (help) {
		print_help(out);
		return 0;
	}
	if (first == argc)
		return error_set(err, EINVAL, "remove needs the directory of a bundle");
	/* A process that writes id maps may be gone before it is told to. */
	signal(SIGPIPE, SIG_IGN);
	r = become_owner(err);
	for (int i = first; r == 0 && i < argc; i++)
		r = remove_bundle(argv[i], err);
	return r;
}
