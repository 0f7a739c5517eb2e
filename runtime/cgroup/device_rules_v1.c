/* device_rules_v1.c - device rules as the files of cgroup v1's controller take them */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/lines.h"
#include "base/log.h"
#include "base/number.h"
#include "base/sys.h"
#include "runtime/cgroup/driver.h"

enum { LIST_MAX = 1 << 20 };

/* Adds one exception: "c 1:3 rwm". */
static void format_rule(const struct device_rule *rule, uint8_t access, struct buf *text)
{
	buf_puts(text, rule->types == DEVICE_BLOCK ? "b " : "c ");
	if (rule->major < 0)
		buf_puts(text, "*:");
	else
		buf_printf(text, "%lld:", (long long)rule->major);
	if (rule->minor < 0)
		buf_puts(text, "* ");
	else
		buf_printf(text, "%lld ", (long long)rule->minor);
	buf_printf(text, "%s%s%s", access & DEVICE_READ ? "r" : "",
		   access & DEVICE_WRITE ? "w" : "", access & DEVICE_MKNOD ? "m" : "");
}

/* Return: what the exceptions have for the rule's device, which the kernel keeps as one. */
static uint8_t find_access(const struct device_rules *exceptions, const struct device_rule *rule)
{
	uint8_t access = 0;

	for (size_t i = 0; i < exceptions->len; i++) {
		const struct device_rule *other = &exceptions->rules[i];

		if (other->types == rule->types && other->major == rule->major &&
		    other->minor == rule->minor)
			access |= other->access;
	}
	return access;
}

/* Writes those of the exceptions, or the parts of them, that there does not have. */
static int write_exceptions(const struct cgroup_hierarchy *hierarchy, const char *file,
			    const struct device_rules *exceptions, const struct device_rules *there,
			    struct error *err)
{
	auto_close int fd = sys_openat(hierarchy->fd, file, O_WRONLY | O_CLOEXEC, 0);

	if (fd < 0)
		return error_errno(err, fd, "open \"%s/%s\"", hierarchy->path, file);
	for (size_t i = 0; i < exceptions->len; i++) {
		const struct device_rule *rule = &exceptions->rules[i];
		uint8_t access = rule->access & (uint8_t)~find_access(there, rule);
		auto_buf struct buf text = { 0 };

		if (!access)
			continue;
		format_rule(rule, access, &text);
		if (write(fd, text.data, text.len) >= 0)
			continue;
		/*
		 * Below a cgroup that lacks a device of every container, the container lacks it as
		 * well.
		 */
		if (errno != EPERM || rule->index >= 0)
			return error_errno(err, errno, "write \"%s\" to \"%s/%s\"", text.data,
					   hierarchy->path, file);
		log_debug("device rule \"%s\" is not granted by the parent of \"%s\"", text.data,
			  hierarchy->path);
	}
	return 0;
}

static int64_t parse_number(const char *text)
{
	int64_t number;

	return number_parse_i64(text, &number) < 0 ? -1 : number;
}

int device_rules_v1_parse(char *list, struct arena *arena, struct device_rules *exceptions)
{
	char type, major[12], minor[12], access[4], *line;
	struct device_rules found = {
		.rules = arena_array(arena, lines_count(list), sizeof(*found.rules)),
	};

	while ((line = strsep(&list, "\n"))) {
		struct device_rule *rule = &found.rules[found.len];

		if (sscanf(line, "%c %11[0-9*]:%11[0-9*] %3[rwm]", &type, major, minor, access) !=
		    4)
			continue;
		if (type == 'a')
			return -ENODATA;
		*rule = (struct device_rule){
			.allow = true,
			.types = type == 'b' ? DEVICE_BLOCK : DEVICE_CHAR,
			.access = (uint8_t)((strchr(access, 'r') ? DEVICE_READ : 0) |
					    (strchr(access, 'w') ? DEVICE_WRITE : 0) |
					    (strchr(access, 'm') ? DEVICE_MKNOD : 0)),
			.major = parse_number(major),
			.minor = parse_number(minor),
		};
		found.len++;
	}
	*exceptions = found;
	return 0;
}

/*
 * From one list of allowed devices to another: first what is new, then what is not any more is
 * taken away, so that there is no moment without what both have.
 */
static int change_exceptions(const struct cgroup_hierarchy *hierarchy,
			     const struct device_rules *from, const struct device_rules *to,
			     struct error *err)
{
	int ret = write_exceptions(hierarchy, "devices.allow", to, from, err);

	return ret < 0 ? ret : write_exceptions(hierarchy, "devices.deny", from, to, err);
}

static int replace_all(const struct cgroup_hierarchy *hierarchy, bool allow,
		       const struct device_rules *exceptions, struct error *err)
{
	const struct device_rules none = { 0 };
	int ret = file_set_at(hierarchy->fd, allow ? "devices.allow" : "devices.deny", "a");

	if (ret == -EINVAL)
		return error_set(err, ret, "write \"a\" to \"%s/devices.%s\": Invalid argument: "
				 "the cgroup above does not allow all devices, or there are "
				 "cgroups below it", hierarchy->path, allow ? "allow" : "deny");
	if (ret < 0)
		return error_errno(err, ret, "write \"a\" to \"%s/devices.%s\"", hierarchy->path,
				   allow ? "allow" : "deny");
	return write_exceptions(hierarchy, allow ? "devices.deny" : "devices.allow", exceptions,
				&none, err);
}

int device_rules_v1_set(const struct cgroup *cgroup, const struct cgroup_hierarchy *hierarchy,
			const struct device_rules *rules, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf list = { 0 };
	struct device_rules exceptions, current;
	bool allow, inhabited;
	int ret = device_rules_flatten(rules, &arena, &allow, &exceptions, err);

	if (ret < 0 || hierarchy->made)
		return ret < 0 ? ret : replace_all(hierarchy, allow, &exceptions, err);
	ret = file_read_at(hierarchy->fd, "devices.list", LIST_MAX, &list);
	if (ret < 0)
		return error_errno(err, ret, "read \"%s/devices.list\"", hierarchy->path);
	if (!allow && device_rules_v1_parse(list.data ? list.data : (char[]){ "" }, &arena,
					    &current) == 0)
		return change_exceptions(hierarchy, &current, &exceptions, err);
	/*
	 * Another default means a moment in which all is denied, or allowed: nobody lives in it.
	 * (With all devices allowed the kernel does not tell the exceptions.)
	 */
	inhabited = hierarchy->driver->is_populated(hierarchy->fd) > 0 &&
		    !cgroup_is_frozen(cgroup) && cgroup_freeze(cgroup, NULL) >= 0;
	ret = replace_all(hierarchy, allow, &exceptions, err);
	if (inhabited)
		cgroup_thaw(cgroup, NULL);
	return ret;
}
