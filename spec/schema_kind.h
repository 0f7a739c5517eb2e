/* schema_kind.h - what reading and writing both have to know about the kinds of members */
#pragma once
#include "spec/schema.h"

struct schema_kind_facts {
	const char *wanted;         /* "must be ..." */
	uint16_t size;              /* of the C type; 0: the size of the schema's struct */
	uint16_t item_size;         /* of a collection's items; 0: the size of the struct */
	uint16_t value_offset;      /* in an item: of what stands behind its key */
	enum schema_kind item_kind; /* of a collection */
	bool is_number, is_list, is_map;
	int64_t min;
	uint64_t max;
};

extern const struct schema_kind_facts schema_kinds[];

/* Return: the distance between the items of a collection. */
size_t schema_item_size(const struct schema_row *row);

/*
 * Reads a number of a row that is one, or a list of them, exactly and within the row's range. bits
 * holds it for schema_store_number. Return: 0, or -EINVAL with "must be ...".
 */
int schema_parse_number(const struct schema_row *row, const char *text, size_t len, uint64_t *bits,
			struct error *err);

/* kind is that of the number itself. */
void schema_store_number(enum schema_kind kind, uint64_t bits, void *place);
