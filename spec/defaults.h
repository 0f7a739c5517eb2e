/* defaults.h - the config.json that `gocker spec` writes and that gocker-bundle starts from */
#pragma once
#include "base/arena.h"
#include "spec/config.h"

/*
 * Fills a config that runs "sh" in ./rootfs as runc's default does: all of the usual namespaces,
 * mounts, masked and read-only paths and a small set of capabilities. Strings are static or in the
 * arena: the caller may replace members.
 */
void spec_default_config(struct arena *arena, struct spec_config *config);

/* Changes a default config into one that a user without privileges can run, ids mapped to root. */
void spec_default_rootless(struct arena *arena, uint32_t uid, uint32_t gid,
			   struct spec_config *config);

/*
 * Changes a default config, with its user namespace where it has one: the network namespace is its
 * own, or the host's.
 */
void spec_default_own_network(struct arena *arena, struct spec_config *config);
void spec_default_host_network(struct arena *arena, struct spec_config *config);

/* Docker's default set of capabilities; NULL-terminated. */
extern char *const spec_docker_capabilities[];
