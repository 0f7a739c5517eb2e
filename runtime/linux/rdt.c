/* rdt.c - the container's groups in resctrl: its share of caches and memory bandwidth */
#include "runtime/linux/rdt.h"

#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/path.h"
#include "base/strv.h"
#include "runtime/linux/rdt_schemata.h"

enum { FILE_MAX = 1 << 20 }; /* bytes of a file of resctrl */

int rdt_find_root(const struct mountinfo *mounts, const char **root, struct error *err)
{
	for (size_t i = 0; i < mounts->len; i++)
		if (!strcmp(mounts->rows[i].type, "resctrl")) {
			*root = mounts->rows[i].point;
			return 0;
		}
	return error_set(err, ENOTSUP,
			 "intelRdt is specified in config, but Intel RDT is not enabled: no file "
			 "system of type resctrl is mounted");
}

static bool has_schema(const struct spec_intel_rdt *wanted)
{
	return wanted->l3CacheSchema || wanted->memBwSchema || strv_len(wanted->schemata);
}

static int compare(const char *group, const char *schemata, const char *line, struct error *err)
{
	if (!line || rdt_schemata_has(schemata, line))
		return 0;
	return error_set(err, EINVAL, "intelRdt: \"%s\" does not say \"%s\" but \"%s\"", group,
			 line, schemata);
}

/* Others are in that class already: the container may share it, not change it. */
static int compare_schemas(const char *group, const struct spec_intel_rdt *wanted,
			   struct arena *arena, struct error *err)
{
	const char *path = path_join(arena, group, "schemata");
	auto_buf struct buf text = { 0 };
	int r;

	if (!wanted->l3CacheSchema && !wanted->memBwSchema)
		return 0;
	r = file_read_at(AT_FDCWD, path, FILE_MAX, &text);
	if (r < 0)
		return error_errno(err, r, "intelRdt: read \"%s\"", path);
	r = compare(group, text.data, wanted->l3CacheSchema, err);
	return r < 0 ? r : compare(group, text.data, wanted->memBwSchema, err);
}

int rdt_plan(const char *root, const struct spec_intel_rdt *wanted, const char *id,
	     struct arena *arena, struct spec_rdt *rdt, struct error *err)
{
	const char *class = wanted->closID ? wanted->closID : id;
	struct stat st;
	bool is_there;
	int r = 0;

	rdt->root = arena_strdup(arena, root);
	rdt->group = path_join(arena, root, class + strspn(class, "/"));
	if (wanted->enableMonitoring)
		rdt->monitor = arena_printf(arena, "%s/mon_groups/%s", rdt->group, id);
	is_there = stat(rdt->group, &st) == 0;
	if (!is_there && errno != ENOENT)
		return error_errno(err, errno, "intelRdt: look at \"%s\"", rdt->group);
	rdt->owned = !wanted->closID && !is_there;
	if (wanted->closID && !is_there && !has_schema(wanted))
		return error_errno(err, ENOENT,
				   "config.json: /linux/intelRdt/closID: clos dir not accessible "
				   "(must be pre-created when schemata, l3CacheSchema and "
				   "memBwSchema are empty): \"%s\"", rdt->group);
	if (wanted->closID && is_there)
		r = compare_schemas(rdt->group, wanted, arena, err);
	return r;
}

/* The kernel says in a file what was wrong with the last command. */
static int fail(const struct spec_rdt *rdt, int num, const char *what, const char *path,
		struct error *err)
{
	auto_buf struct buf status = { 0 }, file = { 0 };

	buf_printf(&file, "%s/info/last_cmd_status", rdt->root);
	if (file_read_at(AT_FDCWD, file.data, FILE_MAX, &status) < 0)
		buf_puts(&status, "unknown");
	return error_errno(err, num, "intelRdt: %s \"%s\", last_cmd_status: %.*s", what, path,
			   (int)strcspn(status.data, "\n"), status.data);
}

static int make_group(const struct spec_rdt *rdt, const char *path, struct error *err)
{
	if (mkdir(path, 0755) == 0 || errno == EEXIST)
		return 0;
	return fail(rdt, errno, "make", path, err);
}

static int write_file(const struct spec_rdt *rdt, const char *group, const char *name,
		      const char *text, struct error *err)
{
	auto_buf struct buf path = { 0 };
	int r;

	buf_printf(&path, "%s/%s", group, name);
	r = file_set_at(AT_FDCWD, path.data, text);
	return r < 0 ? fail(rdt, r, "write", path.data, err) : 0;
}

/* In the order that the specification wants: the list is last. */
static int write_schemata(const struct spec_rdt *rdt, const struct spec_intel_rdt *wanted,
			  struct error *err)
{
	auto_buf struct buf lines = { 0 };

	if (!has_schema(wanted))
		return 0;
	if (wanted->l3CacheSchema)
		buf_printf(&lines, "%s\n", wanted->l3CacheSchema);
	if (wanted->memBwSchema)
		buf_printf(&lines, "%s\n", wanted->memBwSchema);
	for (char **line = wanted->schemata; line && *line; line++)
		buf_printf(&lines, "%s\n", *line);
	return write_file(rdt, rdt->group, "schemata", lines.data, err);
}

int rdt_make(const struct spec_rdt *rdt, const struct spec_intel_rdt *wanted, struct error *err)
{
	int r = make_group(rdt, rdt->group, err);

	if (r == 0)
		r = write_schemata(rdt, wanted, err);
	if (r == 0 && rdt->monitor)
		r = make_group(rdt, rdt->monitor, err);
	return r;
}

int rdt_add(const struct spec_rdt *rdt, pid_t pid, struct error *err)
{
	char text[16];
	int r;

	snprintf(text, sizeof(text), "%d", pid);
	r = write_file(rdt, rdt->group, "tasks", text, err);
	return r < 0 || !rdt->monitor ? r : write_file(rdt, rdt->monitor, "tasks", text, err);
}

static int remove_group(const char *path, struct error *err)
{
	if (rmdir(path) == 0 || errno == ENOENT)
		return 0;
	return error_errno(err, errno, "intelRdt: remove \"%s\"", path);
}

int rdt_remove(const struct spec_rdt *rdt, struct error *err)
{
	int r = rdt->monitor ? remove_group(rdt->monitor, err) : 0;

	return r == 0 && rdt->owned ? remove_group(rdt->group, err) : r;
}
