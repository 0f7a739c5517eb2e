/* schema_read.c - reads JSON straight into structs, as the tables say */
#include "spec/schema.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "spec/json.h"
#include "spec/schema_kind.h"

/*
 * The parser calls back for each token. A stack of frames says what the next value means: in an
 * object the row of the last key, in a collection (list or map) one more item of the collection's
 * row. Nothing is kept of what has no row: its objects and lists are only counted.
 */
struct frame {
	const struct schema *schema;  /* of an object; NULL: a collection */
	const struct schema_row *row; /* of the last key, NULL: unknown; of a collection: its own */
	char *object;                 /* the struct; of a collection: the one it is a member of */
	uint64_t seen;                /* rows whose keys were there: a bit each */
	char *items;
	size_t len, capacity;
};

struct reader {
	const char *text;
	size_t text_len;
	struct arena *arena;
	struct frame *frames;
	size_t depth;   /* frames in use */
	size_t ignored; /* objects and lists within each other that no row asks for */
	struct schema_row root;
	char *object;
	struct error *err;
};

/* Where a value goes and what it has to be. */
struct slot {
	const struct schema_row *row; /* NULL: ignored */
	enum schema_kind kind;
	char *at;
};

/* A key as RFC 6901 writes it; what is longer than anyone wants to read is cut. */
static void add_key(struct buf *place, const char *key)
{
	enum { KEY_MAX = 100 };
	int len = 0;

	buf_puts(place, "/");
	for (; *key && len < KEY_MAX; key++, len++) {
		if (*key == '~')
			buf_puts(place, "~0");
		else if (*key == '/')
			buf_puts(place, "~1");
		else
			buf_add(place, key, 1);
	}
	if (*key)
		buf_puts(place, "...");
}

static char *last_item(const struct frame *frame)
{
	return frame->items + (frame->len - 1) * schema_item_size(frame->row);
}

/* Puts the place of the present value before the message. Return: 0, which ends the parsing. */
static int fail(struct reader *reader)
{
	auto_buf struct buf place = { 0 };

	for (size_t i = 0; i < reader->depth; i++) {
		const struct frame *frame = &reader->frames[i];

		if (!frame->row)
			continue;
		if (frame->schema)
			add_key(&place, frame->row->name);
		else if (schema_kinds[frame->row->kind].is_map)
			add_key(&place, *(char **)last_item(frame));
		else
			buf_printf(&place, "/%zu", frame->len - 1);
	}
	if (place.len)
		error_context(reader->err, "%s", place.data);
	return 0;
}

static int fail_type(struct reader *reader, const struct slot *slot, const char *found)
{
	error_set(reader->err, EINVAL, "must be %s, not %s", schema_kinds[slot->kind].wanted,
		  found);
	return fail(reader);
}

/* Return: room for one more item; one zeroed item always follows, the NULL behind strings. */
static char *add_item(struct reader *reader, struct frame *frame)
{
	size_t size = schema_item_size(frame->row);

	if (frame->len + 1 >= frame->capacity) {
		size_t capacity = frame->capacity ? frame->capacity * 2 : 8;
		char *items = arena_array(reader->arena, capacity, size);

		if (frame->len)
			memcpy(items, frame->items, frame->len * size);
		frame->items = items;
		frame->capacity = capacity;
	}
	return frame->items + frame->len++ * size;
}

static struct slot next_slot(struct reader *reader)
{
	struct frame *frame;
	struct slot slot;

	if (!reader->depth)
		return (struct slot){ &reader->root, SCHEMA_KIND_embedded, reader->object };
	frame = &reader->frames[reader->depth - 1];
	slot = (struct slot){ .row = reader->ignored ? NULL : frame->row };
	if (!slot.row)
		return slot;
	if (frame->schema) {
		frame->seen |= UINT64_C(1) << (slot.row - frame->schema->rows);
		slot.kind = slot.row->kind;
		slot.at = frame->object + slot.row->offset;
		return slot;
	}
	slot.kind = schema_kinds[slot.row->kind].item_kind;
	if (schema_kinds[slot.row->kind].is_list)
		slot.at = add_item(reader, frame);
	else
		slot.at = last_item(frame);
	slot.at += schema_kinds[slot.row->kind].value_offset;
	return slot;
}

