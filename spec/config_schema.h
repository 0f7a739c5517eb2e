/* config_schema.h - the tables of config.json's sections, for each other */
#pragma once
#include "spec/config.h"
#include "spec/schema.h"

extern const struct schema spec_id_mapping_schema;
extern const struct schema spec_process_schema;
extern const struct schema spec_resources_schema;
extern const struct schema spec_seccomp_schema;
extern const struct schema spec_linux_schema;
extern const struct schema spec_config_schema;

/*
 * What needs more than one section to be judged. A mount's destination is made absolute and clean,
 * the type bits of a device's fileMode are dropped. Return: 0, or -EINVAL with "/place: what is
 * wrong".
 */
int config_check(struct spec_config *config, struct arena *arena, struct error *err);

/* The same of mounts alone; linux may be NULL. Return: as config_check. */
int config_check_mounts(const struct spec_linux *linux, struct spec_mount *mounts, size_t len,
			struct arena *arena, struct error *err);
