/* schema.h - JSON documents as tables: one row per member reads, checks and writes it */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "base/table.h"

/*
 * A struct is described by a table of rows, made with the macros below:
 *
 *	static const struct schema_row pids_rows[] = {
 *		MAYBE(spec_pids, limit, int64),
 *	};
 *	static const struct schema spec_pids_schema = SCHEMA(spec_pids, pids_rows);
 *
 * The JSON key is the name of the member. A member whose C type is not what the row says does not
 * compile. What a row says behind these three is optional: names (a table that the string must be
 * in), min and max (both 0: the range of the type), check (see below).
 */

enum schema_kind { /* the second column is the C type of the member */
	SCHEMA_KIND_bool,
	SCHEMA_KIND_int32,
	SCHEMA_KIND_int64,
	SCHEMA_KIND_uint16,
	SCHEMA_KIND_uint32,
	SCHEMA_KIND_uint64,
	SCHEMA_KIND_fraction,  /* double, written with two decimals; never read */
	SCHEMA_KIND_string,    /* char * */
	SCHEMA_KIND_character, /* char: a string of one character */
	SCHEMA_KIND_name,      /* int: the value that names gives to a string */
	SCHEMA_KIND_strings,   /* char **, NULL-terminated; an empty list is not NULL */
	SCHEMA_KIND_numbers,   /* uint32_t *, with <member>_len */
	SCHEMA_KIND_counters,  /* uint64_t *, with <member>_len */
	SCHEMA_KIND_embedded,  /* struct: an object, all zero when absent */
	SCHEMA_KIND_object,    /* struct * */
	SCHEMA_KIND_objects,   /* struct *, with <member>_len: a list of objects */
	SCHEMA_KIND_pairs,     /* struct spec_pair *, with <member>_len: an object of strings */
	SCHEMA_KIND_counts,    /* struct schema_count *, with <member>_len: an object of numbers */
	SCHEMA_KIND_keyed,     /* struct *, with <member>_len: an object of objects; the first
				* member of the struct is the key */
};

struct schema_count {
	char *key;
	uint64_t value;
};

enum schema_presence {
	SCHEMA_OPTIONAL, /* absent is 0, false or NULL, which is not written; "" is absent */
	SCHEMA_ALWAYS,   /* as SCHEMA_OPTIONAL, but written all the same */
	SCHEMA_MAYBE,    /* numbers and booleans behind a pointer: absent is NULL */
	SCHEMA_REQUIRED, /* reading fails without it */
};

/*
 * check looks at a value that was read: at the string itself, at the number in the member's type,
 * at the struct when its object is complete; of a list, at each entry. Return: 0, or -EINVAL with
 * the reason in err; the reader puts the place in front.
 */
struct schema_row {
	const char *name;
	const struct schema *schema;
	const struct name_value *names;
	int (*check)(const void *value, struct error *err);
	int64_t min, max;
	uint16_t offset, len_offset;
	uint8_t name_len, kind, presence;
};

struct schema {
	const struct schema_row *rows;
	int (*check)(const void *object, struct error *err);
	bool (*is_same)(const void *a, const void *b); /* for lists of it: see schema_merge */
	uint16_t rows_len, size;
};

enum {
	SCHEMA_SIZE_MAX = 16 << 20, /* bytes of a document */
	SCHEMA_DEPTH_MAX = 64,      /* objects and lists within each other */
};

/*
 * Reads a document into object, a struct of the schema's kind. name is what messages call the
 * document. Unknown keys are ignored, null is the same as absent, of duplicate keys the last one
 * counts. All that object points to is in the arena. object is written on success only. Return: 0,
 * or -EINVAL with "name: /place: what is wrong", the place an RFC 6901 pointer.
 */
int schema_read(const struct schema *schema, const char *name, const char *text, size_t len,
		struct arena *arena, void *object, struct error *err);

enum schema_style { SCHEMA_COMPACT, SCHEMA_INDENTED };

/* Adds the object as JSON, no newline behind it. Bytes that are not UTF-8 become U+FFFD. */
void schema_write(const struct schema *schema, const void *object, enum schema_style style,
		  struct buf *out);

/*
 * Lays over, which is of the same schema, over base: what over has replaces what base has, lists
 * with a length are joined. Items that are about the same (the key of a map, is_same of a schema)
 * are laid over each other. Objects of over may be shared with base afterwards; new lists are in
 * the arena.
 */
