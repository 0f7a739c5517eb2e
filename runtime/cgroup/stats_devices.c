/* stats_devices.c - what is counted for each block device, and each size of huge pages */
#include <ctype.h>
#include <dirent.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"
#include "base/sys.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/stats_json.h"

static void add_io_entry(struct stats_json *json, unsigned int major, unsigned int minor,
			 const char *op, uint64_t value)
{
	stats_json_begin(json, NULL);
	stats_json_number(json, "major", major);
	stats_json_number(json, "minor", minor);
	stats_json_word(json, "op", op);
	stats_json_number(json, "value", value);
	stats_json_end(json);
}

/* Lines of v1: "8:0 Read 4096"; the last one is the sum. */
static void add_v1_lines(char *text, struct stats_json *json)
{
	char *rest = NULL;

	for (char *line = strtok_r(text, "\n", &rest); line; line = strtok_r(NULL, "\n", &rest)) {
		unsigned int major, minor;
		uint64_t value;
		char op[16];

		if (sscanf(line, "%u:%u %15s %" SCNu64, &major, &minor, op, &value) == 4)
			add_io_entry(json, major, minor, op, value);
	}
}

/* Lines of v2: "8:0 rbytes=4096 wbytes=0 rios=1 ...". */
static void add_v2_lines(const char *text, const char *read, const char *written,
			 struct stats_json *json)
{
	for (const char *line = text; line && *line; line = strchr(line, '\n')) {
		const char *names[] = { read, written }, *ops[] = { "Read", "Write" };
		unsigned int major, minor;
		const char *end;

		line += *line == '\n';
		end = line + strcspn(line, "\n");
		if (sscanf(line, "%u:%u", &major, &minor) != 2)
			continue;
		for (size_t i = 0; i < 2; i++) {
			const char *at = strstr(line, names[i]);

			if (at && at < end)
				add_io_entry(json, major, minor, ops[i],
					     strtoull(at + strlen(names[i]), NULL, 10));
		}
	}
}

static void add_io_list(const struct cgroup *cgroup, const char *key, const char *v1_file,
			const char *read, const char *written, struct stats_json *json)
{
	auto_buf struct buf text = { 0 };

	if (stats_read(cgroup, "blkio", v1_file, &text)) {
		stats_json_begin_list(json, key);
		add_v1_lines(text.data, json);
		stats_json_end_list(json);
	} else if (stats_read(cgroup, "io", "io.stat", &text)) {
		stats_json_begin_list(json, key);
		add_v2_lines(text.data, read, written, json);
		stats_json_end_list(json);
	}
}

void stats_add_io(const struct cgroup *cgroup, struct stats_json *json)
{
	add_io_list(cgroup, "ioServiceBytesRecursive", "blkio.throttle.io_service_bytes_recursive",
		    " rbytes=", " wbytes=", json);
	add_io_list(cgroup, "ioServicedRecursive", "blkio.throttle.io_serviced_recursive",
		    " rios=", " wios=", json);
}

static void add_hugetlb_number(const struct cgroup *cgroup, const char *size, const char *key,
			       const char *v1_file, const char *v2_file, const char *field,
			       struct stats_json *json)
{
	const char *const files[] = { v1_file, v2_file };

	for (size_t i = 0; i < 2; i++) {
		auto_buf struct buf text = { 0 };
		const char *number;
		char path[64];

		if (!files[i])
			continue;
		snprintf(path, sizeof(path), "hugetlb.%s.%s", size, files[i]);
		if (!stats_read(cgroup, "hugetlb", path, &text))
			continue;
		number = field && i ? stats_find_field(text.data, field) : text.data;
		stats_json_number(json, key, number ? strtoull(number, NULL, 10) : 0);
		return;
	}
}

/* "hugetlb.2MB.max", of v1 "hugetlb.2MB.limit_in_bytes". Return: the length of "2MB", or 0. */
static size_t parse_size(const char *file)
{
	static const char prefix[] = "hugetlb.";
	const char *size = file + strlen(prefix);
	size_t len;

	if (strncmp(file, prefix, strlen(prefix)) != 0 || !isdigit((unsigned char)*size))
		return 0;
	len = strcspn(size, ".");
	return !strcmp(size + len, ".max") || !strcmp(size + len, ".limit_in_bytes") ? len : 0;
}

static void add_hugetlb_size(const struct cgroup *cgroup, const char *size,
			     struct stats_json *json)
{
	stats_json_begin(json, size);
	add_hugetlb_number(cgroup, size, "usage", "usage_in_bytes", "current", NULL, json);
	add_hugetlb_number(cgroup, size, "max", "max_usage_in_bytes", NULL, NULL, json);
	add_hugetlb_number(cgroup, size, "failcnt", "failcnt", "events", "max", json);
	stats_json_end(json);
}

void stats_add_hugetlb(const struct cgroup *cgroup, struct stats_json *json)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "hugetlb");
	int fd = hierarchy && hierarchy->fd >= 0 ?
			 sys_openat(hierarchy->fd, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC, 0) :
			 -1;
	DIR *dir = fd < 0 ? NULL : fdopendir(fd);
	struct dirent *entry;

	stats_json_begin(json, "hugetlb");
	while (dir && (entry = readdir(dir))) {
		size_t len = parse_size(entry->d_name);
		char size[32];

		if (!len || len >= sizeof(size))
			continue;
		snprintf(size, sizeof(size), "%.*s", (int)len, strchr(entry->d_name, '.') + 1);
		add_hugetlb_size(cgroup, size, json);
	}
	if (dir)
		closedir(dir);
	stats_json_end(json);
}
