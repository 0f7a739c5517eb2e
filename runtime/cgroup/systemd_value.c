/* systemd_value.c - values of unit properties, with the types of D-Bus */
#include "runtime/cgroup/systemd_value.h"

#include <string.h>

enum {
	FIRST_CAPACITY = 32,
	DEPTH_MAX = 32, /* of arrays, structs and variants in each other, as D-Bus has it */
};

void systemd_properties_add(struct systemd_properties *properties, const char *name,
			    struct systemd_value value)
{
	if (properties->len == properties->capacity) {
		size_t capacity = properties->capacity ? 2 * properties->capacity : FIRST_CAPACITY;
		struct systemd_property *rows = arena_array(properties->arena, capacity,
							    sizeof(*rows));

		if (properties->len)
			memcpy(rows, properties->rows, properties->len * sizeof(*rows));
		properties->rows = rows;
		properties->capacity = capacity;
	}
	properties->rows[properties->len++] = (struct systemd_property){ name, value };
}

struct systemd_value systemd_value_bool(bool value)
{
	return (struct systemd_value){ .signature = "b", .number = value };
}

struct systemd_value systemd_value_u32(uint32_t value)
{
	return (struct systemd_value){ .signature = "u", .number = value };
}

struct systemd_value systemd_value_u64(uint64_t value)
{
	return (struct systemd_value){ .signature = "t", .number = value };
}

struct systemd_value systemd_value_string(const char *text)
{
	return (struct systemd_value){ .signature = "s", .text = text };
}

struct systemd_value systemd_value_container(struct arena *arena, const char *signature,
					     size_t len)
{
	return (struct systemd_value){
		.signature = signature,
		.items = arena_array(arena, len, sizeof(struct systemd_value)),
		.len = len,
	};
}

static size_t type_len(const char *signature, int depth)
{
	size_t len = 1, part, members = 0;
	char end;

	if (!*signature || depth > DEPTH_MAX)
		return 0;
	if (strchr("ybnqiuxtdsogvh", *signature))
		return 1;
	if (*signature == 'a') {
		/* Entries of a dictionary stand in an array only. */
		if (signature[1] != '{') {
			part = type_len(signature + 1, depth + 1);
			return part ? 1 + part : 0;
		}
		len++;
	} else if (*signature != '(') {
		return 0;
	}
	end = signature[len - 1] == '{' ? '}' : ')';
	for (; signature[len] && signature[len] != end; len += part, members++) {
		part = type_len(signature + len, depth + 1);
		if (!part)
			return 0;
	}
	if (signature[len] != end || !members || (end == '}' && members != 2))
		return 0;
	return len + 1;
}

size_t systemd_value_type_len(const char *signature)
{
	return type_len(signature, 0);
}

static void print_string(const char *string, struct buf *text)
{
	buf_puts(text, "'");
	for (; *string; string++) {
		if (*string == '\'' || *string == '\\')
			buf_puts(text, "\\");
		buf_add(text, string, 1);
	}
	buf_puts(text, "'");
}

static void print_items(const struct systemd_value *value, const char *open, const char *between,
			const char *close, struct buf *text)
{
	buf_puts(text, open);
	for (size_t i = 0; i < value->len; i++) {
		if (i)
			buf_puts(text, between);
		systemd_value_print(&value->items[i], text);
	}
	buf_puts(text, close);
}

void systemd_value_print(const struct systemd_value *value, struct buf *text)
{
	switch (*value->signature) {
	case 'b':
		buf_puts(text, value->number ? "true" : "false");
		break;
	case 'n':
	case 'i':
	case 'x':
		buf_printf(text, "%lld", (long long)value->number);
		break;
	case 'd':
		buf_printf(text, "%g", value->real);
		break;
	case 's':
	case 'o':
	case 'g':
		print_string(value->text, text);
		break;
	case 'a':
		if (value->signature[1] == '{')
			print_items(value, "{", ", ", "}", text);
		else
			print_items(value, "[", ", ", "]", text);
		break;
	case '(':
		print_items(value, "(", ", ", ")", text);
		break;
	case '{':
		print_items(value, "", ": ", "", text);
		break;
	case 'v':
		print_items(value, "<", "", ">", text);
		break;
	default:
		buf_printf(text, "%llu", (unsigned long long)value->number);
		break;
	}
}
