/* json.c - the JSON parser: the one place that knows yajl */
#include "spec/json.h"

#include <errno.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/buf.h"
#include "spec/utf8.h"

/*
 * What yajl asks for at each document that is not deep and has no long strings with escapes: six
 * pieces, the last one of 2048 bytes. Those who read many in several threads would wait for each
 * other at the C library's memory.
 */
struct room {
	size_t used;
	alignas(max_align_t) char data[2560];
};

static bool is_inside(const struct room *room, const void *data)
{
	return (uintptr_t)data - (uintptr_t)room->data < sizeof(room->data);
}

/* yajl takes it for granted that there is memory. */
static void *check_memory(void *data)
{
	if (!data)
		out_of_memory();
	return data;
}

static void *allocate(void *context, size_t size)
{
	struct room *room = context;
	void *data = room->data + room->used;

	if (size > sizeof(room->data) - room->used)
		return check_memory(malloc(size));
	room->used += (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
	return data;
}

/* How long a piece in the room is, nobody has noted: what follows it may be copied as well. */
static void *reallocate(void *context, void *data, size_t size)
{
	struct room *room = context;
	size_t len;

	if (!data)
		return allocate(context, size);
	if (!is_inside(room, data))
		return check_memory(realloc(data, size));
	len = (size_t)(room->data + sizeof(room->data) - (char *)data);
	return memcpy(check_memory(malloc(size)), data, size < len ? size : len);
}

static void release(void *context, void *data)
{
	if (!is_inside(context, data))
		free(data);
}

static int fail_at(const char *text, size_t at, const char *reason, struct error *err)
{
	size_t line = 1, column = 1;

	for (size_t i = 0; i < at; i++, column++)
		if (text[i] == '\n') {
			line++;
			column = 0;
		}
	return error_set(err, EINVAL, "line %zu, column %zu: %s", line, column, reason);
}

/* yajl's sentence ("parse error: premature EOF\n") and the last character that it looked at. */
static void fail_syntax(yajl_handle yajl, const char *text, size_t consumed, struct error *err)
{
	char *reason = (char *)yajl_get_error(yajl, 0, NULL, 0);

	reason[strcspn(reason, "\n")] = 0;
	fail_at(text, consumed ? consumed - 1 : 0, reason, err);
	yajl_free_error(yajl, (unsigned char *)reason);
}

int json_parse(const char *text, size_t len, const struct json_events *events, void *data,
	       struct error *err)
{
	const yajl_callbacks callbacks = {
		.yajl_null = events->null,
		.yajl_boolean = events->boolean,
		.yajl_number = events->number,
		.yajl_string = events->string,
		.yajl_start_map = events->start_map,
		.yajl_map_key = events->map_key,
		.yajl_end_map = events->end_map,
		.yajl_start_array = events->start_array,
		.yajl_end_array = events->end_array,
	};
	struct room room;
	yajl_alloc_funcs memory = { .malloc = allocate, .realloc = reallocate, .free = release,
				    .ctx = &room };
	size_t valid = utf8_valid_len(text, len), consumed = len;
	yajl_handle yajl;
	yajl_status status;

	/* yajl's own check lets overlong forms and surrogates pass. */
	if (valid < len)
		return fail_at(text, valid, "invalid UTF-8", err);
	room.used = 0;
	yajl = yajl_alloc(&callbacks, &memory, data);
	yajl_config(yajl, yajl_dont_validate_strings, 1);
	status = yajl_parse(yajl, (const unsigned char *)text, len);
	if (status == yajl_status_ok)
		status = yajl_complete_parse(yajl);
	else
		consumed = yajl_get_bytes_consumed(yajl);
	if (status == yajl_status_error)
		fail_syntax(yajl, text, consumed, err);
	yajl_free(yajl);
	return status == yajl_status_ok ? 0 : -EINVAL;
}
