/* hint.c - what the user can do about an errno */
#include "bundles/hint.h"

#include <errno.h>
#include <stddef.h>
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

const char *hint_for(int num)
{
	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (hints[i].num == abs(num))
			return hints[i].text;
	return "";
}
