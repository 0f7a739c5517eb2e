/* stats_file.c - pieces of stats.c: how numbers are found in the files of a cgroup */
#include "runtime/cgroup/stats_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "runtime/cgroup/driver.h"

enum { FILE_MAX = 1 << 20 };

bool stats_file_read(const struct cgroup *cgroup, const char *controller, const char *file,
		     struct buf *text)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, controller);

	return hierarchy && hierarchy->fd >= 0 &&
	       file_read_at(hierarchy->fd, file, FILE_MAX, text) >= 0 && text->len;
}

/* Return: what stands behind the word that begins a line, or NULL. */
static const char *find_field(const char *text, const char *field)
{
	size_t len = strlen(field);

	for (const char *line = text; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, field, len) && line[len] == ' ')
			return line + len + 1;
	}
	return NULL;
}

bool stats_file_number(const char *text, const char *field, uint64_t *value)
{
	const char *number = field ? find_field(text, field) : text;

	if (!number)
		return false;
	*value = strncmp(number, "max", 3) ? strtoull(number, NULL, 10) : UINT64_MAX;
	return true;
}

static bool is_for(const struct cgroup *cgroup, const struct stats_row *row)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, row->controller);

	return hierarchy && cgroup_is_v2(hierarchy) == row->is_v2;
}

void stats_file_fill(const struct cgroup *cgroup, const struct stats_row *rows, void *object)
{
	auto_buf struct buf text = { 0 };
	const char *file = "";

	for (; rows->file; rows++) {
		uint64_t value;

		if (!is_for(cgroup, rows))
			continue;
		if (strcmp(rows->file, file) != 0) {
			buf_free(&text);
			file = rows->file;
			stats_file_read(cgroup, rows->controller, file, &text);
		}
		if (text.len && stats_file_number(text.data, rows->field, &value)) {
			if (value != UINT64_MAX)
				value *= rows->factor;
			memcpy((char *)object + rows->offset, &value, sizeof(value));
		}
	}
}

static void read_pressure(const char *line, struct spec_pressures *pressures)
{
	struct spec_pressure pressure;
	char kind[8];

	if (sscanf(line, "%7s avg10=%lf avg60=%lf avg300=%lf total=%" SCNu64, kind,
		   &pressure.avg10, &pressure.avg60, &pressure.avg300, &pressure.total) != 5)
		return;
	if (!strcmp(kind, "some"))
		pressures->some = pressure;
	else if (!strcmp(kind, "full"))
		pressures->full = pressure;
}

struct spec_pressures *stats_file_pressure(const struct cgroup *cgroup, const char *file,
					   struct arena *arena)
{
	const struct cgroup_hierarchy *v2 = cgroup_find_v2(cgroup);
	auto_buf struct buf text = { 0 };
	struct spec_pressures *pressures;
	char *rest, *line;

	if (!v2 || file_read_at(v2->fd, file, FILE_MAX, &text) < 0 || !text.len)
		return NULL;
	pressures = arena_alloc(arena, sizeof(*pressures));
	rest = text.data;
	while ((line = strsep(&rest, "\n")))
		read_pressure(line, pressures);
	return pressures;
}
