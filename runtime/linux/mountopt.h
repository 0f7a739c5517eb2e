/* mountopt.h - the options of a mount (config.md, "Linux mount options") as kernel flags */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"

struct mount_options {
	uint64_t set, clear;                     /* MOUNT_ATTR_*, this mount alone */
	uint64_t recursive_set, recursive_clear; /* with all below it: "rro", "rnosuid" ... */
	unsigned long propagation;               /* MS_SHARED, SLAVE, PRIVATE, UNBINDABLE or 0 */
	bool propagation_recursive;
	/*
	 * Of a bind, set by who knows rootfsPropagation: MS_SLAVE (and 0): it receives from the
	 * host and never gives back; MS_PRIVATE: neither; MS_SHARED: it stays as it is on the host.
	 */
	unsigned long cut;
	bool bind, recursive; /* "rbind" is both */
	bool remount;
	bool copy_up;                /* "tmpcopyup" */
	bool copy_link;              /* "copy-symlink": of a bind: a symlink is made instead */
	bool source_plain;           /* "src-nofollow": of a bind: a symlink itself is bound */
	bool destination_plain;      /* "dest-nofollow": of a bind: on a symlink itself */
	bool idmap, idmap_recursive; /* "ridmap" is both */
	const char *idmap_maps;      /* of "idmap=MAPS": idmap_option.h; or NULL */
	char **data;                 /* for fsconfig(2): "mode=755"; NULL-terminated, not NULL */
	const char *context;         /* of new ones: mount_label_compose's, set by the caller */
	/* The last that is none of ours, of those in data, with and without "="; or NULL. */
	const char *foreign_value, *foreign_word;
};

/*
 * Reads the options in their order: the last one of a pair like ro and rw holds. What is no option
 * of ours is data for the file system, split at commas as mount(2) does ("\," is none).
 * options may be NULL; empty strings are ignored.
 * Return: 0; -EINVAL for "=value". What nobody knows is refused by the file system later.
 */
int mountopt_parse(char *const *options, struct arena *arena, struct mount_options *out,
		   struct error *err);

/* Return: the names that are understood, sorted, NULL-terminated, in the arena: for `features`. */
char **mountopt_names(struct arena *arena);
