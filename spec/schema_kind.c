/* schema_kind.c - what reading and writing both have to know about the kinds of members */
#include "spec/schema_kind.h"

#include <errno.h>
#include <inttypes.h>
#include <string.h>

#include "base/number.h"
#include "spec/config.h"

#define NUMBER(type, min_, max_)                                                                   \
	{ .wanted = "a number", .size = sizeof(type), .is_number = true, .min = min_, .max = max_ }
#define COLLECTION(type, item_size_, item, ...)                                                    \
	{ .wanted = type, .size = sizeof(void *), .item_size = item_size_,                         \
	  .item_kind = SCHEMA_KIND_##item, __VA_ARGS__ = true }

const struct schema_kind_facts schema_kinds[] = {
	[SCHEMA_KIND_bool] = { .wanted = "true or false", .size = sizeof(bool) },
	[SCHEMA_KIND_int32] = NUMBER(int32_t, INT32_MIN, INT32_MAX),
	[SCHEMA_KIND_int64] = NUMBER(int64_t, INT64_MIN, INT64_MAX),
	[SCHEMA_KIND_uint16] = NUMBER(uint16_t, 0, UINT16_MAX),
	[SCHEMA_KIND_uint32] = NUMBER(uint32_t, 0, UINT32_MAX),
	[SCHEMA_KIND_uint64] = NUMBER(uint64_t, 0, UINT64_MAX),
	[SCHEMA_KIND_fraction] = { .wanted = "a fraction", .size = sizeof(double) },
	[SCHEMA_KIND_string] = { .wanted = "a string", .size = sizeof(char *) },
	[SCHEMA_KIND_character] = { .wanted = "a string", .size = sizeof(char) },
	[SCHEMA_KIND_name] = { .wanted = "a string", .size = sizeof(int) },
	[SCHEMA_KIND_strings] = COLLECTION("a list", sizeof(char *), string, .is_list),
	[SCHEMA_KIND_numbers] = COLLECTION("a list", sizeof(uint32_t), uint32, .is_list),
	[SCHEMA_KIND_counters] = COLLECTION("a list", sizeof(uint64_t), uint64, .is_list),
	[SCHEMA_KIND_embedded] = { .wanted = "an object" },
	[SCHEMA_KIND_object] = { .wanted = "an object", .size = sizeof(void *) },
	[SCHEMA_KIND_objects] = COLLECTION("a list", 0, embedded, .is_list),
	[SCHEMA_KIND_pairs] = COLLECTION("an object", sizeof(struct spec_pair), string,
					 .value_offset = offsetof(struct spec_pair, value),
					 .is_map),
	[SCHEMA_KIND_counts] = COLLECTION("an object", sizeof(struct schema_count), uint64,
					  .value_offset = offsetof(struct schema_count, value),
					  .is_map),
	[SCHEMA_KIND_keyed] = COLLECTION("an object", 0, embedded, .is_map),
};

size_t schema_item_size(const struct schema_row *row)
{
	size_t size = schema_kinds[row->kind].item_size;

	return size ? size : row->schema->size;
}

struct range {
	int64_t min;
	uint64_t max;
};

/* Return: 0; -EINVAL where it is no whole number; -ERANGE. */
static int parse(const char *text, const struct range *range, uint64_t *bits)
{
	int64_t value;
	int r;

	if (range->max > INT64_MAX)
		return number_parse_u64(text, range->max, bits);
	r = number_parse_i64(text, &value);
	if (r < 0)
		return r;
	*bits = (uint64_t)value;
	return value < range->min || value > (int64_t)range->max ? -ERANGE : 0;
}

int schema_parse_number(const struct schema_row *row, const char *text, size_t len, uint64_t *bits,
			struct error *err)
{
	enum { SHOWN_MAX = 40 };
	const struct schema_kind_facts *facts = &schema_kinds[row->kind];
	struct range range;
	char copy[SHOWN_MAX + sizeof("...")];
	bool whole = !memchr(text, '.', len) && !memchr(text, 'e', len) && !memchr(text, 'E', len);
	int r = -ERANGE;

	if (facts->is_list)
		facts = &schema_kinds[facts->item_kind];
	range = (struct range){ facts->min, facts->max };
	if (row->min || row->max)
		range = (struct range){ row->min, (uint64_t)row->max };
	/* JSON has no leading zeros: digits that have no room here fit into no type. */
	if (len <= SHOWN_MAX) {
		memcpy(copy, text, len);
		copy[len] = 0;
		r = parse(copy, &range, bits);
	} else {
		memcpy(copy, text, SHOWN_MAX);
		strcpy(copy + SHOWN_MAX, "...");
	}
	if (!r)
		return 0;
	if (!whole)
		return error_set(err, EINVAL, "must be a whole number, not %s", copy);
	return error_set(err, EINVAL, "must be %" PRId64 " to %" PRIu64 ", not %s", range.min,
			 range.max, copy);
}

void schema_store_number(enum schema_kind kind, uint64_t bits, void *place)
{
	switch (schema_kinds[kind].size) {
	case sizeof(uint16_t):
		*(uint16_t *)place = (uint16_t)bits;
		break;
	case sizeof(uint32_t):
		*(uint32_t *)place = (uint32_t)bits;
		break;
	default:
		*(uint64_t *)place = bits;
	}
}
