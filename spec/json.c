/* json.c - the JSON parser: the one place that knows yajl */
#include "spec/json.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yajl/yajl_parse.h>

#include "base/buf.h"
#include "spec/utf8.h"

/* yajl takes it for granted that there is memory. */
static void *allocate(void *context, size_t size)
{
	void *data = malloc(size);

	(void)context;
	if (!data)
		out_of_memory();
	return data;
}

static void *reallocate(void *context, void *data, size_t size)
{
	(void)context;
	data = realloc(data, size);
	if (!data)
		out_of_memory();
	return data;
}

static void release(void *context, void *data)
{
	(void)context;
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
	yajl_alloc_funcs memory = { .malloc = allocate, .realloc = reallocate, .free = release };
	size_t valid = utf8_valid_len(text, len), consumed = len;
	yajl_handle yajl;
	yajl_status status;

	/* yajl's own check lets overlong forms and surrogates pass. */
	if (valid < len)
		return fail_at(text, valid, "invalid UTF-8", err);
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
