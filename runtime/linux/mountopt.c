/* mountopt.c - the options of a mount (config.md, "Linux mount options") as kernel flags */
#include "runtime/linux/mountopt.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>

#include "base/strv.h"

/*
 * The kernel wants all of the atime field cleared where any value of it is set, and relatime, its
 * default, is 0: so "set" after "clear" says what the field becomes (mount_setattr(2)).
 */
#define ATIME MOUNT_ATTR__ATIME

/* What a name does to the attributes of one mount; with an "r" in front, to all below it, too. */
static const struct attribute_row {
	const char *name;
	uint64_t set, clear;
} attribute_rows[] = {
	{ "ratime", 0, ATIME },
	{ "rdev", 0, MOUNT_ATTR_NODEV },
	{ "rdiratime", 0, MOUNT_ATTR_NODIRATIME },
	{ "rexec", 0, MOUNT_ATTR_NOEXEC },
	{ "rnoatime", MOUNT_ATTR_NOATIME, ATIME },
	{ "rnodev", MOUNT_ATTR_NODEV, 0 },
	{ "rnodiratime", MOUNT_ATTR_NODIRATIME, 0 },
	{ "rnoexec", MOUNT_ATTR_NOEXEC, 0 },
	{ "rnorelatime", 0, 0 },
	{ "rnostrictatime", 0, ATIME },
	{ "rnosuid", MOUNT_ATTR_NOSUID, 0 },
	{ "rnosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0 },
	{ "rrelatime", MOUNT_ATTR_RELATIME, ATIME },
	{ "rro", MOUNT_ATTR_RDONLY, 0 },
	{ "rrw", 0, MOUNT_ATTR_RDONLY },
	{ "rstrictatime", MOUNT_ATTR_STRICTATIME, ATIME },
	{ "rsuid", 0, MOUNT_ATTR_NOSUID },
	{ "rsymfollow", 0, MOUNT_ATTR_NOSYMFOLLOW },
};

/* As in attribute_rows: with an "r" in front for all mounts below, too. */
static const struct propagation_row {
	const char *name;
	unsigned long propagation;
} propagation_rows[] = {
	{ "rprivate", MS_PRIVATE },
	{ "rshared", MS_SHARED },
	{ "rslave", MS_SLAVE },
	{ "runbindable", MS_UNBINDABLE },
};

/*
 * Of the file system, not of one mount of it. fsconfig(2) knows their names; those without a word
 * do nothing: kernel messages are not silenced by it, and a file system that keeps an i_version has
 * an option of its own for it. "defaults" is none of both.
 */
static const struct superblock_row {
	const char *name, *word;
} superblock_rows[] = {
	{ "async", "async" },
	{ "defaults", NULL },
	{ "dirsync", "dirsync" },
	{ "iversion", NULL },
	{ "lazytime", "lazytime" },
	{ "loud", NULL },
	{ "mand", "mand" },
	{ "noiversion", NULL },
	{ "nolazytime", "nolazytime" },
	{ "nomand", "nomand" },
	{ "silent", NULL },
	{ "sync", "sync" },
};

/* How it is mounted. */
static const struct manner_row {
	const char *name;
	size_t member, member_recursive; /* offset of a bool; the second 0: none */
} manner_rows[] = {
#define MEMBER(name) offsetof(struct mount_options, name)
	{ "bind", MEMBER(bind), 0 },
	{ "copy-symlink", MEMBER(copy_link), 0 },
	{ "dest-nofollow", MEMBER(destination_plain), 0 },
	{ "idmap", MEMBER(idmap), 0 },
	{ "rbind", MEMBER(bind), MEMBER(recursive) },
	{ "remount", MEMBER(remount), 0 },
	{ "ridmap", MEMBER(idmap), MEMBER(idmap_recursive) },
	{ "src-nofollow", MEMBER(source_plain), 0 },
	{ "tmpcopyup", MEMBER(copy_up), 0 },
#undef MEMBER
};

#define ROWS(table) (sizeof(table) / sizeof(*(table)))

static void apply(uint64_t *set, uint64_t *clear, const struct attribute_row *row)
{
	*set = (*set & ~row->clear) | row->set;
	*clear = (*clear & ~row->set) | row->clear;
}

static bool read_attribute(const char *option, struct mount_options *out)
{
	for (size_t i = 0; i < ROWS(attribute_rows); i++) {
		const struct attribute_row *row = &attribute_rows[i];

		if (!strcmp(option, row->name))
			apply(&out->recursive_set, &out->recursive_clear, row);
		else if (!strcmp(option, row->name + 1))
			apply(&out->set, &out->clear, row);
		else
			continue;
		return true;
	}
	return false;
}

static bool read_propagation(const char *option, struct mount_options *out)
{
	for (size_t i = 0; i < ROWS(propagation_rows); i++) {
		bool recursive = !strcmp(option, propagation_rows[i].name);

		if (!recursive && strcmp(option, propagation_rows[i].name + 1))
			continue;
		out->propagation = propagation_rows[i].propagation;
		out->propagation_recursive = recursive;
		return true;
	}
	return false;
}

static bool read_manner(const char *option, struct mount_options *out)
{
	for (size_t i = 0; i < ROWS(manner_rows); i++) {
		if (strcmp(option, manner_rows[i].name))
			continue;
		*(bool *)((char *)out + manner_rows[i].member) = true;
		if (manner_rows[i].member_recursive)
			*(bool *)((char *)out + manner_rows[i].member_recursive) = true;
		return true;
	}
	return false;
}

/* crun's form, with maps: "idmap=uids=0-1-10;gids=0-1-10". */
static bool read_idmap(const char *option, struct mount_options *out)
{
	bool recursive = *option == 'r';

	if (strncmp(option + recursive, "idmap=", 6))
		return false;
	out->idmap = true;
	out->idmap_recursive = recursive;
	out->idmap_maps = option + recursive + 6;
	return true;
}

static bool read_superblock(const char *option, char ***data)
{
	for (size_t i = 0; i < ROWS(superblock_rows); i++) {
		if (strcmp(option, superblock_rows[i].name))
			continue;
		if (superblock_rows[i].word)
			*(*data)++ = (char *)superblock_rows[i].word;
		return true;
	}
	return false;
}

/* Return: the length up to the next comma that separates, or up to the end. */
static size_t datum_len(const char *text)
{
	size_t len = 0;

	while (text[len] && text[len] != ',')
		len += text[len] == '\\' && text[len + 1] ? 2 : 1;
	return len;
}

static int add_data(const char *option, struct arena *arena, char ***data, struct error *err)
{
	for (const char *rest = option; *rest;) {
		size_t len = datum_len(rest);

		if (*rest == '=')
			return error_set(err, EINVAL, "mount option \"%s\" has no name", option);
		if (len)
			*(*data)++ = arena_strndup(arena, rest, len);
		rest += len + (rest[len] == ',');
	}
	return 0;
}

static size_t count_data(char *const *options)
{
	size_t count = strv_len(options);

	for (; options && *options; options++)
		for (const char *c = *options; *c; c++)
			count += *c == ',';
	return count;
}

int mountopt_parse(char *const *options, struct arena *arena, struct mount_options *out,
		   struct error *err)
{
	struct mount_options read = { 0 };
	int r = 0;
	char **data;

	data = read.data = arena_array(arena, count_data(options) + 1, sizeof(*data));
	for (; r == 0 && options && *options; options++)
		if (!read_attribute(*options, &read) && !read_propagation(*options, &read) &&
		    !read_manner(*options, &read) && !read_idmap(*options, &read) &&
		    !read_superblock(*options, &data)) {
			r = add_data(*options, arena, &data, err);
			if (**options)
				*(strchr(*options, '=') ? &read.foreign_value :
							  &read.foreign_word) = *options;
		}
	if (r == 0)
		*out = read;
	return r;
}

static int compare(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

char **mountopt_names(struct arena *arena)
{
	size_t len = 2 * ROWS(attribute_rows) + 2 * ROWS(propagation_rows) + ROWS(manner_rows) +
		     ROWS(superblock_rows);
	char **names = arena_array(arena, len + 1, sizeof(*names));
	size_t i, n = 0;

	for (i = 0; i < ROWS(attribute_rows); i++) {
		names[n++] = (char *)attribute_rows[i].name;
		names[n++] = (char *)attribute_rows[i].name + 1;
	}
	for (i = 0; i < ROWS(propagation_rows); i++) {
		names[n++] = (char *)propagation_rows[i].name;
		names[n++] = (char *)propagation_rows[i].name + 1;
	}
	for (i = 0; i < ROWS(manner_rows); i++)
		names[n++] = (char *)manner_rows[i].name;
	for (i = 0; i < ROWS(superblock_rows); i++)
		names[n++] = (char *)superblock_rows[i].name;
	qsort(names, n, sizeof(*names), compare);
	return names;
}
