/* fuzz_variant.c - properties of a unit that annotations ask for: the name, a newline, the value */
#include "runtime/cgroup/systemd_variant.h"

#include "tests/fuzz/fuzz.h"

static void print_all(const struct systemd_properties *properties)
{
	auto_buf struct buf text = { 0 };

	for (size_t i = 0; i < properties->len; i++) {
		fuzz_check(systemd_value_type_len(properties->rows[i].value.signature));
		systemd_value_print(&properties->rows[i].value, &text);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	struct systemd_properties properties = { .arena = &arena };
	char *value = fuzz_text(&arena, data, size), *name = fuzz_line(&value);
	struct spec_pair annotation = {
		.key = arena_printf(&arena, "org.systemd.property.%s", name),
		.value = value,
	};
	struct error err = { 0 };
	int r = value ? systemd_variant_annotations(&annotation, 1, &properties, &err) : 0;

	if (r < 0)
		fuzz_check_error(r, &err);
	print_all(&properties);
	return 0;
}