void schema_merge(const struct schema *schema, void *base, const void *over, struct arena *arena);

#define SCHEMA(type, table, ...)                                                                   \
	{ .rows = table, .rows_len = sizeof(table) / sizeof(table[0]),                             \
	  .size = sizeof(struct type), __VA_ARGS__ }

#define OPTIONAL(type, member, kind, ...)                                                          \
	SCHEMA_ROW(type, member, SCHEMA_KIND_##kind, SCHEMA_TYPE_##kind, OPTIONAL, __VA_ARGS__)
#define ALWAYS(type, member, kind, ...)                                                            \
	SCHEMA_ROW(type, member, SCHEMA_KIND_##kind, SCHEMA_TYPE_##kind, ALWAYS, __VA_ARGS__)
#define MAYBE(type, member, kind, ...)                                                             \
	SCHEMA_ROW(type, member, SCHEMA_KIND_##kind, SCHEMA_TYPE_##kind *, MAYBE, __VA_ARGS__)
#define REQUIRED(type, member, kind, ...)                                                          \
	SCHEMA_ROW(type, member, SCHEMA_KIND_##kind, SCHEMA_TYPE_##kind, REQUIRED, __VA_ARGS__)

/* target is the name of a struct; its table is <target>_schema. */
#define EMBEDDED(type, member, target)                                                             \
	SCHEMA_ROW(type, member, SCHEMA_KIND_embedded, struct target, ALWAYS,                      \
		   .schema = &target##_schema)
#define OBJECT(type, member, target)                                                               \
	SCHEMA_ROW(type, member, SCHEMA_KIND_object, struct target *, OPTIONAL,                    \
		   .schema = &target##_schema)
#define OBJECTS(type, member, target)                                                              \
	SCHEMA_LIST(type, member, SCHEMA_KIND_objects, struct target *, .schema = &target##_schema)
#define KEYED(type, member, target)                                                                \
	SCHEMA_LIST(type, member, SCHEMA_KIND_keyed, struct target *, .schema = &target##_schema)
#define PAIRS(type, member) SCHEMA_LIST(type, member, SCHEMA_KIND_pairs, struct spec_pair *, )
#define COUNTS(type, member)                                                                       \
	SCHEMA_LIST(type, member, SCHEMA_KIND_counts, struct schema_count *, )
#define COUNTERS(type, member) SCHEMA_LIST(type, member, SCHEMA_KIND_counters, uint64_t *, )
#define NUMBERS(type, member, ...)                                                                 \
	SCHEMA_LIST(type, member, SCHEMA_KIND_numbers, uint32_t *, __VA_ARGS__)

#define SCHEMA_TYPE_bool bool
#define SCHEMA_TYPE_int32 int32_t
#define SCHEMA_TYPE_int64 int64_t
#define SCHEMA_TYPE_uint16 uint16_t
#define SCHEMA_TYPE_uint32 uint32_t
#define SCHEMA_TYPE_uint64 uint64_t
#define SCHEMA_TYPE_fraction double
#define SCHEMA_TYPE_string char *
#define SCHEMA_TYPE_character char
#define SCHEMA_TYPE_name int
#define SCHEMA_TYPE_strings char **

#define SCHEMA_ROW(type, member, kind_, ctype, presence_, ...)                                     \
	{ .name = #member, .name_len = sizeof(#member) - 1, .kind = kind_,                         \
	  .presence = SCHEMA_##presence_, .offset = SCHEMA_OFFSET(type, member, ctype),            \
	  __VA_ARGS__ }
#define SCHEMA_LIST(type, member, kind, ctype, ...)                                                \
	SCHEMA_ROW(type, member, kind, ctype, OPTIONAL,                                            \
		   .len_offset = SCHEMA_OFFSET(type, member##_len, size_t), __VA_ARGS__)

/* 0 * sizeof(...) carries the assertion into an initialiser. */
#define SCHEMA_OFFSET(type, member, ctype)                                                         \
	(offsetof(struct type, member) + 0 * sizeof(struct {                                       \
		_Static_assert(_Generic(((struct type *)0)->member, ctype: 1, default: 0),         \
			       #type "." #member " is no " #ctype);                                \
		char unused;                                                                       \
	}))
