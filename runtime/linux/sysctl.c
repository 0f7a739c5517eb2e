/* sysctl.c - kernel parameters of the container's namespaces */
#include "runtime/linux/sysctl.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>

#include "base/table.h"
#include "runtime/linux/procfs.h"

enum { KEY_MAX = 255 };

/*
 * Parameters that exist once per namespace. A name that ends with a slash stands for all below it.
 * kernel/hostname is not among them: config.json has a member for it.
 */
static const struct name_value namespaced[] = {
	{ "fs/mqueue/", CLONE_NEWIPC },
	{ "kernel/msgmax", CLONE_NEWIPC },
	{ "kernel/msgmnb", CLONE_NEWIPC },
	{ "kernel/msgmni", CLONE_NEWIPC },
	{ "kernel/sem", CLONE_NEWIPC },
	{ "kernel/shm_rmid_forced", CLONE_NEWIPC },
	{ "kernel/shmall", CLONE_NEWIPC },
	{ "kernel/shmmax", CLONE_NEWIPC },
	{ "kernel/shmmni", CLONE_NEWIPC },
	{ "kernel/domainname", CLONE_NEWUTS },
	{ "net/", CLONE_NEWNET },
	{ "user/", CLONE_NEWUSER },
	{ 0 },
};

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

/* Return: CLONE_NEW*, or 0 where the parameter is the same in all namespaces. */
static int namespace_of(const char *path)
{
	for (const struct name_value *row = namespaced; row->name; row++) {
		size_t len = strlen(row->name);

		if (row->name[len - 1] == '/' ? !strncmp(path, row->name, len) :
						!strcmp(path, row->name))
			return (int)row->value;
	}
	return 0;
}

int sysctl_check(const struct spec_pair *settings, size_t len, int namespaces, struct error *err)
{
	char path[KEY_MAX + 1];

	for (size_t i = 0; i < len; i++) {
		const char *key = settings[i].key;
		int r = setting_check(&settings[i], path, err);
		int type;

		if (r < 0)
			return r;
		type = namespace_of(path);
		if (!type && !strcmp(path, "kernel/hostname"))
			return error_set(err, EINVAL, "sysctl \"%s\": there is \"hostname\" in "
						      "config.json for it",
					 key);
		if (!type)
			return error_set(err, EINVAL, "sysctl \"%s\" is not in a separate kernel "
						      "namespace: it would change the host",
					 key);
		if (!(type & namespaces))
			return error_set(err, EINVAL, "sysctl \"%s\" would change the host: the "
						      "container has no %s namespace of its own",
					 key,
					 table_name_of(spec_namespace_types, type));
	}
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
			return error_errno(err, r, "set sysctl \"%s\" to \"%s\"%s", settings[i].key,
					   settings[i].value,
					   r == -ENOENT ? " (this kernel does not have it)" : "");
	}
	return 0;
}
