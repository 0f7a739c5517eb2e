/* features.c - the document of `features` (specification, "Features Structure") */
#include "spec/features.h"

static const struct schema_row switch_rows[] = {
	ALWAYS(spec_features_switch, enabled, bool),
};
static const struct schema spec_features_switch_schema = SCHEMA(spec_features_switch, switch_rows);

static const struct schema_row cgroup_rows[] = {
	ALWAYS(spec_features_cgroup, v1, bool),
	ALWAYS(spec_features_cgroup, v2, bool),
	ALWAYS(spec_features_cgroup, systemd, bool),
	ALWAYS(spec_features_cgroup, systemdUser, bool),
	ALWAYS(spec_features_cgroup, rdma, bool),
};
static const struct schema spec_features_cgroup_schema = SCHEMA(spec_features_cgroup, cgroup_rows);

static const struct schema_row seccomp_rows[] = {
	ALWAYS(spec_features_seccomp, enabled, bool),
	OPTIONAL(spec_features_seccomp, actions, strings),
	OPTIONAL(spec_features_seccomp, operators, strings),
	OPTIONAL(spec_features_seccomp, archs, strings),
	OPTIONAL(spec_features_seccomp, knownFlags, strings),
	OPTIONAL(spec_features_seccomp, supportedFlags, strings),
};
static const struct schema spec_features_seccomp_schema =
	SCHEMA(spec_features_seccomp, seccomp_rows);

static const struct schema_row mount_extensions_rows[] = {
	OBJECT(spec_features_mount_extensions, idmap, spec_features_switch),
};
static const struct schema spec_features_mount_extensions_schema =
	SCHEMA(spec_features_mount_extensions, mount_extensions_rows);

static const struct schema_row intel_rdt_rows[] = {
	ALWAYS(spec_features_intel_rdt, enabled, bool),
	ALWAYS(spec_features_intel_rdt, schemata, bool),
	ALWAYS(spec_features_intel_rdt, monitoring, bool),
};
static const struct schema spec_features_intel_rdt_schema =
	SCHEMA(spec_features_intel_rdt, intel_rdt_rows);

static const struct schema_row memory_policy_rows[] = {
	OPTIONAL(spec_features_memory_policy, modes, strings),
	OPTIONAL(spec_features_memory_policy, flags, strings),
};
static const struct schema spec_features_memory_policy_schema =
	SCHEMA(spec_features_memory_policy, memory_policy_rows);

static const struct schema_row linux_rows[] = {
	OPTIONAL(spec_features_linux, namespaces, strings),
	OPTIONAL(spec_features_linux, capabilities, strings),
	OBJECT(spec_features_linux, cgroup, spec_features_cgroup),
	OBJECT(spec_features_linux, seccomp, spec_features_seccomp),
	OBJECT(spec_features_linux, apparmor, spec_features_switch),
	OBJECT(spec_features_linux, selinux, spec_features_switch),
	OBJECT(spec_features_linux, intelRdt, spec_features_intel_rdt),
	OBJECT(spec_features_linux, memoryPolicy, spec_features_memory_policy),
	OBJECT(spec_features_linux, mountExtensions, spec_features_mount_extensions),
	OBJECT(spec_features_linux, netDevices, spec_features_switch),
};
static const struct schema spec_features_linux_schema = SCHEMA(spec_features_linux, linux_rows);

static const struct schema_row features_rows[] = {
	REQUIRED(spec_features, ociVersionMin, string),
	REQUIRED(spec_features, ociVersionMax, string),
	OPTIONAL(spec_features, hooks, strings),
	OPTIONAL(spec_features, mountOptions, strings),
	OBJECT(spec_features, linux, spec_features_linux),
	PAIRS(spec_features, annotations),
	OPTIONAL(spec_features, potentiallyUnsafeConfigAnnotations, strings),
};
const struct schema spec_features_schema = SCHEMA(spec_features, features_rows);

void spec_features_write(const struct spec_features *features, struct buf *out)
{
	schema_write(&spec_features_schema, features, SCHEMA_INDENTED, out);
	buf_puts(out, "\n");
}
