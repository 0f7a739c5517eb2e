/* rdt_stats.c - what resctrl says of the container's groups */
#include "runtime/linux/rdt_stats.h"

#include <dirent.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "base/file.h"

enum { FILE_MAX = 1 << 20 };

/* Return: the file without the newline at its end, in the arena; NULL where it is not there. */
static char *read_text(const char *folder, const char *name, struct arena *arena)
{
	auto_buf struct buf path = { 0 }, text = { 0 };

	buf_printf(&path, "%s/%s", folder, name);
	if (file_read_at(AT_FDCWD, path.data, FILE_MAX, &text) < 0 || !text.len)
		return NULL;
	if (text.data[text.len - 1] == '\n')
		text.len--;
	return arena_strndup(arena, text.data, text.len);
}

static uint64_t read_number(const char *folder, const char *name, struct arena *arena)
{
	const char *text = read_text(folder, name, arena);

	return text ? strtoull(text, NULL, 10) : 0;
}

/* The lines without the blanks that align them. */
static char **read_schemata(const char *group, struct arena *arena)
{
	char *rest = read_text(group, "schemata", arena), *line, **lines;
	size_t len = 0;

	if (!rest)
		return NULL;
	lines = arena_array(arena, strlen(rest) + 2, sizeof(*lines));
	while ((line = strsep(&rest, "\n")))
		lines[len++] = line + strspn(line, " ");
	return lines;
}

/* Return: the last line about the resource, or NULL. */
static char *find_schema(char **lines, const char *resource)
{
	char *found = NULL;

	for (; lines && *lines; lines++)
		if (!strncmp(*lines, resource, strlen(resource)))
			found = *lines;
	return found;
}

static void read_l3(const char *root, struct arena *arena, struct spec_rdt_stats *stats)
{
	const char *folder = arena_printf(arena, "%s/info/L3", root);
	char *mask = read_text(folder, "cbm_mask", arena);

	if (!mask)
		return;
	stats->l3_cache_info = arena_alloc(arena, sizeof(*stats->l3_cache_info));
	*stats->l3_cache_info = (struct spec_l3_info){
		.cbm_mask = mask,
		.min_cbm_bits = read_number(folder, "min_cbm_bits", arena),
		.num_closids = read_number(folder, "num_closids", arena),
	};
}

static void read_mb(const char *root, struct arena *arena, struct spec_rdt_stats *stats)
{
	const char *folder = arena_printf(arena, "%s/info/MB", root);

	if (!read_text(folder, "min_bandwidth", arena))
		return;
	stats->mem_bw_info = arena_alloc(arena, sizeof(*stats->mem_bw_info));
	*stats->mem_bw_info = (struct spec_mb_info){
		.bandwidth_gran = read_number(folder, "bandwidth_gran", arena),
		.delay_linear = read_number(folder, "delay_linear", arena),
		.min_bandwidth = read_number(folder, "min_bandwidth", arena),
		.num_closids = read_number(folder, "num_closids", arena),
	};
}

static int is_domain(const struct dirent *entry)
{
	return *entry->d_name != '.';
}

/* A directory for each cache, "mon_L3_00"; features are the files that the machine has in them. */
static void read_monitor(const char *group, const char *features, struct arena *arena,
			 struct spec_rdt_stats *stats)
{
	const char *folder = arena_printf(arena, "%s/mon_data", group);
	bool counts_bytes = strstr(features, "mbm_"), counts_cache = strstr(features, "llc_");
	struct dirent **domains;
	int len = scandir(folder, &domains, is_domain, alphasort);

	if (len < 0)
		return;
	stats->mbm_stats = arena_array(arena, (size_t)len + 1, sizeof(*stats->mbm_stats));
	stats->cmt_stats = arena_array(arena, (size_t)len + 1, sizeof(*stats->cmt_stats));
	for (int i = 0; i < len; i++) {
		const char *domain = arena_printf(arena, "%s/%s", folder, domains[i]->d_name);

		stats->mbm_stats[i].mbm_total_bytes = read_number(domain, "mbm_total_bytes", arena);
		stats->mbm_stats[i].mbm_local_bytes = read_number(domain, "mbm_local_bytes", arena);
		stats->cmt_stats[i].llc_occupancy = read_number(domain, "llc_occupancy", arena);
		free(domains[i]);
	}
	free(domains);
	stats->mbm_stats_len = counts_bytes ? (size_t)len : 0;
	stats->cmt_stats_len = counts_cache ? (size_t)len : 0;
}

/* What is not counted is not written. */
static void drop_empty(struct spec_rdt_stats *stats)
{
	if (!stats->mbm_stats_len)
		stats->mbm_stats = NULL;
	if (!stats->cmt_stats_len)
		stats->cmt_stats = NULL;
}

void rdt_stats_read(const struct spec_rdt *rdt, struct arena *arena, struct spec_rdt_stats *stats)
{
	char **root = read_schemata(rdt->root, arena);
	const char *features = read_text(rdt->root, "info/L3_MON/mon_features", arena);

	stats->schemata = read_schemata(rdt->group, arena);
	read_l3(rdt->root, arena, stats);
	if (stats->l3_cache_info) {
		stats->l3_cache_schema_root = find_schema(root, "L3");
		stats->l3_cache_schema = find_schema(stats->schemata, "L3");
	}
	read_mb(rdt->root, arena, stats);
	if (stats->mem_bw_info) {
		stats->mem_bw_schema_root = find_schema(root, "MB");
		stats->mem_bw_schema = find_schema(stats->schemata, "MB");
	}
	if (features)
		read_monitor(rdt->monitor ? rdt->monitor : rdt->group, features, arena, stats);
	drop_empty(stats);
}
