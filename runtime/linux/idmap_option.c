/* idmap_option.c - the id maps of a mount as crun's option "idmap=uids=...;gids=..." has them */
#include "runtime/linux/idmap_option.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>

#include "base/number.h"

/* One of the two lists, with what ranges with "@" refer to. */
struct list {
	const struct spec_id_mapping *container;
	size_t container_len;
	struct spec_id_mapping *ranges;
	size_t len;
};

/* Return: 0 with the id of the host that is host in the container; -EINVAL. */
static int make_absolute(const struct list *list, struct spec_id_mapping *range, struct error *err)
{
	for (size_t i = 0; i < list->container_len; i++) {
		const struct spec_id_mapping *map = &list->container[i];
		uint32_t offset = range->hostID - map->containerID;

		if (range->hostID < map->containerID || offset >= map->size)
			continue;
		if (range->size > map->size - offset)
			break;
		range->hostID = map->hostID + offset;
		return 0;
	}
	return error_set(err, EINVAL,
			 "no range of the container's user namespace has all ids of it");
}

/* The words of a text that is cut up for it. Return: the first one, behind which *rest goes on. */
static char *cut(char **rest, char separator)
{
	char *word = *rest, *end = word ? strchr(word, separator) : NULL;

	if (end)
		*end++ = 0;
	*rest = end;
	return word;
}

static int parse_range(char *text, const struct list *list, struct spec_id_mapping *range,
		       struct error *err)
{
	bool is_relative = *text == '@';
	char *rest = text + is_relative;
	const char *file = cut(&rest, '-'), *host = cut(&rest, '-'), *size = rest;

	if (!host || !size || number_parse_id(file, &range->containerID) < 0 ||
	    number_parse_id(host, &range->hostID) < 0 || number_parse_id(size, &range->size) < 0 ||
	    !range->size)
		return error_set(err, EINVAL, "it must be FILE-HOST-SIZE in numbers");
	return is_relative ? make_absolute(list, range, err) : 0;
}

static size_t count(const char *text, char letter)
{
	size_t found = 0;

	for (; *text; text++)
		found += *text == letter;
	return found;
}

static int parse_list(const char *text, struct list *list, struct arena *arena, struct error *err)
{
	char *rest = arena_strdup(arena, text), *word;

	list->len = 0;
	list->ranges = arena_array(arena, count(text, '#') + 1, sizeof(*list->ranges));
	while ((word = cut(&rest, '#'))) {
		const char *shown = arena_strdup(arena, word);

		if (parse_range(word, list, &list->ranges[list->len], err) < 0)
			return error_context(err, "range \"%s\"", shown);
		list->len++;
	}
	return 0;
}

int idmap_option_parse(const char *text, const struct idmap_option *container, struct arena *arena,
		       struct idmap_option *out, struct error *err)
{
	struct list uids = { container->uids, container->uids_len, container->uids,
			     container->uids_len };
	struct list gids = { container->gids, container->gids_len, container->gids,
			     container->gids_len };
	char *rest = arena_strdup(arena, text), *word;

	while ((word = cut(&rest, ';'))) {
		bool is_uids = !strncmp(word, "uids=", 5);

		if (!is_uids && strncmp(word, "gids=", 5))
			return error_set(err, EINVAL, "\"%s\" is neither uids= nor gids=", word);
		if (parse_list(word + 5, is_uids ? &uids : &gids, arena, err) < 0)
			return -err->num;
	}
	if (!uids.len || !gids.len)
		return error_set(err, EINVAL, "it has no %s, and the container has no map of them",
				 uids.len ? "gids" : "uids");
	*out = (struct idmap_option){ uids.ranges, gids.ranges, uids.len, gids.len };
	return 0;
}
