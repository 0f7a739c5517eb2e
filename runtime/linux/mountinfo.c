/* mountinfo.c - the mounts that this process sees, proc_pid_mountinfo(5) */
#include "runtime/linux/mountinfo.h"

#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/file.h"

enum { SIZE_MAX_READ = 64 * 1024 * 1024 };

static bool is_octal(char c)
{
	return c >= '0' && c <= '7';
}

/* Blanks and the like are written as \040; in place, the text becomes no longer. */
static void unescape(char *text)
{
	char *to = text;

	for (const char *from = text; *from; to++) {
		if (from[0] == '\\' && is_octal(from[1]) && is_octal(from[2]) &&
		    is_octal(from[3])) {
			*to = (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0'));
			from += 4;
		} else {
			*to = *from++;
		}
	}
	*to = 0;
}

/*
 * "36 35 98:0 /root /mount/point rw,noatime master:1 - ext3 /dev/root rw", cut into its fields.
 * Return: whether it has all of them.
 */
static bool read_row(char *line, struct mountinfo_row *row)
{
	enum { ID, PARENT, DEVICE, ROOT, POINT, FIELDS };
	char *fields[FIELDS], *dash = strstr(line, " - "), *type;

	if (!dash)
		return false;
	*dash = 0;
	type = dash + strlen(" - ");
	for (size_t i = 0; i < FIELDS; i++)
		if (!(fields[i] = strsep(&line, " ")))
			return false;
	unescape(fields[ROOT]);
	unescape(fields[POINT]);
	*row = (struct mountinfo_row){
		.id = strtoull(fields[ID], NULL, 10),
		.root = fields[ROOT],
		.point = fields[POINT],
		.type = strsep(&type, " "),
	};
	return true;
}

static size_t count_lines(const char *text)
{
	size_t count = 1;

	while ((text = strchr(text, '\n'))) {
		text++;
		count++;
	}
	return count;
}

struct mountinfo mountinfo_parse(const char *text, struct arena *arena)
{
	char *rest = arena_strdup(arena, text), *line;
	struct mountinfo info = {
		.rows = arena_array(arena, count_lines(text), sizeof(*info.rows)),
	};

	while ((line = strsep(&rest, "\n")))
		info.len += read_row(line, &info.rows[info.len]);
	return info;
}

int mountinfo_read(struct arena *arena, struct mountinfo *info, struct error *err)
{
	auto_buf struct buf text = { 0 };
	int r = file_read_at(AT_FDCWD, "/proc/self/mountinfo", SIZE_MAX_READ, &text);

	if (r < 0)
		return error_errno(err, r, "read /proc/self/mountinfo");
	*info = mountinfo_parse(text.data, arena);
	return 0;
}
