/* schema_merge.c - lays one document over another of its kind */
#include <string.h>

#include "spec/schema.h"
#include "spec/schema_kind.h"

/* Return: whether two items are about the same thing: by their keys, or as their schema says. */
static bool is_same(const struct schema_row *row, const char *a, const char *b)
{
	if (schema_kinds[row->kind].is_map)
		return !strcmp(*(char *const *)a, *(char *const *)b);
	return row->schema && row->schema->is_same && row->schema->is_same(a, b);
}

/* Lays an item over the one of the items that is about the same. Return: false: none is. */
static bool merge_item(const struct schema_row *row, char *items, size_t len, const char *item,
		       struct arena *arena)
{
	const size_t size = schema_item_size(row);

	for (; len; len--, items += size) {
		if (!is_same(row, items, item))
			continue;
		if (row->schema)
			schema_merge(row->schema, items, item, arena);
		else
			memcpy(items, item, size);
		return true;
	}
	return false;
}

static void merge_list(const struct schema_row *row, char *base, const char *over,
		       struct arena *arena)
{
	const size_t size = schema_item_size(row);
	char **items = (char **)(base + row->offset);
	const char *added = *(char *const *)(over + row->offset);
	size_t *len = (size_t *)(base + row->len_offset);
	size_t added_len = *(const size_t *)(over + row->len_offset);
	char *joined;

	if (!added_len)
		return;
	joined = arena_array(arena, *len + added_len, size);
	if (*len)
		memcpy(joined, *items, *len * size);
	for (; added_len; added_len--, added += size) {
		if (!merge_item(row, joined, *len, added, arena))
			memcpy(joined + (*len)++ * size, added, size);
	}
	*items = joined;
}

static void merge_object(const struct schema_row *row, char *base, const char *over,
			 struct arena *arena)
{
	void **object = (void **)(base + row->offset);
	void *added = *(void *const *)(over + row->offset);

	if (added && !*object)
		*object = added;
	else if (added)
		schema_merge(row->schema, *object, added, arena);
}

static void merge_value(const struct schema_row *row, char *base, const char *over)
{
	static const char absent[sizeof(uint64_t)];
	size_t size = row->presence == SCHEMA_MAYBE ? sizeof(void *) : schema_kinds[row->kind].size;

	if (row->presence == SCHEMA_REQUIRED || memcmp(over + row->offset, absent, size) != 0)
		memcpy(base + row->offset, over + row->offset, size);
}

void schema_merge(const struct schema *schema, void *base, const void *over, struct arena *arena)
{
	for (size_t i = 0; i < schema->rows_len; i++) {
		const struct schema_row *row = &schema->rows[i];

		if (row->kind == SCHEMA_KIND_embedded)
			schema_merge(row->schema, (char *)base + row->offset,
				     (const char *)over + row->offset, arena);
		else if (row->kind == SCHEMA_KIND_object)
			merge_object(row, base, over, arena);
		else if (row->len_offset)
			merge_list(row, base, over, arena);
		else
			merge_value(row, base, over);
	}
}
