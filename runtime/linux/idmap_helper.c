/* idmap_helper.c - newuidmap(1) and newgidmap(1): id maps that take more rights than a user has */
#include "runtime/linux/idmap_helper.h"

#include <errno.h>
#include <inttypes.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/strv.h"
#include "base/subid.h"
#include "runtime/linux/child.h"
#include "runtime/linux/executable.h"
#include "spec/id_mapping.h"

enum { RANGES_MAX = 16 }; /* that are told */

static const struct helper {
	const char *program, *ranges, *ids;
} helpers[] = {
	[IDMAP_UIDS] = { "newuidmap", SUBID_UIDS, "uids" },
	[IDMAP_GIDS] = { "newgidmap", SUBID_GIDS, "gids" },
};

/* Adds the ranges of the user: " 100000:65536". */
static void list_ranges(const char *file, struct buf *text)
{
	struct subid_range ranges[RANGES_MAX];
	size_t len = subid_read(file, ranges, RANGES_MAX);

	for (size_t i = 0; i < len; i++)
		buf_printf(text, " %" PRIu32 ":%" PRIu32, ranges[i].first, ranges[i].count);
}

/* Who has no range is told so; others see which one they have. */
static int explain(const struct helper *helper, int num, struct error *err)
{
	auto_buf struct buf ranges = { 0 };
	struct error cause = { 0 };
	char name[SUBID_NAME_SIZE];

	if (num != -ECHILD)
		return error_context(err, "%s", helper->program);
	if (err)
		cause = *err;
	list_ranges(helper->ranges, &ranges);
	if (!ranges.len) {
		subid_tell_none(helper->ranges, helper->ids, err);
		return error_context(err, "%s: %s", helper->program, cause.text);
	}
	subid_user_name(name);
	return error_set(err, EPERM, "%s: %s; user \"%s\" (%u) has these in %s:%s",
			 helper->program, cause.text, name, getuid(), helper->ranges, ranges.data);
}

static int find_program(const struct helper *helper, struct arena *arena, const char **path,
			struct error *err)
{
	static char *const usual[] = { "PATH=/usr/local/bin:/usr/bin:/bin", NULL };
	char *const *env = strv_env_get(environ, "PATH") ? environ : usual;

	if (executable_find(helper->program, env, "/", arena, path, NULL) == 0)
		return 0;
	return error_set(err, EPERM,
			 "without privileges only one's own id can be mapped (a single one, user "
			 "%u, group %u), and for more %s is not installed (package uidmap)",
			 geteuid(), getegid(), helper->program);
}

int idmap_helper_run(enum idmap_kind kind, pid_t pid, const struct spec_id_mapping *map, size_t len,
		     struct error *err)
{
	static char *const no_env[] = { NULL };
	const struct helper *helper = &helpers[kind];
	auto_arena struct arena arena = { 0 };
	struct child_request request = { .env = no_env, .directory = -1, .watched = -1,
					 .output = -1, .error = -1 };
	int status, r = find_program(helper, &arena, &request.path, err);

	if (r < 0)
		return r;
	request.args = id_mapping_args(&arena, helper->program, pid, map, len);
	r = child_run(&request, &status, err);
	return r < 0 ? explain(helper, r, err) : 0;
}
