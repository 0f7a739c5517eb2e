/* systemd_variant.c - unit properties that annotations ask for, in the text form of GVariant */
#include "runtime/cgroup/systemd_variant.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

enum { DEPTH_MAX = 32, ITEMS_MAX = 4096 };

static const char annotation_prefix[] = "org.systemd.property.";

struct parser {
	const char *at;
	struct arena *arena;
	int depth;
	struct error *err;
};

static int parse_value(struct parser *parser, const char *type, struct systemd_value *value);

static void skip_blanks(struct parser *parser)
{
	while (isspace((unsigned char)*parser->at))
		parser->at++;
}

/* Steps over the character, which is no blank. Return: whether it is there. */
static bool skip_char(struct parser *parser, char c)
{
	skip_blanks(parser);
	if (*parser->at != c)
		return false;
	parser->at++;
	return true;
}

static int fail(struct parser *parser, const char *expected)
{
	return error_set(parser->err, EINVAL, "%s is expected before \"%.40s\"", expected,
			 parser->at);
}

static const struct {
	const char *word, *type;
} type_words[] = {
	{ "boolean", "b" }, { "byte", "y" },   { "int16", "n" },  { "uint16", "q" },
	{ "int32", "i" },   { "uint32", "u" }, { "int64", "x" },  { "uint64", "t" },
	{ "double", "d" },  { "string", "s" }, { "objectpath", "o" }, { "signature", "g" },
};

static const char word_characters[] = "abcdefghijklmnopqrstuvwxyz0123456789";

/* Reads "uint64 " or "@as ", where there is one; else *type stays. Return: 0 or -EINVAL. */
static int parse_type(struct parser *parser, const char **type)
{
	size_t len;

	skip_blanks(parser);
	if (*parser->at == '@') {
		len = systemd_value_type_len(parser->at + 1);
		if (!len)
			return fail(parser, "a type");
		*type = arena_strndup(parser->arena, parser->at + 1, len);
		parser->at += 1 + len;
		return 0;
	}
	/* Not up to the next blank: that may be far away, for each of many numbers. */
	len = strspn(parser->at, word_characters);
	if (!strchr(" \t\n", parser->at[len]))
		return 0;
	for (size_t i = 0; i < sizeof(type_words) / sizeof(*type_words); i++) {
		if (strlen(type_words[i].word) != len ||
		    strncmp(type_words[i].word, parser->at, len) != 0)
			continue;
		*type = type_words[i].type;
		parser->at += len;
		return 0;
	}
	return 0;
}

/* The character behind a backslash. */
static char unescape(char c)
{
	static const char letters[] = "abfnrtv", meant[] = "\a\b\f\n\r\t\v";
	const char *found = c ? strchr(letters, c) : NULL;

	return found ? meant[found - letters] : c;
}

/* Reads a string between quotes, which is next. Return: it, in the arena; NULL with err. */
static char *parse_quoted(struct parser *parser)
{
	char quote = *parser->at, *text, *end;
	const char *at = parser->at + 1, *close = at;

	for (; *close && *close != quote; close++)
		close += *close == '\\' && close[1];
	if (!*close) {
		fail(parser, "a closing quote");
		return NULL;
	}
	text = end = arena_alloc(parser->arena, (size_t)(close - at) + 1);
	for (; at < close; at++)
		*end++ = *at == '\\' ? unescape(*++at) : *at;
	parser->at = close + 1;
	return text;
}

static int parse_string(struct parser *parser, const char *type, struct systemd_value *value)
{
	if (type && !strchr("sog", *type))
		return fail(parser, "no string");
	value->signature = type ? type : "s";
	value->text = parse_quoted(parser);
	return value->text ? 0 : -EINVAL;
}

/* b'text': bytes with a NUL behind them. */
static int parse_bytes(struct parser *parser, const char *type, struct systemd_value *value)
{
	const char *text;

	if (type && strcmp(type, "ay") != 0)
		return fail(parser, "no string of bytes");
	parser->at++;
	text = parse_quoted(parser);
	if (!text)
		return -EINVAL;
	*value = systemd_value_container(parser->arena, "ay", strlen(text) + 1);
	for (size_t i = 0; i < value->len; i++) {
		value->items[i].signature = "y";
		value->items[i].number = (unsigned char)text[i];
	}
	return 0;
}

