/* check.c - rules for single values: the check column of the tables */
#include "spec/check.h"

#include <ctype.h>
#include <errno.h>
#include <limits.h>
#include <linux/utsname.h>
#include <net/if.h>
#include <stdbool.h>
#include <string.h>

#include "base/bitlist.h"
#include "base/path.h"

/* Return: behind the number at text, or NULL. Semantic versions have no leading zeros. */
static const char *skip_number(const char *text)
{
	size_t len = strspn(text, "0123456789");

	return len && (len == 1 || text[0] != '0') ? text + len : NULL;
}

static bool is_semantic_version(const char *text)
{
	static const char allowed[] = "0123456789abcdefghijklmnopqrstuvwxyz"
				      "ABCDEFGHIJKLMNOPQRSTUVWXYZ-.";

	for (int part = 0; part < 3; part++) {
		if (part && *text++ != '.')
			return false;
		text = skip_number(text);
		if (!text)
			return false;
	}
	for (const char *mark = "-+"; *mark; mark++)
		if (*text == *mark) {
			size_t len = strspn(text + 1, allowed);

			if (!len)
				return false;
			text += 1 + len;
		}
	return !*text;
}

int check_version(const void *value, struct error *err)
{
	const char *text = value;

	if (!is_semantic_version(text))
		return error_set(err, EINVAL, "must be a version such as \"1.3.0\", not \"%.100s\"",
				 text);
	/* Documents of 0.x are read, too: the specification's own example is "0.5.0-dev". */
	if (strncmp(text, "0.", 2) && strncmp(text, "1.", 2))
		return error_set(err, EINVAL,
				 "version \"%.100s\" of the specification is not supported, 1.x is",
				 text);
	return 0;
}

int check_not_empty(const void *value, struct error *err)
{
	const char *text = value;

	return *text ? 0 : error_set(err, EINVAL, "must not be empty");
}

int check_path(const void *value, struct error *err)
{
	size_t len = strlen(value);

	if (len >= PATH_MAX)
		return error_set(err, EINVAL, "has %zu bytes, a path may have %d", len,
				 PATH_MAX - 1);
	return check_not_empty(value, err);
}

int check_absolute_path(const void *value, struct error *err)
{
	const char *path = value;

	if (*path == '/')
		return check_path(path, err);
	return error_set(err, EINVAL, "must be an absolute path, not \"%.100s\"", path);
}

int check_host_name(const void *value, struct error *err)
{
	size_t len = strlen(value);

	if (len <= __NEW_UTS_LEN)
		return 0;
	return error_set(err, EINVAL, "has %zu bytes, the kernel takes %d at most", len,
			 __NEW_UTS_LEN);
}

int check_cwd(const void *value, struct error *err)
{
	const char *path = value;

	if (*path == '/')
		return check_path(path, err);
	return error_set(err, EINVAL, "Cwd must be an absolute path, not \"%.100s\"", path);
}

int check_line(const void *value, struct error *err)
{
	return strchr(value, '\n') ? error_set(err, EINVAL, "must not contain a newline") : 0;
}

int check_number_list(const void *value, struct error *err)
{
	struct bitlist list;

	if (bitlist_parse(value, &list, err) == 0)
		return 0;
	/* A number that is too large is as wrong as any other text. */
	if (err)
		err->num = EINVAL;
	return -EINVAL;
}

int check_page_size(const void *value, struct error *err)
{
	const char *text = value, *unit = skip_number(text);

	if (unit && text[0] != '0' && *unit && strchr("KMG", *unit) && !strcmp(unit + 1, "B"))
		return 0;
	return error_set(err, EINVAL,
			 "must be a size such as \"64KB\", \"2MB\" or \"1GB\", not \"%.100s\"",
			 text);
}

int check_access(const void *value, struct error *err)
{
	const char *text = value;

	if (!text[strspn(text, "rwm")])
		return 0;
	return error_set(err, EINVAL,
			 "must be made of \"r\", \"w\" and \"m\", not \"%.100s\"", text);
}

int check_device_type(const void *value, struct error *err)
{
	char type = *(const char *)value;

	if (strchr("cbup", type))
		return 0;
	return error_set(err, EINVAL, "must be \"c\", \"b\", \"u\" or \"p\", not \"%c\"", type);
}

int check_environment(const void *value, struct error *err)
{
	const char *text = value;

	if (*text != '=' && strchr(text, '='))
		return 0;
	return error_set(err, EINVAL, "must be NAME=value, not \"%.100s\"", text);
}

int check_cgroup_path(const void *value, struct error *err)
{
	const char *path = value;

	if (strlen(path) >= PATH_MAX)
		return check_path(path, err);
	if (!path_has_dotdot(path))
		return 0;
	return error_set(err, EINVAL, "must not contain \"..\": \"%.100s\"", path);
}

int check_class_of_service(const void *value, struct error *err)
{
	const char *text = value;

	/* "/" alone is the default class. */
	if (!strcmp(text, "/") || (strcmp(text, ".") && strcmp(text, "..") && !strchr(text, '/') &&
				   !strchr(text, '\n')))
		return 0;
	return error_set(err, EINVAL,
			 "must be \"/\" or the name of a directory, not \"%.100s\"", text);
}

int check_memory_bandwidth(const void *value, struct error *err)
{
	const char *text = value;

	if (!strncmp(text, "MB:", 3) && !strchr(text, '\n'))
		return 0;
	return error_set(err, EINVAL,
			 "must be one line that starts with \"MB:\", not \"%.100s\"", text);
}

/* What the kernel's dev_valid_name() asks of a name. */
int check_interface_name(const void *value, struct error *err)
{
	const char *name = value;
	bool valid = *name && strlen(name) < IFNAMSIZ && strcmp(name, ".") && strcmp(name, "..");

	for (const char *at = name; *at; at++)
		valid = valid && *at != '/' && *at != ':' && !isspace((unsigned char)*at);
	if (valid)
		return 0;
	return error_set(err, EINVAL, "\"%.100s\" is no name for a network interface: "
			 "1 to %d bytes without \"/\", \":\" and blanks", name, IFNAMSIZ - 1);
}
