/* table.h - names and their values, looked up in both directions */
#pragma once
#include <stdint.h>

/* A table ends with a row whose name is NULL. */
struct name_value {
	const char *name;
	int64_t value;
};

/* Return: the row with that name, or NULL. */
const struct name_value *table_find_name(const struct name_value *table, const char *name);

/* Return: the name of the first row with that value, or NULL. */
const char *table_name_of(const struct name_value *table, int64_t value);

/* names is NULL-terminated or NULL. Return: their values together; those that are unknown are 0. */
int64_t table_flags_of(const struct name_value *table, char *const *names);
