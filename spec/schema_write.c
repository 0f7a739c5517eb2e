/* schema_write.c - writes structs as JSON, as the tables say */
#include "spec/schema.h"

#include <inttypes.h>
#include <string.h>

#include "spec/schema_kind.h"
#include "spec/utf8.h"

struct writer {
	struct buf *out;
	enum schema_style style;
	int depth;
};

static void write_value(struct writer *writer, const struct schema_row *row, enum schema_kind kind,
			const char *at);

static void write_escaped(struct buf *out, unsigned char byte)
{
	static const char letters[] = "\"\"\\\\\bb\ff\nn\rr\tt";

	for (const char *letter = letters; *letter; letter += 2)
		if (byte == (unsigned char)letter[0]) {
			buf_printf(out, "\\%c", letter[1]);
			return;
		}
	if (byte < 0x20)
		buf_printf(out, "\\u%04x", byte);
	else
		buf_puts(out, "\xef\xbf\xbd"); /* U+FFFD: not UTF-8 */
}

static void write_string(struct buf *out, const char *text)
{
	const char *plain = text, *end = text + strlen(text);

	buf_puts(out, "\"");
	while (text < end) {
		unsigned char byte = (unsigned char)*text;
		size_t len = utf8_character_len(text, (size_t)(end - text));

		if (len && byte >= 0x20 && byte != '"' && byte != '\\') {
			text += len;
			continue;
		}
		buf_add(out, plain, (size_t)(text - plain));
		write_escaped(out, byte);
		plain = ++text;
	}
	buf_add(out, plain, (size_t)(text - plain));
	buf_puts(out, "\"");
}

static void begin(struct writer *writer, const char *bracket)
{
	buf_puts(writer->out, bracket);
	writer->depth++;
}

/* What stands before a member or an entry. */
static void next(struct writer *writer, bool first)
{
	if (!first)
		buf_puts(writer->out, ",");
	if (writer->style == SCHEMA_INDENTED)
		buf_printf(writer->out, "\n%*s", writer->depth * 2, "");
}

static void finish(struct writer *writer, const char *bracket, bool empty)
{
	writer->depth--;
	if (writer->style == SCHEMA_INDENTED && !empty)
		buf_printf(writer->out, "\n%*s", writer->depth * 2, "");
	buf_puts(writer->out, bracket);
}

static void write_key(struct writer *writer, const char *key)
{
	write_string(writer->out, key);
	buf_puts(writer->out, writer->style == SCHEMA_INDENTED ? ": " : ":");
}

/* Return: whether the bytes of the member are all zero, which is what absent members are. */
static bool is_zero(const char *at, size_t size)
{
	for (size_t i = 0; i < size; i++)
		if (at[i])
			return false;
	return true;
}

static void write_object(struct writer *writer, const struct schema *schema, const char *object)
{
	bool first = true;

	begin(writer, "{");
	for (size_t i = 0; i < schema->rows_len; i++) {
		const struct schema_row *row = &schema->rows[i];
		const char *at = object + row->offset;
		bool maybe = row->presence == SCHEMA_MAYBE;
		size_t size = maybe ? sizeof(void *) : schema_kinds[row->kind].size;

		if ((maybe || row->presence == SCHEMA_OPTIONAL) && is_zero(at, size))
			continue;
		next(writer, first);
		first = false;
		write_key(writer, row->name);
		write_value(writer, row, row->kind, maybe ? *(char *const *)at : at);
	}
	finish(writer, "}", first);
}

static size_t collection_len(const struct schema_row *row, const char *at)
{
	const char *const *strings = *(const char *const *const *)at;
	size_t len = 0;

	if (row->len_offset)
		return *(const size_t *)(at - row->offset + row->len_offset);
	while (strings && strings[len])
		len++;
	return len;
}

static void write_collection(struct writer *writer, const struct schema_row *row, const char *at)
{
	const struct schema_kind_facts *facts = &schema_kinds[row->kind];
	const char *item = *(const char *const *)at;
	size_t len = collection_len(row, at);

	begin(writer, facts->is_map ? "{" : "[");
	for (size_t i = 0; i < len; i++, item += schema_item_size(row)) {
		next(writer, i == 0);
		if (facts->is_map)
			write_key(writer, *(const char *const *)item);
		write_value(writer, row, facts->item_kind, item + facts->value_offset);
	}
	finish(writer, facts->is_map ? "}" : "]", len == 0);
}

static void write_number(struct buf *out, enum schema_kind kind, const char *at)
{
	switch (kind) {
	case SCHEMA_KIND_int32:
		buf_printf(out, "%" PRId32, *(const int32_t *)at);
		break;
	case SCHEMA_KIND_int64:
		buf_printf(out, "%" PRId64, *(const int64_t *)at);
		break;
	case SCHEMA_KIND_uint16:
		buf_printf(out, "%" PRIu16, *(const uint16_t *)at);
		break;
	case SCHEMA_KIND_uint32:
		buf_printf(out, "%" PRIu32, *(const uint32_t *)at);
		break;
	default:
		buf_printf(out, "%" PRIu64, *(const uint64_t *)at);
	}
}

static void write_fraction(struct buf *out, const char *at)
{
	double value;

	memcpy(&value, at, sizeof(value));
	buf_printf(out, "%.2f", value);
}

static void write_value(struct writer *writer, const struct schema_row *row, enum schema_kind kind,
			const char *at)
{
	const char *text;

	switch (kind) {
	case SCHEMA_KIND_bool:
		buf_puts(writer->out, *(const bool *)at ? "true" : "false");
		break;
	case SCHEMA_KIND_string:
		text = *(const char *const *)at;
		write_string(writer->out, text ? text : "");
		break;
	case SCHEMA_KIND_character:
		write_string(writer->out, (const char[]){ *at, 0 });
		break;
	case SCHEMA_KIND_name:
		text = table_name_of(row->names, *(const int *)at);
		write_string(writer->out, text ? text : "");
		break;
	case SCHEMA_KIND_fraction:
		write_fraction(writer->out, at);
		break;
	case SCHEMA_KIND_embedded:
		write_object(writer, row->schema, at);
		break;
	case SCHEMA_KIND_object:
		write_object(writer, row->schema, *(const char *const *)at);
		break;
	case SCHEMA_KIND_strings:
	case SCHEMA_KIND_numbers:
	case SCHEMA_KIND_objects:
	case SCHEMA_KIND_counters:
	case SCHEMA_KIND_pairs:
	case SCHEMA_KIND_counts:
	case SCHEMA_KIND_keyed:
		write_collection(writer, row, at);
		break;
	default:
		write_number(writer->out, kind, at);
	}
}

void schema_write(const struct schema *schema, const void *object, enum schema_style style,
		  struct buf *out)
{
	struct writer writer = { .out = out, .style = style };

	write_object(&writer, schema, object);
}
