/* features.c - gocker features: what this gocker can do, as JSON */
#include <stddef.h>

#include "base/buf.h"
#include "runtime/cli/commands.h"
#include "runtime/container/hooks.h"
#include "runtime/linux/caps.h"
#include "runtime/linux/mountopt.h"
#include "runtime/linux/seccomp_compile.h"
#include "runtime/linux/seccomp_filter.h"
#include "spec/features.h"

/* In the order of their table; has: which of them, NULL for all. */
static char **names_of(const struct name_value *table, bool (*has)(const struct name_value *row),
		       struct arena *arena)
{
	size_t len = 0, kept = 0;
	char **names;

	while (table[len].name)
		len++;
	names = arena_array(arena, len + 1, sizeof(*names));
	for (size_t i = 0; i < len; i++)
		if (!has || has(&table[i]))
			names[kept++] = (char *)table[i].name;
	return names;
}

static bool has_architecture(const struct name_value *row)
{
	return seccomp_compile_has_architecture(row->name);
}

static bool has_flag(const struct name_value *row)
{
	return seccomp_filter_knows_flag((unsigned int)row->value);
}

/* They change what a container gets beside what the specification knows. "." ends a prefix. */
static char *const unsafe[] = {
	"org.gocker.net.",
	"org.systemd.property.",
	"run.gocker.network.user",
	"run.oci.delegate-cgroup",
	"run.oci.hooks.stderr",
	"run.oci.hooks.stdout",
	"run.oci.keep_original_groups",
	"run.oci.mount_context_type",
	"run.oci.systemd.subgroup",
	NULL,
};

/* Nothing here needs root or a container: docker asks at its start. */
static int run(const struct cli_call *call __attribute__((unused)), struct error *err)
{
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf text = { 0 };
	struct spec_features_switch on = { .enabled = true };
	struct spec_features_cgroup cgroup = { true, true, true, true, true };
	struct spec_features_seccomp seccomp = {
		.enabled = true,
		.actions = names_of(spec_seccomp_actions, NULL, &arena),
		.operators = names_of(spec_seccomp_operators, NULL, &arena),
		.archs = names_of(spec_seccomp_architectures, has_architecture, &arena),
		.knownFlags = names_of(spec_seccomp_flags, NULL, &arena),
		.supportedFlags = names_of(spec_seccomp_flags, has_flag, &arena),
	};
	struct spec_features_mount_extensions extensions = { .idmap = &on };
	struct spec_features_intel_rdt rdt = { true, true, true };
	struct spec_features_memory_policy memory_policy = {
		.modes = names_of(spec_memory_policy_modes, NULL, &arena),
		.flags = names_of(spec_memory_policy_flags, NULL, &arena),
	};
	struct spec_features_linux linux = {
		.namespaces = names_of(spec_namespace_types, NULL, &arena),
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
	char libseccomp[SECCOMP_VERSION_SIZE];
	/* The last one has the name that runc gave it. */
	struct spec_pair annotations[] = {
		{ "gocker.commit", GIT_COMMIT },
		{ "gocker.version", PACKAGE_VERSION },
		{ "io.github.seccomp.libseccomp.version", libseccomp },
	};
	struct spec_features features = {
		.ociVersionMin = "1.0.0",
		.ociVersionMax = SPEC_VERSION,
		.hooks = hooks_names,
		.mountOptions = mountopt_names(&arena),
		.linux = &linux,
		.annotations = annotations,
		.annotations_len = sizeof(annotations) / sizeof(*annotations),
		.potentiallyUnsafeConfigAnnotations = (char **)unsafe,
	};

	seccomp_compile_version(libseccomp);
	spec_features_write(&features, &text);
	return cli_print(text.data, text.len, err);
}

const struct cli_command cli_features = {
	.name = "features",
	.arguments = "",
	.summary = "print what gocker can do as JSON",
	.run = run,
};
