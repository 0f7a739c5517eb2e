/* features.c - gocker features: what this gocker can do, as JSON */
#include <stddef.h>

#include "base/buf.h"
#include "runtime/cli/commands.h"
#include "runtime/container/hooks.h"
#include "runtime/linux/caps.h"
#include "runtime/linux/mountopt.h"
#include "spec/features.h"

/* All of them, in the order of their table. */
static char **names_of(const struct name_value *table, struct arena *arena)
{
	size_t len = 0;
	char **names;

	while (table[len].name)
		len++;
	names = arena_array(arena, len + 1, sizeof(*names));
	for (size_t i = 0; i < len; i++)
		names[i] = (char *)table[i].name;
	return names;
}

/* Nothing here needs root or a container: docker asks at its start. */
static int run(const struct cli_call *call __attribute__((unused)), struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf text = { 0 };
	struct spec_features_switch on = { .enabled = true }, off = { .enabled = false };
	struct spec_features_cgroup cgroup = { .v1 = true, .v2 = true, .rdma = true };
	struct spec_features_seccomp seccomp = { .enabled = false };
	struct spec_features_mount_extensions extensions = { .idmap = &off };
	struct spec_features_intel_rdt rdt = { true, true, true };
	struct spec_features_memory_policy memory_policy = {
		.modes = names_of(spec_memory_policy_modes, &arena),
		.flags = names_of(spec_memory_policy_flags, &arena),
	};
	struct spec_features_linux linux = {
		.namespaces = names_of(spec_namespace_types, &arena),
		.capabilities = caps_names(&arena),
		.cgroup = &cgroup,
		.seccomp = &seccomp,
		.apparmor = &on,
		.selinux = &on,
		.intelRdt = &rdt,
		.memoryPolicy = &memory_policy,
		.mountExtensions = &extensions,
		.netDevices = &on,
	};
	struct spec_features features = {
		.ociVersionMin = "1.0.0",
		.ociVersionMax = SPEC_VERSION,
		.hooks = hooks_names,
		.mountOptions = mountopt_names(&arena),
		.linux = &linux,
	};

	spec_features_write(&features, &text);
	return cli_print(text.data, text.len, err);
}

const struct cli_command cli_features = {
	.name = "features",
	.arguments = "",
	.summary = "print what gocker can do as JSON",
	.run = run,
};
