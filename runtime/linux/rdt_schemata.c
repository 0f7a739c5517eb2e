/* rdt_schemata.c - the lines of resctrl's schemata files: "L3:0=ff;1=c0" */
#include "runtime/linux/rdt_schemata.h"

#include <stddef.h>
#include <string.h>
#include <strings.h>

/* A part of a text, without blanks around it. */
struct part {
	const char *start;
	size_t len;
};

/* Takes what stands before the first of the separators off the text. */
static struct part take_part(const char **text, const char *separators)
{
	const char *start = *text + strspn(*text, " \t");
	size_t len = strcspn(start, separators);

	*text = start + len + (start[len] && start[len] != '\n');
	while (len && strchr(" \t", start[len - 1]))
		len--;
	return (struct part){ start, len };
}

static bool is_same(struct part a, struct part b)
{
	return a.len == b.len && !strncasecmp(a.start, b.start, a.len);
}

/* Masks are hexadecimal, bandwidths decimal: zeros in front change neither. */
static struct part without_zeros(struct part number)
{
	while (number.len > 1 && *number.start == '0') {
		number.start++;
		number.len--;
	}
	return number;
}

/* Whether the domains behind "L3:" have this one with that value. */
static bool has_domain(const char *domains, struct part id, struct part value)
{
	while (*domains && *domains != '\n') {
		struct part other_id = take_part(&domains, "=;\n");
		struct part other_value = take_part(&domains, ";\n");

		if (is_same(without_zeros(id), without_zeros(other_id)))
			return is_same(without_zeros(value), without_zeros(other_value));
	}
	return false;
}

/* Return: what stands behind "NAME:" in the file, or NULL. */
static const char *find_resource(const char *schemata, struct part name)
{
	while (*schemata) {
		const char *at = schemata;

		if (is_same(take_part(&at, ":\n"), name))
			return at;
		schemata += strcspn(schemata, "\n");
		schemata += *schemata == '\n';
	}
	return NULL;
}

bool rdt_schemata_has(const char *schemata, const char *line)
{
	const char *domains = strchr(line, ':') ?
				      find_resource(schemata, take_part(&line, ":\n")) :
				      NULL;

	if (!domains || !*line)
		return false;
	while (*line && *line != '\n') {
		struct part id = take_part(&line, "=;\n"), value = take_part(&line, ";\n");

		if (!has_domain(domains, id, value))
			return false;
	}
	return true;
}
