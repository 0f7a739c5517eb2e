/* state.c - the state of a container, as `state` shows it and as the state directory keeps it */
#include "spec/state.h"

#include "spec/schema.h"

const struct name_value spec_statuses[] = {
	{ "creating", SPEC_STATUS_CREATING },
	{ "created", SPEC_STATUS_CREATED },
	{ "running", SPEC_STATUS_RUNNING },
	{ "paused", SPEC_STATUS_PAUSED },
	{ "stopped", SPEC_STATUS_STOPPED },
	{ NULL, 0 },
};

static const struct schema_row systemd_rows[] = {
	REQUIRED(spec_systemd, unit, string),
	REQUIRED(spec_systemd, bus, string),
};
static const struct schema spec_systemd_schema = SCHEMA(spec_systemd, systemd_rows);

static const struct schema_row rdt_rows[] = {
	REQUIRED(spec_rdt, root, string),
	REQUIRED(spec_rdt, group, string),
	OPTIONAL(spec_rdt, monitor, string),
	OPTIONAL(spec_rdt, owned, bool),
};
static const struct schema spec_rdt_schema = SCHEMA(spec_rdt, rdt_rows);

static const struct schema_row helper_rows[] = {
	ALWAYS(spec_network_helper, pid, int64, .max = INT32_MAX),
	ALWAYS(spec_network_helper, startTime, uint64),
};
static const struct schema spec_network_helper_schema = SCHEMA(spec_network_helper, helper_rows);

static const struct schema_row interface_rows[] = {
	ALWAYS(spec_state_interface, number, uint32),
	OPTIONAL(spec_state_interface, bridge, string),
	OPTIONAL(spec_state_interface, link, string),
	OPTIONAL(spec_state_interface, addresses, strings),
};
static const struct schema spec_state_interface_schema =
	SCHEMA(spec_state_interface, interface_rows);

enum { PUBLIC_ROWS = 9 };

static const struct schema_row state_rows[] = {
	REQUIRED(spec_state, ociVersion, string),
	REQUIRED(spec_state, id, string),
	ALWAYS(spec_state, pid, int64, .max = INT32_MAX),
	REQUIRED(spec_state, status, name, .names = spec_statuses),
	REQUIRED(spec_state, bundle, string),
	ALWAYS(spec_state, rootfs, string),
	ALWAYS(spec_state, created, string),
	PAIRS(spec_state, annotations),
	ALWAYS(spec_state, owner, string),
	/* What follows is ours: PUBLIC_ROWS stand above. */
	OPTIONAL(spec_state, startTime, uint64),
	OPTIONAL(spec_state, pidInode, uint64),
	OPTIONAL(spec_state, bootId, string),
	OPTIONAL(spec_state, cgroupPaths, strings),
	OPTIONAL(spec_state, sessionKeyring, string),
	OBJECT(spec_state, systemd, spec_systemd),
	OBJECT(spec_state, intelRdt, spec_rdt),
	OBJECT(spec_state, networkHelper, spec_network_helper),
	OBJECTS(spec_state, network, spec_state_interface),
	OPTIONAL(spec_state, hooks, strings),
	OPTIONAL(spec_state, rootfsMount, uint64),
	OPTIONAL(spec_state, gockerVersion, string),
};
static const struct schema spec_state_schema = SCHEMA(spec_state, state_rows);

static const struct schema public_schema = {
	.rows = state_rows,
	.rows_len = PUBLIC_ROWS,
	.size = sizeof(struct spec_state),
};

static const struct schema_row hook_rows[] = {
	ALWAYS(spec_state, ociVersion, string),
	ALWAYS(spec_state, id, string),
	ALWAYS(spec_state, status, name, .names = spec_statuses),
	ALWAYS(spec_state, pid, int64),
	ALWAYS(spec_state, bundle, string),
	PAIRS(spec_state, annotations),
};
static const struct schema hook_schema = SCHEMA(spec_state, hook_rows);

static const struct schema_row process_state_rows[] = {
	ALWAYS(spec_process_state, ociVersion, string),
	ALWAYS(spec_process_state, fds, strings),
	ALWAYS(spec_process_state, pid, int64),
	OPTIONAL(spec_process_state, metadata, string),
	SCHEMA_ROW(spec_process_state, state, SCHEMA_KIND_object, struct spec_state *, OPTIONAL,
		   .schema = &hook_schema),
};
static const struct schema process_state_schema =
	SCHEMA(spec_process_state, process_state_rows);

int spec_state_parse(const char *name, const char *text, size_t len, struct arena *arena,
		     struct spec_state *state, struct error *err)
{
	return schema_read(&spec_state_schema, name, text, len, arena, state, err);
}

void spec_state_write(const struct spec_state *state, struct buf *out)
{
	schema_write(&spec_state_schema, state, SCHEMA_COMPACT, out);
	buf_puts(out, "\n");
}

void spec_state_write_public(const struct spec_state *state, struct buf *out)
{
	schema_write(&public_schema, state, SCHEMA_INDENTED, out);
	buf_puts(out, "\n");
}

void spec_state_write_list(const struct spec_state *states, size_t len, struct buf *out)
{
	buf_puts(out, "[");
	for (size_t i = 0; i < len; i++) {
		if (i)
			buf_puts(out, ",");
		schema_write(&public_schema, &states[i], SCHEMA_COMPACT, out);
	}
	buf_puts(out, "]\n");
}

void spec_state_write_hook(const struct spec_state *state, struct buf *out)
{
	schema_write(&hook_schema, state, SCHEMA_COMPACT, out);
}

void spec_process_state_write(const struct spec_process_state *state, struct buf *out)
{
	schema_write(&process_state_schema, state, SCHEMA_COMPACT, out);
}
