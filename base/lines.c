/* lines.c - texts of lines */
#include "base/lines.h"

size_t lines_count(const char *text)
{
	size_t lines = 1;

	for (; text && *text; text++)
		lines += *text == '\n';
	return lines;
}