static int parse_boolean(struct parser *parser, const char *type, struct systemd_value *value)
{
	bool is_true = !strncmp(parser->at, "true", 4);

	if (type && *type != 'b')
		return fail(parser, "no boolean");
	parser->at += is_true ? 4 : 5;
	*value = systemd_value_bool(is_true);
	return 0;
}

/* The range of a type of integers: 0 to max, or -max - 1 to max. */
static bool is_in_range(char type, bool negative, unsigned long long size)
{
	static const struct {
		char type;
		bool is_signed;
		uint64_t max;
	} ranges[] = {
		{ 'y', false, UINT8_MAX },
		{ 'n', true, INT16_MAX },
		{ 'q', false, UINT16_MAX },
		{ 'i', true, INT32_MAX },
		{ 'u', false, UINT32_MAX },
		{ 'x', true, INT64_MAX },
		{ 't', false, UINT64_MAX },
	};

	for (size_t i = 0; i < sizeof(ranges) / sizeof(*ranges); i++)
		if (ranges[i].type == type)
			return negative ? ranges[i].is_signed && size <= ranges[i].max + 1 :
					  size <= ranges[i].max;
	return false;
}

/* Decimal, 0x or 0 for octal, or a fraction. */
static int parse_number(struct parser *parser, const char *type, struct systemd_value *value)
{
	const char *digits = parser->at + (*parser->at == '-' || *parser->at == '+');
	size_t len = strspn(digits, "0123456789abcdefABCDEFxX.+-");
	bool negative = *parser->at == '-', is_hex = !strncasecmp(digits, "0x", 2);
	bool is_real = (type && *type == 'd') || (!is_hex && strcspn(digits, ".eE") < len);
	char *end;

	if (!isdigit((unsigned char)*digits))
		return fail(parser, "a value");
	value->signature = type ? type : is_real ? "d" : "i";
	errno = 0;
	if (is_real && *value->signature == 'd') {
		value->real = strtod(parser->at, &end);
	} else {
		unsigned long long size = strtoull(digits, &end, 0);

		value->number = negative ? -(uint64_t)size : size;
		if (end == digits + len && !is_in_range(*value->signature, negative, size))
			errno = ERANGE;
	}
	if (errno || end != digits + len)
		return error_set(parser->err, EINVAL, "\"%.*s\" is no number of the type \"%s\"",
				 (int)(digits + len - parser->at), parser->at, value->signature);
	parser->at = end;
	return 0;
}

/* Doubles the room for items where there is none left. */
static struct systemd_value *add_item(struct parser *parser, struct systemd_value *value,
				      size_t *capacity)
{
	if (value->len == *capacity) {
		struct systemd_value *items;

		*capacity = *capacity ? 2 * *capacity : 8;
		items = arena_array(parser->arena, *capacity, sizeof(*items));
		if (value->len)
			memcpy(items, value->items, value->len * sizeof(*items));
		value->items = items;
	}
	return &value->items[value->len++];
}

/* Return: 1: another item follows; 0: that was the end; -EINVAL. */
static int parse_comma(struct parser *parser, const struct systemd_value *value, char close)
{
	const char end[] = { '"', close, '"', 0 };

	if (skip_char(parser, close))
		return 0;
	if (value->len >= ITEMS_MAX)
		return error_set(parser->err, EINVAL, "more than %d items", ITEMS_MAX);
	if (value->len && !skip_char(parser, ','))
		return fail(parser, end);
	/* ('a',) is a tuple of one. */
	return close == ')' && skip_char(parser, close) ? 0 : 1;
}

static int parse_array(struct parser *parser, const char *type, struct systemd_value *value)
{
	const char *item_type = type ? type + 1 : NULL;
	size_t capacity = 0;
	int r;

	if (type && *type != 'a')
		return fail(parser, "no array");
	parser->at++;
	while ((r = parse_comma(parser, value, ']')) > 0) {
		r = parse_value(parser, item_type, add_item(parser, value, &capacity));
		if (r < 0)
			return r;
		item_type = value->items[0].signature;
	}
	if (r == 0 && !item_type)
		return error_set(parser->err, EINVAL,
				 "an empty array needs its type, such as \"@as []\"");
	value->signature = type ? type : arena_printf(parser->arena, "a%s", item_type);
	return r;
}

