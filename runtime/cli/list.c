/* list.c - gocker list: all containers */
#include <errno.h>
#include <pwd.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/library.h"
#include "base/log.h"
#include "runtime/cli/columns.h"
#include "runtime/cli/commands.h"
#include "runtime/container/census.h"
#include "runtime/container/container.h"
#include "runtime/container/store.h"

struct list_options {
	const char *format;
	bool quiet;
};

static const struct option_row rows[] = {
	OPTION_STRING(list_options, format, "format", 'f', "FORMAT", "table (the default) or json"),
	OPTION_FLAG(list_options, quiet, "quiet", 'q', "ids only"),
	{ 0 },
};

enum { COLUMNS = 6 };

static const char *const titles[COLUMNS] = { "ID",     "PID",     "STATUS",
					     "BUNDLE", "CREATED", "OWNER" };

static char *owner_name(uid_t uid, struct arena *arena)
{
	const struct passwd *entry = uid ? getpwuid(uid) : NULL;

	if (!uid)
		return "root";
	/* Services of names other than /etc/passwd are shared libraries, nsswitch.conf(5). */
	if (!entry)
		library_expect();
	return entry ? arena_strdup(arena, entry->pw_name) : arena_printf(arena, "#%u", uid);
}

/* Deleted meanwhile, or just being made by somebody who holds its lock. */
static bool is_in_flux(const struct container *container)
{
	struct stat st;

	if (container->entry < 0)
		return container->entry == -ENOENT;
	return fstat(container->entry, &st) < 0 || !st.st_nlink ||
	       store_is_locked(container->entry);
}

/* One that cannot be read, or is deleted meanwhile, does not hide the others. */
static bool read_one(int store, char *id, struct arena *arena, struct spec_state *state)
{
	auto_container struct container container = CONTAINER_NONE;
	struct error err = { 0 };

	if (container_open(store, id, false, &container, &err) < 0) {
		if (!is_in_flux(&container))
			log_warning("list: \"%s\" is left out: %s", id, err.text);
		return false;
	}
	*state = census_copy(&container.state, id, arena);
	return true;
}

/* All are the caller's: a container that is another user's is not opened. */
static void note_owner(struct spec_state *states, size_t len, struct arena *arena)
{
	char *owner = len ? owner_name(geteuid(), arena) : NULL;

	for (size_t i = 0; i < len; i++)
		states[i].owner = owner;
}

static void fill_cells(const struct spec_state *state, struct arena *arena,
		       const char *cells[COLUMNS])
{
	cells[0] = state->id;
	cells[1] = arena_printf(arena, "%lld", (long long)state->pid);
	cells[2] = table_name_of(spec_statuses, state->status);
	cells[3] = state->bundle;
	cells[4] = state->created;
	cells[5] = state->owner;
}

static void add_table(const struct spec_state *states, size_t len, struct arena *arena,
		      struct buf *out)
{
	const char *(*lines)[COLUMNS] = arena_array(arena, len + 1, sizeof(*lines));

	memcpy(lines[0], titles, sizeof(titles));
	for (size_t i = 0; i < len; i++)
		fill_cells(&states[i], arena, lines[i + 1]);
	columns_print(lines[0], len + 1, COLUMNS, out);
}

static int format_list(const struct list_options *options, const struct spec_state *states,
		       size_t len, struct arena *arena, struct buf *out, struct error *err)
{
	const char *format = options->format ? options->format : "table";

	if (options->quiet)
		for (size_t i = 0; i < len; i++)
			buf_printf(out, "%s\n", states[i].id);
	else if (!strcmp(format, "json"))
		spec_state_write_list(states, len, out);
	else if (!strcmp(format, "table"))
		add_table(states, len, arena, out);
	else
		return error_set(err, EINVAL, "--format: \"%s\" is neither table nor json", format);
	return 0;
}

/* Return: how many there are in states, which has room for all ids. */
static size_t read_all(int store, char *const *ids, size_t ids_len, struct arena *arena,
		       struct spec_state *states)
{
	size_t len = 0;

	census_take(store, ids, ids_len, arena, states);
	for (size_t i = 0; i < ids_len; i++)
		if (states[i].id)
			states[len++] = states[i];
		else
			len += read_one(store, ids[i], arena, &states[len]);
	note_owner(states, len, arena);
	return len;
}

static int run(const struct cli_call *call, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf out = { 0 };
	auto_close int store = cli_open_store(call->globals, false, err);
	struct spec_state *states;
	char **ids = NULL;
	size_t len = 0, room = 0;
	int r = 0;

	if (store >= 0)
		r = store_list(store, &arena, &ids, err);
	else if (store != -ENOENT)
		return store;
	if (r < 0)
		return r;
	while (ids && ids[room])
		room++;
	states = arena_array(&arena, room, sizeof(*states));
	if (room)
		len = read_all(store, ids, room, &arena, states);
	r = format_list(call->options, states, len, &arena, &out, err);
	return r < 0 ? r : cli_print(out.data, out.len, err);
}

const struct cli_command cli_list = {
	.name = "list",
	.arguments = "",
	.summary = "list all containers",
	.rows = rows,
	.options_size = sizeof(struct list_options),
	.run = run,
};
