/* json.h - the JSON parser: a call for each token */
#pragma once
#include <stddef.h>

#include "base/error.h"

/*
 * Return of each: 1 to go on, 0 to stop. Strings have no NUL behind them, their escapes are
 * decoded, and they lie in the document itself unless there were escapes. A number is the text as
 * it stands.
 */
struct json_events {
	int (*null)(void *data);
	int (*boolean)(void *data, int value);
	int (*number)(void *data, const char *text, size_t len);
	int (*string)(void *data, const unsigned char *text, size_t len);
	int (*start_map)(void *data);
	int (*map_key)(void *data, const unsigned char *text, size_t len);
	int (*end_map)(void *data);
	int (*start_array)(void *data);
	int (*end_array)(void *data);
};

/*
 * Parses one document of RFC 8259, all of text. Refused are comments, invalid UTF-8 and anything
 * behind the document. Return: 0, or -EINVAL: err says line and column, or what an event wrote
 * that stopped.
 */
int json_parse(const char *text, size_t len, const struct json_events *events, void *data,
	       struct error *err);
