/* caps.h - capability sets of the container's process */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "spec/config.h"

/* One bit per capability number, as capabilities(7) has them. */
struct caps {
	uint64_t bounding, permitted, effective, inheritable, ambient;
};

/*
 * Reads the five lists; NULL for spec means no capability at all. A name that the kernel does not
 * have, or that this process cannot grant, is left out with one warning for all sets, as the
 * specification wants it ("Linux Process"). Call it where the capabilities are to be granted: in
 * the container's user namespace. Return: 0, or -errno of capget(2).
 */
int caps_parse(const struct spec_capabilities *spec, struct caps *caps, struct error *err);

/*
 * The three steps of a change of user, in this order. The bounding set needs CAP_SETPCAP and is
 * limited before the uid changes; caps_keep lets the permitted set survive setresuid(2).
 * Only what differs is changed. Return: 0 or -errno of prctl(2), capset(2).
 */
int caps_limit_bounding(const struct caps *caps, struct error *err);
int caps_keep(struct error *err);
int caps_apply(const struct caps *caps, struct error *err);

/*
 * Adds the capabilities of exec --cap to the lists: to bounding, permitted and effective, and to
 * ambient where the capability is inheritable already. inheritable never grows (CVE-2022-29162).
 * *spec may be NULL before; new lists are in the arena.
 * A well-formed name that is not known comes into the lists, too: caps_parse() warns of it.
 * Return: 0, or -EINVAL where a name cannot be one of a capability.
 */
int caps_add(struct spec_capabilities **spec, char *const *names, struct arena *arena,
	     struct error *err);

/* Return: whether the capability (CAP_SETGID ...) is in the effective set of this process. */
bool caps_has_effective(int capability);

/* Return: the names that kernel and library both know ("CAP_CHOWN" ...), NULL-terminated. */
char **caps_names(struct arena *arena);
