/* dictionary.c - writes the words of config.json for libFuzzer: keys and names from the tables */
#include <stdio.h>

#include "spec/config_schema.h"

static void write_word(const char *word)
{
	printf("\"\\\"%s\\\"\"\n", word);
}

static void write_words(const struct schema *schema)
{
	for (size_t i = 0; i < schema->rows_len; i++) {
		const struct schema_row *row = &schema->rows[i];

		write_word(row->name);
		for (const struct name_value *name = row->names; name && name->name; name++)
			write_word(name->name);
		if (row->schema)
			write_words(row->schema);
	}
}

int main(void)
{
	write_words(&spec_config_schema);
	return 0;
}
