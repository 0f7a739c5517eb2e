/* features.h - the document of `features` (specification, "Features Structure") */
#pragma once
#include <stdbool.h>

#include "base/buf.h"
#include "spec/config.h"
#include "spec/schema.h"

struct spec_features_switch { bool enabled; };

struct spec_features_cgroup { bool v1, v2, systemd, systemdUser, rdma; };

struct spec_features_seccomp {
	bool enabled;
	char **actions, **operators, **archs, **knownFlags, **supportedFlags;
};

struct spec_features_intel_rdt { bool enabled, schemata, monitoring; };

struct spec_features_memory_policy { char **modes, **flags; };

struct spec_features_mount_extensions { struct spec_features_switch *idmap; };

struct spec_features_linux {
	char **namespaces, **capabilities;
	struct spec_features_cgroup *cgroup;
	struct spec_features_seccomp *seccomp;
	struct spec_features_switch *apparmor, *selinux;
	struct spec_features_intel_rdt *intelRdt;
	struct spec_features_memory_policy *memoryPolicy;
	struct spec_features_mount_extensions *mountExtensions;
	struct spec_features_switch *netDevices;
};

struct spec_features {
	char *ociVersionMin, *ociVersionMax;
	char **hooks, **mountOptions;
	struct spec_features_linux *linux;
	struct spec_pair *annotations;
	size_t annotations_len;
	char **potentiallyUnsafeConfigAnnotations;
};

/* The document's table; schema_read() reads with it what we have written. */
extern const struct schema spec_features_schema;

/* Adds the document, indented, with a newline at its end. */
void spec_features_write(const struct spec_features *features, struct buf *out);