/* Return: the type of the next member, in the arena, and *rest behind it; NULL: untold. */
static const char *take_type(struct parser *parser, const char **rest)
{
	size_t len = *rest ? systemd_value_type_len(*rest) : 0;
	const char *type = len ? arena_strndup(parser->arena, *rest, len) : NULL;

	*rest += len;
	return type;
}

static int parse_tuple(struct parser *parser, const char *type, struct systemd_value *value)
{
	const char *rest = type ? type + 1 : NULL;
	auto_buf struct buf signature = { 0 };
	size_t capacity = 0;
	int r;

	if (type && *type != '(')
		return fail(parser, "no tuple");
	parser->at++;
	buf_puts(&signature, "(");
	while ((r = parse_comma(parser, value, ')')) > 0) {
		const char *item_type = rest ? take_type(parser, &rest) : NULL;
		struct systemd_value *item = add_item(parser, value, &capacity);

		if (type && !item_type)
			return fail(parser, "\")\"");
		r = parse_value(parser, item_type, item);
		if (r < 0)
			return r;
		buf_puts(&signature, item->signature);
	}
	buf_puts(&signature, ")");
	if (r == 0 && (!value->len || (type && strcmp(type, signature.data) != 0)))
		return fail(parser, "another member");
	value->signature = arena_strdup(parser->arena, signature.data);
	return r;
}

/* One "key: value"; *entry_type is "{sv}" or NULL. */
static int parse_entry(struct parser *parser, const char *entry_type, struct systemd_value *entry)
{
	const char *rest = entry_type ? entry_type + 1 : NULL;
	const char *types[2] = { 0 };
	int r;

	for (int i = 0; rest && i < 2; i++)
		types[i] = take_type(parser, &rest);
	*entry = systemd_value_container(parser->arena, NULL, 2);
	r = parse_value(parser, types[0], &entry->items[0]);
	if (r == 0 && !skip_char(parser, ':'))
		r = fail(parser, "\":\"");
	if (r == 0)
		r = parse_value(parser, types[1], &entry->items[1]);
	if (r == 0 && !strchr("ybnqiuxtdsog", *entry->items[0].signature))
		r = fail(parser, "a plain key");
	if (r == 0)
		entry->signature = arena_printf(parser->arena, "{%s%s}", entry->items[0].signature,
						entry->items[1].signature);
	return r;
}

static int parse_dictionary(struct parser *parser, const char *type, struct systemd_value *value)
{
	const char *entry_type = type ? type + 1 : NULL;
	size_t capacity = 0;
	int r;

	if (type && strncmp(type, "a{", 2) != 0)
		return fail(parser, "no dictionary");
	parser->at++;
	while ((r = parse_comma(parser, value, '}')) > 0) {
		r = parse_entry(parser, entry_type, add_item(parser, value, &capacity));
		if (r < 0)
			return r;
		entry_type = value->items[0].signature;
	}
	if (r == 0 && !entry_type)
		return error_set(parser->err, EINVAL,
				 "an empty dictionary needs its type, such as \"@a{sv} {}\"");
	value->signature = type ? type : arena_printf(parser->arena, "a%s", entry_type);
	return r;
}

static int parse_variant(struct parser *parser, const char *type, struct systemd_value *value)
{
	int r;

	if (type && *type != 'v')
		return fail(parser, "no variant");
	parser->at++;
	*value = systemd_value_container(parser->arena, "v", 1);
	r = parse_value(parser, NULL, &value->items[0]);
	return r == 0 && !skip_char(parser, '>') ? fail(parser, "\">\"") : r;
}

/* Return: whether the word is next, and ends there. */
static bool is_word(const struct parser *parser, const char *word)
{
	size_t len = strlen(word);

	return !strncmp(parser->at, word, len) && !isalnum((unsigned char)parser->at[len]);
}