/* Return: where the value itself goes: behind the pointer of a SCHEMA_MAYBE row. */
static void *value_place(struct reader *reader, const struct slot *slot)
{
	if (slot->row->presence != SCHEMA_MAYBE)
		return slot->at;
	return *(void **)slot->at = arena_alloc(reader->arena, schema_kinds[slot->kind].size);
}

static int run_check(struct reader *reader, const struct slot *slot, const void *value)
{
	if (slot->row->check && slot->row->check(value, reader->err) < 0)
		return fail(reader);
	return 1;
}

/* A member that is null is as good as not there. */
static void set_absent(struct reader *reader, const struct slot *slot)
{
	struct frame *frame = &reader->frames[reader->depth - 1];
	size_t size = schema_kinds[slot->kind].size;

	if (slot->row->presence == SCHEMA_MAYBE)
		size = sizeof(void *);
	else if (slot->kind == SCHEMA_KIND_embedded)
		size = slot->row->schema->size;
	memset(slot->at, 0, size);
	if (slot->row->len_offset)
		*(size_t *)(frame->object + slot->row->len_offset) = 0;
	frame->seen &= ~(UINT64_C(1) << (slot->row - frame->schema->rows));
}

static bool in_collection(const struct reader *reader)
{
	return !reader->depth || !reader->frames[reader->depth - 1].schema;
}

static int on_null(void *data)
{
	struct reader *reader = data;
	struct slot slot = next_slot(reader);

	if (!slot.row)
		return 1;
	if (in_collection(reader))
		return fail_type(reader, &slot, "null");
	set_absent(reader, &slot);
	return 1;
}

static int on_bool(void *data, int value)
{
	struct reader *reader = data;
	struct slot slot = next_slot(reader);

	if (!slot.row)
		return 1;
	if (slot.kind != SCHEMA_KIND_bool)
		return fail_type(reader, &slot, value ? "true" : "false");
	*(bool *)value_place(reader, &slot) = value;
	return 1;
}

static int on_number(void *data, const char *text, size_t len)
{
	struct reader *reader = data;
	struct slot slot = next_slot(reader);
	uint64_t bits;
	void *place;

	if (!slot.row)
		return 1;
	if (!schema_kinds[slot.kind].is_number)
		return fail_type(reader, &slot, "a number");
	if (schema_parse_number(slot.row, text, len, &bits, reader->err) < 0)
		return fail(reader);
	place = value_place(reader, &slot);
	schema_store_number(slot.kind, bits, place);
	return run_check(reader, &slot, place);
}

/* The names go into the message: whoever mistyped one wants to see them. */
static int fail_name(struct reader *reader, const struct name_value *names, const char *text)
{
	auto_buf struct buf known = { 0 };

	for (const struct name_value *row = names; row->name; row++)
		buf_printf(&known, "%s%s", row == names ? "" : ", ", row->name);
	error_set(reader->err, EINVAL, "\"%.100s\" is unknown, it must be one of %s", text,
		  known.data);
	return fail(reader);
}

/*
 * The parser hands over a piece of the document, or what it decoded if there were escapes. Only the
 * latter can have what must not pass: the end of a C string, and half of a surrogate pair.
 */
static const char *string_fault(const struct reader *reader, const char *text, size_t len)
{
	if ((uintptr_t)text - (uintptr_t)reader->text < reader->text_len)
		return NULL;
	if (memchr(text, 0, len))
		return "must not contain \\u0000";
	for (const char *at = text; (at = memchr(at, 0xed, len - (size_t)(at - text))); at++)
		if (at + 1 < text + len && (unsigned char)at[1] >= 0xa0)
			return "has half of a surrogate pair";
	return NULL;
}

static int check_string(struct reader *reader, const char *text, size_t len)
{
	const char *fault = string_fault(reader, text, len);

	if (!fault)
		return 1;
	error_set(reader->err, EINVAL, "%s", fault);
	return fail(reader);
}

