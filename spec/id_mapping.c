/* id_mapping.c - id maps as the programs take them that write them for a user */
#include "spec/id_mapping.h"

#include <inttypes.h>

char **id_mapping_args(struct arena *arena, const char *program, pid_t pid,
		       const struct spec_id_mapping *map, size_t len)
{
	enum { OTHERS = 3 }; /* program, pid, NULL */
	char **args = arena_array(arena, OTHERS + 3 * len, sizeof(*args));
	size_t n = 0;

	args[n++] = arena_strdup(arena, program);
	args[n++] = arena_printf(arena, "%d", (int)pid);
	for (size_t i = 0; i < len; i++) {
		args[n++] = arena_printf(arena, "%" PRIu32, map[i].containerID);
		args[n++] = arena_printf(arena, "%" PRIu32, map[i].hostID);
		args[n++] = arena_printf(arena, "%" PRIu32, map[i].size);
	}
	return args;
}
