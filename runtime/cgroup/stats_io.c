/* stats_io.c - what is counted for each block device */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/lines.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/stats.h"
#include "runtime/cgroup/stats_file.h"

/* A list of struct spec_io_stats, and the file of v1 behind "blkio.bfq." or "blkio.throttle.". */
struct list {
	size_t entries, len;
	const char *file;
};

#define LIST(member, file) \
	{ offsetof(struct spec_io_stats, member), offsetof(struct spec_io_stats, member##_len), \
	  file }

static const struct list lists[] = {
	LIST(ioServicedRecursive, "io_serviced_recursive"),
	LIST(ioServiceBytesRecursive, "io_service_bytes_recursive"),
	LIST(ioServiceTimeRecursive, "io_service_time_recursive"),
	LIST(ioWaitTimeRecursive, "io_wait_time_recursive"),
	LIST(ioMergedRecursive, "io_merged_recursive"),
	LIST(ioQueueRecursive, "io_queued_recursive"),
	LIST(ioTimeRecursive, "time_recursive"),
	LIST(sectorsRecursive, "sectors_recursive"),
};

/* "8:0 Read 4096" or "8:0 4096"; the last line is the sum of all devices. */
static bool parse_v1(const char *line, struct arena *arena, struct spec_io_entry *entry)
{
	char op[16];

	if (sscanf(line, "%" SCNu32 ":%" SCNu32 " %15[A-Za-z] %" SCNu64, &entry->major,
		   &entry->minor, op, &entry->value) == 4) {
		entry->op = arena_strdup(arena, op);
		return true;
	}
	entry->op = NULL;
	return sscanf(line, "%" SCNu32 ":%" SCNu32 " %" SCNu64, &entry->major, &entry->minor,
		      &entry->value) == 3;
}

static void read_v1_list(const struct cgroup *cgroup, const char *prefix, const struct list *list,
			 struct arena *arena, struct spec_io_stats *io)
{
	struct spec_io_entry **entries = (struct spec_io_entry **)((char *)io + list->entries);
	size_t *len = (size_t *)((char *)io + list->len);
	auto_buf struct buf text = { 0 };
	char file[64], *rest, *line;

	*len = 0;
	snprintf(file, sizeof(file), "%s%s", prefix, list->file);
	if (!stats_file_read(cgroup, "blkio", file, &text))
		return;
	*entries = arena_array(arena, lines_count(text.data), sizeof(**entries));
	rest = text.data;
	while ((line = strsep(&rest, "\n")) && *line)
		*len += parse_v1(line, arena, &(*entries)[*len]);
	/* Without a device the list is absent. */
	if (!*len)
		*entries = NULL;
}

/* The scheduler bfq counts more, but only where a device uses it. */
static void read_v1(const struct cgroup *cgroup, struct arena *arena, struct spec_io_stats *io)
{
	static const char *const prefixes[] = { "blkio.bfq.", "blkio.throttle." };

	for (size_t i = 0; i < 2 && !io->ioServicedRecursive_len; i++)
		for (size_t j = 0; j < sizeof(lists) / sizeof(*lists); j++)
			read_v1_list(cgroup, prefixes[i], &lists[j], arena, io);
}

/* "rbytes=4096" of a line. Return: whether it is there. */
static bool find_v2(const char *line, const char *name, uint64_t *value)
{
	size_t len = strlen(name);

	for (const char *at = strchr(line, ' '); at; at = strchr(at + 1, ' '))
		if (!strncmp(at + 1, name, len) && at[1 + len] == '=') {
			*value = strtoull(at + len + 2, NULL, 10);
			return true;
		}
	return false;
}

static void add_v2(const char *line, const char *read, const char *written,
		   struct spec_io_entry *entries, size_t *len)
{
	const char *const names[] = { read, written };
	static char *const ops[] = { "Read", "Write" };
	struct spec_io_entry entry = { 0 };

	if (sscanf(line, "%" SCNu32 ":%" SCNu32, &entry.major, &entry.minor) != 2)
		return;
	for (size_t i = 0; i < 2; i++) {
		entry.op = ops[i];
		if (find_v2(line, names[i], &entry.value))
			entries[(*len)++] = entry;
	}
}

/* Lines such as "8:0 rbytes=4096 wbytes=0 rios=1 wios=0 ...". */
static void read_v2(const struct cgroup *cgroup, struct arena *arena, struct spec_io_stats *io)
{
	auto_buf struct buf text = { 0 };
	char *rest, *line;
	size_t room;

	if (!stats_file_read(cgroup, "io", "io.stat", &text))
		return;
	room = 2 * lines_count(text.data);
	io->ioServiceBytesRecursive = arena_array(arena, room, sizeof(struct spec_io_entry));
	io->ioServicedRecursive = arena_array(arena, room, sizeof(struct spec_io_entry));
	rest = text.data;
	while ((line = strsep(&rest, "\n")) && *line) {
		add_v2(line, "rbytes", "wbytes", io->ioServiceBytesRecursive,
		       &io->ioServiceBytesRecursive_len);
		add_v2(line, "rios", "wios", io->ioServicedRecursive, &io->ioServicedRecursive_len);
	}
	if (!io->ioServicedRecursive_len)
		io->ioServiceBytesRecursive = io->ioServicedRecursive = NULL;
}

void stats_read_io(const struct cgroup *cgroup, struct arena *arena, struct spec_stats *stats)
{
	const struct cgroup_hierarchy *hierarchy = cgroup_find_controller(cgroup, "io");

	if (hierarchy && cgroup_is_v2(hierarchy))
		read_v2(cgroup, arena, &stats->blkio);
	else
		read_v1(cgroup, arena, &stats->blkio);
	stats->blkio.psi = stats_file_pressure(cgroup, "io.pressure", arena);
}
