/* release.h - latest-releases.yaml, the list of what a mirror of Alpine offers */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "bundles/checksum.h"

struct release {
	char *version; /* "3.20.3" */
	char *file;    /* one name, no path */
	char sum[CHECKSUM_SIZE];
	uint64_t size; /* in bytes, 0 where the list does not say */
};

/*
 * Finds the newest stable minirootfs for the architecture. name is what messages call the document.
 * The list comes from the network: every value that is used is checked. Strings go into the arena.
 * Return: 0; -EINVAL where it is no such list, with the line; -ENOENT where it has no such row.
 */
int release_find(const char *name, const char *text, size_t len, const char *arch,
		 struct arena *arena, struct release *release, struct error *err);

/* Return: < 0, 0, > 0 as version a is older than, the same as, newer than b ("3.9" < "3.20"). */
int release_compare(const char *a, const char *b);

/* Return: whether it is numbers and dots as in "3.20.3". */
bool release_is_version(const char *text);
