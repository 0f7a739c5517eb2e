/* bridges.c - what `network ls` tells of the bridges that containers are on, also as JSON */
#include "spec/bridges.h"

#include "spec/schema.h"

static const struct schema_row container_rows[] = {
	REQUIRED(spec_bridge_container, id, string),
	REQUIRED(spec_bridge_container, root, string),
	REQUIRED(spec_bridge_container, address, string),
	ALWAYS(spec_bridge_container, ports, strings),
};
static const struct schema spec_bridge_container_schema =
	SCHEMA(spec_bridge_container, container_rows);

static const struct schema_row bridge_rows[] = {
	REQUIRED(spec_bridge, name, string),
	ALWAYS(spec_bridge, made, bool),
	ALWAYS(spec_bridge, nat, bool),
	ALWAYS(spec_bridge, addresses, strings),
	OBJECTS(spec_bridge, containers, spec_bridge_container),
};
static const struct schema bridge_schema = SCHEMA(spec_bridge, bridge_rows);

void spec_bridges_write(const struct spec_bridge *bridges, size_t len, struct buf *out)
{
	buf_puts(out, "[");
	for (size_t i = 0; i < len; i++) {
		if (i)
			buf_puts(out, ",");
		schema_write(&bridge_schema, &bridges[i], SCHEMA_COMPACT, out);
	}
	buf_puts(out, "]\n");
}