static int parse_by_first(struct parser *parser, const char *type, struct systemd_value *value)
{
	skip_blanks(parser);
	switch (*parser->at) {
	case '\'':
	case '"':
		return parse_string(parser, type, value);
	case '[':
		return parse_array(parser, type, value);
	case '(':
		return parse_tuple(parser, type, value);
	case '{':
		return parse_dictionary(parser, type, value);
	case '<':
		return parse_variant(parser, type, value);
	default:
		break;
	}
	if (parser->at[0] == 'b' && (parser->at[1] == '\'' || parser->at[1] == '"'))
		return parse_bytes(parser, type, value);
	if (is_word(parser, "true") || is_word(parser, "false"))
		return parse_boolean(parser, type, value);
	return parse_number(parser, type, value);
}

/* type: what it has to be; NULL: what it says, or what it looks like. */
static int parse_value(struct parser *parser, const char *type, struct systemd_value *value)
{
	const char *said = NULL;
	int r = ++parser->depth > DEPTH_MAX ?
			error_set(parser->err, EINVAL, "nested more than %d deep", DEPTH_MAX) :
			parse_type(parser, &said);

	if (r == 0 && said && type && strcmp(said, type) != 0)
		r = error_set(parser->err, EINVAL, "the type \"%s\" where \"%s\" is expected", said,
			      type);
	if (r == 0)
		r = parse_by_first(parser, said ? said : type, value);
	parser->depth--;
	return r;
}

int systemd_variant_parse(const char *text, struct arena *arena, struct systemd_value *value,
			  struct error *err)
{
	struct parser parser = { .at = text, .arena = arena, .err = err };
	struct systemd_value found = { 0 };
	int r = parse_value(&parser, NULL, &found);

	if (r < 0)
		return r;
	skip_blanks(&parser);
	if (*parser.at)
		return fail(&parser, "the end");
	*value = found;
	return 0;
}

/* Return: whether people write the property in seconds: "TimeoutStopSec", not "...USec". */
static bool is_seconds(const char *name)
{
	size_t len = strlen(name);

	return len > 3 && !strcmp(name + len - 3, "Sec") && islower((unsigned char)name[len - 4]);
}

static int convert_seconds(struct systemd_value *value, struct error *err)
{
	const uint64_t second = 1000000;
	char type = *value->signature;
	bool is_signed = type == 'n' || type == 'i' || type == 'x';

	if (!strchr("ynqiuxtd", type))
		return error_set(err, EINVAL, "not a number");
	if (type == 'd' ? value->real < 0 || value->real >= (double)(UINT64_MAX / second) :
			  (is_signed && (int64_t)value->number < 0) ||
			  value->number > UINT64_MAX / second)
		return error_set(err, EINVAL, "not a number of seconds");
	*value = systemd_value_u64(type == 'd' ? (uint64_t)(value->real * (double)second) :
						 value->number * second);
	return 0;
}

static int check_name(const char *name, struct error *err)
{
	size_t len = strlen(name);

	if (len < 3)
		return error_set(err, EINVAL, "name incorrect: too short");
	for (; *name; name++)
		if (!isascii((unsigned char)*name) || !isalpha((unsigned char)*name))
			return error_set(err, EINVAL,
					 "name incorrect: contains non-alphabetic character");
	return 0;
}

static int add_annotation(const struct spec_pair *annotation, struct systemd_properties *properties,
			  struct error *err)
{
	const char *name = annotation->key + strlen(annotation_prefix);
	struct systemd_value value = { 0 };
	int r = check_name(name, err);

	if (r < 0)
		return r;
	r = systemd_variant_parse(annotation->value, properties->arena, &value, err);
	if (r == 0 && is_seconds(name)) {
		r = convert_seconds(&value, err);
		name = arena_printf(properties->arena, "%.*sUSec", (int)strlen(name) - 3, name);
	}
	if (r < 0)
		return error_context(err, "\"%.200s\": value parse error", annotation->value);
	systemd_properties_add(properties, name, value);
	return 0;
}

int systemd_variant_annotations(const struct spec_pair *annotations, size_t len,
				struct systemd_properties *properties, struct error *err)
{
	for (size_t i = 0; i < len; i++) {
		if (strncmp(annotations[i].key, annotation_prefix, strlen(annotation_prefix)) != 0)
			continue;
		if (add_annotation(&annotations[i], properties, err) < 0)
			return error_context(err, "config.json: /annotations/%s",
					     annotations[i].key);
	}
	return 0;
}
