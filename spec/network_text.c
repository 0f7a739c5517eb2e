/* network_text.c - our annotations on the network as text: lists, and places for messages */
#include "spec/network_text.h"

#include <errno.h>
#include <string.h>

#include "spec/network.h"

static size_t count_items(const char *text)
{
	size_t count = 1;

	for (; *text; text++)
		count += *text == ',';
	return count;
}

int network_text_split(const char *text, size_t max, struct arena *arena, char ***items,
		       struct error *err)
{
	size_t count = count_items(text);
	char **split;

	if (count > max)
		return error_set(err, EINVAL, "has %zu items, it may have %zu", count, max);
	split = arena_array(arena, count, sizeof(*split));
	for (size_t i = 0; i < count; i++) {
		size_t len = strcspn(text, ",");

		if (!len)
			return error_set(err, EINVAL, count == 1 ? "is empty" :
					 "has an empty item between its commas");
		split[i] = arena_strndup(arena, text, len);
		text += len + 1;
	}
	*items = split;
	return (int)count;
}

int network_text_place(unsigned int number, const char *key, struct error *err)
{
	return error_context(err, "config.json: /annotations/%s%u.%s", spec_network_prefix, number,
			     key);
}