static int store_string(struct reader *reader, const struct slot *slot, char *text)
{
	const struct schema_row *row = slot->row;
	const struct name_value *name = NULL;

	if (row->names) {
		name = table_find_name(row->names, text);
		if (!name)
			return fail_name(reader, row->names, text);
	}
	switch (slot->kind) {
	case SCHEMA_KIND_name:
		*(int *)slot->at = (int)name->value;
		return 1;
	case SCHEMA_KIND_character:
		if (strlen(text) != 1) {
			error_set(reader->err, EINVAL, "must be one character, not \"%.100s\"",
				  text);
			return fail(reader);
		}
		*slot->at = text[0];
		return run_check(reader, slot, slot->at);
	default:
		*(char **)slot->at = text;
		return run_check(reader, slot, text);
	}
}

static int on_string(void *data, const unsigned char *bytes, size_t len)
{
	static char empty[1];
	struct reader *reader = data;
	struct slot slot = next_slot(reader);
	const char *text = (const char *)bytes;

	if (!slot.row)
		return 1;
	if (slot.kind != SCHEMA_KIND_string && slot.kind != SCHEMA_KIND_name &&
	    slot.kind != SCHEMA_KIND_character)
		return fail_type(reader, &slot, "a string");
	if (!check_string(reader, text, len))
		return 0;
	/* Programs in Go write "" for what is absent. */
	if (!len && !in_collection(reader) && slot.row->presence != SCHEMA_REQUIRED) {
		set_absent(reader, &slot);
		return 1;
	}
	return store_string(reader, &slot,
			    len ? arena_strndup(reader->arena, text, len) : empty);
}

static int on_map_key(void *data, const unsigned char *bytes, size_t len)
{
	struct reader *reader = data;
	struct frame *frame = &reader->frames[reader->depth - 1];
	const char *text = (const char *)bytes;
	const struct schema *schema = frame->schema;
	const struct schema_row *row;

	if (reader->ignored)
		return 1;
	if (!schema) {
		*(char **)add_item(reader, frame) = arena_strndup(reader->arena, text, len);
		if (len)
			return check_string(reader, text, len);
		error_set(reader->err, EINVAL, "a key must not be empty");
		return fail(reader);
	}
	frame->row = NULL;
	for (row = schema->rows; row < schema->rows + schema->rows_len; row++)
		if (row->name_len == len && !memcmp(row->name, text, len)) {
			frame->row = row;
			break;
		}
	return 1;
}

/* A frame for the value of the slot: an object where there is a schema, else a collection. */
static int push(struct reader *reader, const struct slot *slot, const struct schema *schema)
{
	struct frame *frame = &reader->frames[reader->depth];

	if (reader->depth + reader->ignored == SCHEMA_DEPTH_MAX) {
		error_set(reader->err, EINVAL, "more than %d objects and lists within each other",
			  SCHEMA_DEPTH_MAX);
		return fail(reader);
	}
	if (!slot->row) {
		reader->ignored++;
		return 1;
	}
	*frame = (struct frame){ .schema = schema, .object = slot->at };
	if (!schema) {
		frame->row = slot->row;
		frame->object = slot->at - slot->row->offset;
	}
	reader->depth++;
	return 1;
}

static int on_start_map(void *data)
{
	struct reader *reader = data;
	struct slot slot = next_slot(reader);

	if (!slot.row || schema_kinds[slot.kind].is_map)
		return push(reader, &slot, NULL);
	switch (slot.kind) {
	case SCHEMA_KIND_object:
		slot.at = *(void **)slot.at = arena_alloc(reader->arena, slot.row->schema->size);
		break;
	case SCHEMA_KIND_embedded:
		/* A key that comes twice begins anew; an item is new and may have its key. */
		if (!in_collection(reader))
			memset(slot.at, 0, slot.row->schema->size);
		break;
	default:
		return fail_type(reader, &slot, "an object");
	}
	return push(reader, &slot, slot.row->schema);
}

