/* stats_json.h - pieces of stats.c: how numbers are found, and written as JSON */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "runtime/cgroup/cgroup.h"

enum { STATS_FILE_MAX = 1 << 20 };

/* Writes members one after the other, with commas between them. */
struct stats_json {
	struct buf *out;
	bool has_members;
};

void stats_json_begin(struct stats_json *json, const char *key); /* key may be NULL in lists */
void stats_json_end(struct stats_json *json);
void stats_json_begin_list(struct stats_json *json, const char *key);
void stats_json_end_list(struct stats_json *json);
void stats_json_number(struct stats_json *json, const char *key, uint64_t value);
void stats_json_fraction(struct stats_json *json, const char *key, double value);
void stats_json_word(struct stats_json *json, const char *key, const char *value);
void stats_json_entry(struct stats_json *json, uint64_t value);

/* Return: whether the container's cgroup has the file and could read it, not empty. */
bool stats_read(const struct cgroup *cgroup, const char *controller, const char *file,
		struct buf *text);

/* Return: what stands behind the word that begins a line, or NULL. */
const char *stats_find_field(const char *text, const char *field);

/* What is read and written of block devices, and of each size of huge pages. */
void stats_add_io(const struct cgroup *cgroup, struct stats_json *json);
void stats_add_hugetlb(const struct cgroup *cgroup, struct stats_json *json);
