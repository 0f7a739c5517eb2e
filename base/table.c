/* table.c - names and their values, looked up in both directions */
#include "base/table.h"

#include <stddef.h>
#include <string.h>

const struct name_value *table_find_name(const struct name_value *table, const char *name)
{
	for (; table->name; table++)
		if (!strcmp(table->name, name))
			return table;
	return NULL;
}

const char *table_name_of(const struct name_value *table, int64_t value)
{
	for (; table->name; table++)
		if (table->value == value)
			return table->name;
	return NULL;
}

int64_t table_flags_of(const struct name_value *table, char *const *names)
{
	int64_t flags = 0;

	for (; names && *names; names++) {
		const struct name_value *row = table_find_name(table, *names);

		flags |= row ? row->value : 0;
	}
	return flags;
}
