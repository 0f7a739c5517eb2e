/* fuzz_mountopt.c - options of a mount, one per line, and the id maps in them */
#include <string.h>

#include "base/strv.h"
#include "runtime/linux/idmap_option.h"
#include "runtime/linux/mountopt.h"
#include "tests/fuzz/fuzz.h"

static char **split(char *text, struct arena *arena)
{
	char **options = arena_array(arena, strlen(text) + 2, sizeof(*options)), *line;
	size_t len = 0;

	while ((line = fuzz_line(&text)))
		options[len++] = line;
	return options;
}

static void read_maps(const char *maps, struct arena *arena)
{
	struct spec_id_mapping ids[] = { { 0, 100000, 1000 }, { 5000, 0, 10 } };
	const struct idmap_option container = { ids, ids, 2, 1 }, none = { 0 };
	struct idmap_option read;
	struct error err = { 0 };
	int r = idmap_option_parse(maps, &container, arena, &read, &err);

	if (r < 0)
		fuzz_check_error(r, &err);
	else
		fuzz_check(read.uids_len && read.gids_len);
	r = idmap_option_parse(maps, &none, arena, &read, &err);
	if (r < 0)
		fuzz_check_error(r, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	char **options = split(fuzz_text(&arena, data, size), &arena);
	struct mount_options read;
	struct error err = { 0 };
	int r = mountopt_parse(options, &arena, &read, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	/* What the file system gets has a name. */
	for (char **datum = read.data; *datum; datum++)
		fuzz_check(**datum && **datum != '=');
	if (read.idmap_maps)
		read_maps(read.idmap_maps, &arena);
	return 0;
}
