/* systemd_value.h - values of unit properties, with the types of D-Bus */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"

/*
 * A value as a tree. signature is its type as D-Bus writes it ("t", "as", "(ss)"): where it begins
 * with 'a', '(' or '{' or is "v", items has the members; else it is a basic type, in number (also
 * booleans; signed ones in two's complement), real ("d") or text ("s", "o", "g").
 */
struct systemd_value {
	const char *signature;
	uint64_t number;
	double real;
	const char *text;
	struct systemd_value *items;
	size_t len;
};

struct systemd_property {
	const char *name;
	struct systemd_value value;
};

/* In the order in which systemd gets them: the last of a name counts. Start with { .arena }. */
struct systemd_properties {
	struct arena *arena; /* what it is made in */
	struct systemd_property *rows;
	size_t len, capacity;
};

/* Adds one; name and what value points to live as long as the arena. */
void systemd_properties_add(struct systemd_properties *properties, const char *name,
			    struct systemd_value value);

struct systemd_value systemd_value_bool(bool value);
struct systemd_value systemd_value_u32(uint32_t value);
struct systemd_value systemd_value_u64(uint64_t value);
struct systemd_value systemd_value_string(const char *text);

/* Return: a container of this signature with len empty items, which the caller fills. */
struct systemd_value systemd_value_container(struct arena *arena, const char *signature,
					     size_t len);

/*
 * Return: the length of the one complete type that the signature begins with; 0 where it does not
 * begin with one (dbus specification, "Type system").
 */
size_t systemd_value_type_len(const char *signature);

/* Adds the value in the text form of GVariant, without type words: for messages and the log. */
void systemd_value_print(const struct systemd_value *value, struct buf *text);
