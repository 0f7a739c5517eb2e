/* stats_hugetlb.c - what is counted for each size of huge pages */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/directory.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/stats.h"
#include "runtime/cgroup/stats_file.h"

static const char prefix[] = "hugetlb.";

/* "hugetlb.2MB.max", of v1 "hugetlb.2MB.limit_in_bytes". Return: the length of "2MB", or 0. */
static size_t parse_size(const char *file)
{
	const char *size = file + strlen(prefix);
	size_t len;

	if (strncmp(file, prefix, strlen(prefix)) != 0 || !isdigit((unsigned char)*size))
		return 0;
	len = strcspn(size, ".");
	return !strcmp(size + len, ".max") || !strcmp(size + len, ".limit_in_bytes") ? len : 0;
}

/* Return: whether there is such a file, with the number. */
static bool read_number(const struct cgroup *cgroup, const char *size, const char *name,
			const char *field, uint64_t *value)
{
	auto_buf struct buf text = { 0 };
	char file[64];

	snprintf(file, sizeof(file), "%s%s.%s", prefix, size, name);
	return stats_file_read(cgroup, "hugetlb", file, &text) &&
	       stats_file_number(text.data, field, value);
}

/* As runc, what is reserved rather than what is in use, where the kernel counts that. */
static void read_size(const struct cgroup *cgroup, bool is_v2, struct spec_hugetlb_stats *stats)
{
	const char *size = stats->size;

	if (is_v2) {
		if (!read_number(cgroup, size, "rsvd.current", NULL, &stats->usage))
			read_number(cgroup, size, "current", NULL, &stats->usage);
		read_number(cgroup, size, "events", "max", &stats->failcnt);
	} else if (read_number(cgroup, size, "rsvd.usage_in_bytes", NULL, &stats->usage)) {
		read_number(cgroup, size, "rsvd.max_usage_in_bytes", NULL, &stats->max);
		read_number(cgroup, size, "rsvd.failcnt", NULL, &stats->failcnt);
	} else {
		read_number(cgroup, size, "usage_in_bytes", NULL, &stats->usage);
		read_number(cgroup, size, "max_usage_in_bytes", NULL, &stats->max);
		read_number(cgroup, size, "failcnt", NULL, &stats->failcnt);
	}
}

void stats_read_hugetlb(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats)
{
	enum { SIZES_MAX = 16 }; /* no machine has more */
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "hugetlb");
	auto_directory DIR *dir = NULL;
	const struct dirent *entry;

	stats->hugetlb = arena_array(arena, SIZES_MAX, sizeof(*stats->hugetlb));
	if (!hierarchy || hierarchy->fd < 0 || directory_open(hierarchy->fd, ".", &dir) < 0)
		return;
	while (stats->hugetlb_len < SIZES_MAX && (entry = directory_next(dir))) {
		struct spec_hugetlb_stats *size = &stats->hugetlb[stats->hugetlb_len];
		size_t len = parse_size(entry->d_name);

		if (!len)
			continue;
		size->size = arena_strndup(arena, entry->d_name + strlen(prefix), len);
		read_size(cgroup, cgroup_is_v2(hierarchy), size);
		stats->hugetlb_len++;
	}
}
