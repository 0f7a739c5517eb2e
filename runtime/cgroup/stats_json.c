/* stats_json.c - pieces of stats.c: how numbers are found, and written as JSON */
#include "runtime/cgroup/stats_json.h"

#include <inttypes.h>
#include <string.h>

#include "base/file.h"
#include "runtime/cgroup/driver.h"

/* Keys are ours or the kernel's: nothing in them needs to be escaped. */
static void add_key(struct stats_json *json, const char *key)
{
	if (json->has_members)
		buf_puts(json->out, ",");
	if (key)
		buf_printf(json->out, "\"%s\":", key);
	json->has_members = true;
}

static void open_bracket(struct stats_json *json, const char *key, const char *bracket)
{
	add_key(json, key);
	buf_puts(json->out, bracket);
	json->has_members = false;
}

static void close_bracket(struct stats_json *json, const char *bracket)
{
	buf_puts(json->out, bracket);
	json->has_members = true;
}

void stats_json_begin(struct stats_json *json, const char *key)
{
	open_bracket(json, key, "{");
}

void stats_json_end(struct stats_json *json)
{
	close_bracket(json, "}");
}

void stats_json_begin_list(struct stats_json *json, const char *key)
{
	open_bracket(json, key, "[");
}

void stats_json_end_list(struct stats_json *json)
{
	close_bracket(json, "]");
}

void stats_json_number(struct stats_json *json, const char *key, uint64_t value)
{
	add_key(json, key);
	buf_printf(json->out, "%" PRIu64, value);
}

void stats_json_fraction(struct stats_json *json, const char *key, double value)
{
	add_key(json, key);
	buf_printf(json->out, "%.2f", value);
}

void stats_json_word(struct stats_json *json, const char *key, const char *value)
{
	add_key(json, key);
	buf_printf(json->out, "\"%s\"", value);
}

void stats_json_entry(struct stats_json *json, uint64_t value)
{
	stats_json_number(json, NULL, value);
}

bool stats_read(const struct cgroup *cgroup, const char *controller, const char *file,
		struct buf *text)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, controller);

	return hierarchy && hierarchy->fd >= 0 &&
	       file_read_at(hierarchy->fd, file, STATS_FILE_MAX, text) >= 0 && text->len;
}

const char *stats_find_field(const char *text, const char *field)
{
	size_t len = strlen(field);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, field, len) && line[len] == ' ')
			return line + len + 1;
	}
	return NULL;
}
