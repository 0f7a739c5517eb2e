/* sysctl.c - kernel parameters of the container's namespaces */
#include "runtime/linux/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "runtime/linux/procfs.h"

enum { KEY_MAX = 255 };

static bool component_is_sane(const char *start, size_t len)
{
	if (!len || (len == 1 && !memcmp(start, ".", 1)) || (len == 2 && !memcmp(start, "..", 2)))
		return false;
	for (size_t i = 0; i < len; i++)
		if ((unsigned char)start[i] <= ' ' || start[i] == 0x7f)
			return false;
	return true;
}

/* Writes the path below /proc/sys that a key means. Return: 0 or -EINVAL. */
static int key_path(const char *key, char path[KEY_MAX + 1])
{
	size_t len = strlen(key), first = strcspn(key, "./");
	bool dotted = key[first] == '.';

	if (len > KEY_MAX || !key[first])
		return -EINVAL;
	for (size_t i = 0; i <= len; i++)
		path[i] = !dotted       ? key[i] :
			  key[i] == '.' ? '/' :
			  key[i] == '/' ? '.' :
					  key[i];
	for (const char *part = path;; part++) {
		size_t part_len = strcspn(part, "/");

		if (!component_is_sane(part, part_len))
			return -EINVAL;
		part += part_len;
		if (!*part)
			return 0;
	}
}

static int setting_check(const struct spec_pair *setting, char path[KEY_MAX + 1],
			 struct error *err)
{
	if (key_path(setting->key, path) < 0)
		return error_set(err, EINVAL, "sysctl \"%s\" is not the name of a kernel parameter",
				 setting->key);
	if (strpbrk(setting->value, "\n\r"))
		return error_set(err, EINVAL, "sysctl \"%s\": the value has more than one line",
				 setting->key);
	return 0;
}

int sysctl_set(int proc_fd, const struct spec_pair *settings, size_t len, struct error *err)
{
	char path[sizeof("sys/") + KEY_MAX] = "sys/";

	for (size_t i = 0; i < len; i++) {
		int r = setting_check(&settings[i], path + strlen("sys/"), err);

		if (r < 0)
			return r;
		r = procfs_set(proc_fd, path, settings[i].value);
		if (r < 0)
			return error_errno(err, r,
					   "config.json: /linux/sysctl: set \"%s\" to \"%s\"%s",
					   settings[i].key, settings[i].value,
					   r == -ENOENT ? " (this kernel does not have it)" : "");
	}
	return 0;
}
