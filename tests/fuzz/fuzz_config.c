/* fuzz_config.c - config.json: read, written, read again; its mounts' options and annotations */
#include "runtime/cgroup/systemd_variant.h"
#include "runtime/linux/mountopt.h"
#include "spec/config.h"
#include "tests/fuzz/fuzz.h"

static void read_options(const struct spec_config *config, struct arena *arena)
{
	for (size_t i = 0; i < config->mounts_len; i++) {
		struct mount_options options;
		struct error err = { 0 };
		int r = mountopt_parse(config->mounts[i].options, arena, &options, &err);

		if (r < 0)
			fuzz_check_error(r, &err);
	}
}

static void read_annotations(const struct spec_config *config, struct arena *arena)
{
	struct systemd_properties properties = { .arena = arena };
	struct error err = { 0 };
	int r = systemd_variant_annotations(config->annotations, config->annotations_len,
					    &properties, &err);

	if (r < 0)
		fuzz_check_error(r, &err);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf first = { 0 }, second = { 0 };
	struct spec_config config;
	struct error err = { 0 };
	int r = spec_config_parse("config.json", (const char *)data, size, &arena, &config, &err);

	if (r < 0) {
		fuzz_check_error(r, &err);
		return 0;
	}
	spec_config_write(&config, &first);
	fuzz_check(spec_config_parse("again", first.data, first.len, &arena, &config, &err) == 0);
	spec_config_write(&config, &second);
	fuzz_check_same(&first, &second);
	read_options(&config, &arena);
	read_annotations(&config, &arena);
	return 0;
}
