/* hint.c - what the user can do about an errno */
#include "bundles/hint.h"

#include <errno.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>

static const struct {
	int num;
	const char *text;
} hints[] = {
	{ ENOSPC, ": free some space or choose another directory" },
	{ EDQUOT, ": free some space or choose another directory" },
	{ EROFS, ": choose a directory that can be written" },
	{ EACCES, ": choose a directory that can be written" },
	{ EBUSY, ": something is mounted there" },
	{ EFBIG, ": see \"ulimit -f\"" },
};

static const char *find_hint(int num)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (hints[i].num == num)
			return hints[i].text;
	return "";
}

int hint_errno(struct error *err, int num, const char *fmt, ...)
{
	char place[sizeof(err->text)], name[ERROR_NAME_SIZE];
	va_list args;

	va_start(args, fmt);
	vsnprintf(place, sizeof(place), fmt, args);
	va_end(args);
	return error_set(err, num, "%s: %s%s", place, error_name(num, name), find_hint(abs(num)));
}