static int on_start_array(void *data)
{
	struct reader *reader = data;
	struct slot slot = next_slot(reader);

	if (slot.row && !schema_kinds[slot.kind].is_list)
		return fail_type(reader, &slot, "a list");
	return push(reader, &slot, NULL);
}

static void store_items(struct reader *reader, const struct frame *frame)
{
	char *items = frame->items;

	if (!items)
		items = arena_alloc(reader->arena, sizeof(void *));
	*(char **)(frame->object + frame->row->offset) = items;
	if (frame->row->len_offset)
		*(size_t *)(frame->object + frame->row->len_offset) = frame->len;
}

static int on_end_array(void *data)
{
	struct reader *reader = data;

	if (reader->ignored)
		reader->ignored--;
	else
		store_items(reader, &reader->frames[--reader->depth]);
	return 1;
}

static int compare_keys(const void *a, const void *b)
{
	const char *const *left = *(const char *const *const *)a;
	const char *const *right = *(const char *const *const *)b;
	int order = strcmp(*left, *right);

	return order ? order : (left > right) - (left < right);
}

/* Of items with the same key the last one stays. Sorted, as a map may have a million keys. */
static void drop_duplicates(struct reader *reader, struct frame *frame)
{
	size_t size = schema_item_size(frame->row), kept = 0;
	char ***sorted;

	if (frame->len < 2)
		return;
	sorted = arena_array(reader->arena, frame->len, sizeof(*sorted));
	for (size_t i = 0; i < frame->len; i++)
		sorted[i] = (char **)(frame->items + i * size);
	qsort(sorted, frame->len, sizeof(*sorted), compare_keys);
	for (size_t i = 0; i + 1 < frame->len; i++)
		if (!strcmp(*sorted[i], *sorted[i + 1]))
			*sorted[i] = NULL;
	for (size_t i = 0; i < frame->len; i++)
		if (*(char **)(frame->items + i * size))
			memmove(frame->items + kept++ * size, frame->items + i * size, size);
	frame->len = kept;
}

static int end_object(struct reader *reader, struct frame *frame)
{
	const struct schema *schema = frame->schema;

	for (size_t i = 0; i < schema->rows_len; i++) {
		frame->row = &schema->rows[i];
		if (frame->row->presence == SCHEMA_REQUIRED && !(frame->seen >> i & 1)) {
			error_set(reader->err, EINVAL, "is required");
			return fail(reader);
		}
	}
	frame->row = NULL;
	if (schema->check && schema->check(frame->object, reader->err) < 0)
		return fail(reader);
	reader->depth--;
	return 1;
}

static int on_end_map(void *data)
{
	struct reader *reader = data;
	struct frame *frame = &reader->frames[reader->depth - 1];

	if (reader->ignored) {
		reader->ignored--;
		return 1;
	}
	if (frame->schema)
		return end_object(reader, frame);
	drop_duplicates(reader, frame);
	store_items(reader, frame);
	reader->depth--;
	return 1;
}

static const struct json_events events = {
	.null = on_null,
	.boolean = on_bool,
	.number = on_number,
	.string = on_string,
	.start_map = on_start_map,
	.map_key = on_map_key,
	.end_map = on_end_map,
	.start_array = on_start_array,
	.end_array = on_end_array,
};

int schema_read(const struct schema *schema, const char *name, const char *text, size_t len,
		struct arena *arena, void *object, struct error *err)
{
	struct frame frames[SCHEMA_DEPTH_MAX];
	struct reader reader = {
		.text = text,
		.text_len = len,
		.arena = arena,
		.frames = frames,
		.err = err,
	};

	if (len > SCHEMA_SIZE_MAX)
		return error_set(err, EINVAL, "%s: has %zu bytes, a document may have %d", name,
				 len, SCHEMA_SIZE_MAX);
	reader.root = (struct schema_row){ .kind = SCHEMA_KIND_embedded, .schema = schema };
	reader.object = arena_alloc(arena, schema->size);
	if (json_parse(text, len, &events, &reader, err) < 0) {
		error_context(err, "%s", name);
		return -EINVAL;
	}
	memcpy(object, reader.object, schema->size);
	return 0;
}
