/* subid.c - the ranges of ids that a user was given beside his own, subuid(5) and subgid(5) */
#include "base/subid.h"

#include <errno.h>
#include <fcntl.h>
#include <pwd.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/number.h"

enum { FILE_SIZE_MAX = 4 << 20 };

void subid_user_name(char name[SUBID_NAME_SIZE])
{
	const struct passwd *user = getpwuid(getuid());

	snprintf(name, SUBID_NAME_SIZE, "%s", user ? user->pw_name : "");
}

/* A line is "user:first:count", with the name or the number of the user. */
static bool line_is_of(const char *owner, const char *name)
{
	char number[16];

	snprintf(number, sizeof(number), "%u", getuid());
	return *owner && (!strcmp(owner, name) || !strcmp(owner, number));
}

static bool line_read(char *line, const char *name, struct subid_range *range)
{
	const char *owner = strsep(&line, ":");
	const char *first = strsep(&line, ":");

	return line && line_is_of(owner, name) && number_parse_id(first, &range->first) == 0 &&
	       number_parse_id(line, &range->count) == 0 && range->count &&
	       range->count <= UINT32_MAX - range->first;
}

size_t subid_read(const char *file, struct subid_range *ranges, size_t max)
{
	auto_buf struct buf text = { 0 };
	char name[SUBID_NAME_SIZE];
	char *line, *rest;
	size_t len = 0;

	if (file_read_at(AT_FDCWD, file, FILE_SIZE_MAX, &text) < 0)
		return 0;
	subid_user_name(name);
	rest = text.data;
	while (len < max && (line = strsep(&rest, "\n")))
		if (line_read(line, name, &ranges[len]))
			len++;
	return len;
}

int subid_tell_none(const char *file, const char *ids, struct error *err)
{
	char name[SUBID_NAME_SIZE];

	subid_user_name(name);
	return error_set(err, EPERM, "there is no range of %s for user \"%s\" (%u) in %s", ids,
			 name, getuid(), file);
}
