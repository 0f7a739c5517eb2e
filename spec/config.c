/* config.c - config.json: the whole document, its mounts and hooks */
#include "spec/config.h"

#include <errno.h>
#include <string.h>

#include "spec/check.h"
#include "spec/config_schema.h"

static const struct schema_row root_rows[] = {
	REQUIRED(spec_root, path, string, .check = check_path),
	OPTIONAL(spec_root, readonly, bool),
};
static const struct schema spec_root_schema = SCHEMA(spec_root, root_rows);

static const struct schema_row mount_rows[] = {
	REQUIRED(spec_mount, destination, string, .check = check_path),
	OPTIONAL(spec_mount, type, string),
	OPTIONAL(spec_mount, source, string),
	OPTIONAL(spec_mount, options, strings),
	OBJECTS(spec_mount, uidMappings, spec_id_mapping),
	OBJECTS(spec_mount, gidMappings, spec_id_mapping),
};
static const struct schema spec_mount_schema = SCHEMA(spec_mount, mount_rows);

static const struct schema_row hook_rows[] = {
	REQUIRED(spec_hook, path, string, .check = check_absolute_path),
	OPTIONAL(spec_hook, args, strings),
	OPTIONAL(spec_hook, env, strings),
	MAYBE(spec_hook, timeout, int64, .min = 1, .max = INT64_MAX),
};
static const struct schema spec_hook_schema = SCHEMA(spec_hook, hook_rows);

static const struct schema_row hooks_rows[] = {
	OBJECTS(spec_hooks, prestart, spec_hook),
	OBJECTS(spec_hooks, createRuntime, spec_hook),
	OBJECTS(spec_hooks, createContainer, spec_hook),
	OBJECTS(spec_hooks, startContainer, spec_hook),
	OBJECTS(spec_hooks, poststart, spec_hook),
	OBJECTS(spec_hooks, poststop, spec_hook),
};
static const struct schema spec_hooks_schema = SCHEMA(spec_hooks, hooks_rows);

static const struct schema_row config_rows[] = {
	REQUIRED(spec_config, ociVersion, string, .check = check_version),
	OBJECT(spec_config, process, spec_process),
	OBJECT(spec_config, root, spec_root),
	OPTIONAL(spec_config, hostname, string, .check = check_host_name),
	OPTIONAL(spec_config, domainname, string, .check = check_host_name),
	OBJECTS(spec_config, mounts, spec_mount),
	OBJECT(spec_config, hooks, spec_hooks),
	PAIRS(spec_config, annotations),
	OBJECT(spec_config, linux, spec_linux),
};
const struct schema spec_config_schema = SCHEMA(spec_config, config_rows);

int spec_config_parse(const char *name, const char *text, size_t len, struct arena *arena,
		      struct spec_config *config, struct error *err)
{
	struct spec_config read;
	int r = schema_read(&spec_config_schema, name, text, len, arena, &read, err);

	if (r < 0)
		return r;
	if (config_check(&read, arena, err) < 0)
		return error_context(err, "%s", name);
	*config = read;
	return 0;
}

/* The list is read as the only member of an object: so places in messages are as in config.json. */
int spec_mounts_parse(const char *name, const char *text, size_t len, struct arena *arena,
		      struct spec_config *config, struct error *err)
{
	static const struct schema_row rows[] = {
		OBJECTS(spec_config, mounts, spec_mount),
	};
	static const struct schema schema = SCHEMA(spec_config, rows);
	auto_buf struct buf object = { 0 };
	struct spec_config read;
	size_t start = 0;
	int r;

	while (start < len && strchr(" \t\r\n", text[start]))
		start++;
	if (start == len || text[start] != '[')
		return error_set(err, EINVAL, "%s: must be a list of mounts", name);
	buf_puts(&object, "{\"mounts\":");
	buf_add(&object, text, len);
	buf_puts(&object, "}");
	r = schema_read(&schema, name, object.data, object.len, arena, &read, err);
	if (r < 0)
		return r;
	if (config_check_mounts(config->linux, read.mounts, read.mounts_len, arena, err) < 0)
		return error_context(err, "%s", name);
	config->mounts = read.mounts;
	config->mounts_len = read.mounts_len;
	return 0;
}

const char *spec_config_annotation(const struct spec_config *config, const char *key)
{
	for (size_t i = 0; i < config->annotations_len; i++)
		if (!strcmp(config->annotations[i].key, key))
			return config->annotations[i].value;
	return NULL;
}

void spec_config_write(const struct spec_config *config, struct buf *out)
{
	schema_write(&spec_config_schema, config, SCHEMA_INDENTED, out);
	buf_puts(out, "\n");
}
