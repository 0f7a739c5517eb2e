/* forwarding.c - lets the host forward for containers, and only for them */
#include "runtime/net/forwarding.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/strv.h"
#include "base/sys.h"
#include "runtime/net/bridge_root.h"
#include "runtime/net/link.h"
#include "runtime/net/nat.h"
#include "spec/schema.h"

enum { PATH_SIZE = 128, NOTE_SIZE_MAX = 4 * 1024 * 1024 };

/* Longer than the name of a link: no directory of a bridge is called so. */
static const char note_file[] = "forwarding-before.json";

/* What the host was before, where it did not forward. */
struct note {
	bool ipv4, ipv6; /* switched on by us */
	char **links;    /* that it had */
	char **acceptRa; /* those of which the sysctl was 1 */
};

static const struct schema_row note_rows[] = {
	OPTIONAL(note, ipv4, bool),
	OPTIONAL(note, ipv6, bool),
	OPTIONAL(note, links, strings),
	OPTIONAL(note, acceptRa, strings),
};
static const struct schema note_schema = SCHEMA(note, note_rows);

/* Return: 0, also where there is none; -errno. */
static int read_note(int root, struct arena *arena, struct note *note, struct error *err)
{
	auto_close int fd = sys_openat(root, note_file, O_RDONLY | O_NOFOLLOW | O_CLOEXEC, 0);
	auto_buf struct buf text = { 0 };
	int r = fd < 0 ? fd : file_read_fd(fd, NOTE_SIZE_MAX, &text);

	if (r == -ENOENT)
		return 0;
	if (r < 0)
		return error_errno(err, r, "read %s", note_file);
	return schema_read(&note_schema, note_file, text.data, text.len, arena, note, err);
}

static int write_note(int root, const struct note *note, struct error *err)
{
	auto_buf struct buf text = { 0 };
	int r;

	schema_write(&note_schema, note, SCHEMA_COMPACT, &text);
	buf_puts(&text, "\n");
	r = file_replace_at(root, note_file, text.data, text.len, 0600);
	return r < 0 ? error_errno(err, r, "write %s", note_file) : 0;
}

/* net/ipv4/conf/LINK/KEY of this network namespace; LINK may be "all". */
static void conf_path(char path[PATH_SIZE], const char *family, const char *link, const char *key)
{
	snprintf(path, PATH_SIZE, "/proc/sys/net/%s/conf/%s/%s", family, link, key);
}

/* Return: the number in it; -errno. */
static int read_conf(const char *family, const char *link, const char *key)
{
	auto_buf struct buf text = { 0 };
	char path[PATH_SIZE];
	int r;

	conf_path(path, family, link, key);
	r = file_read_at(AT_FDCWD, path, 64, &text);
	return r < 0 ? r : !strcmp(text.data, "1\n") ? 1 : *text.data == '0' ? 0 : 2;
}

static int write_conf(const char *family, const char *link, const char *key, const char *value,
		      struct error *err)
{
	char path[PATH_SIZE];
	int r;

	conf_path(path, family, link, key);
	r = file_set_at(AT_FDCWD, path, value);
	return r < 0 ? error_errno(err, r, "write \"%s\" to %s", value, path) : 0;
}

/* A copy with room for more. */
static char **copy_words(struct arena *arena, char **words, size_t more)
{
	size_t len = strv_len(words);
	char **copy = arena_array(arena, len + more + 1, sizeof(*copy));

	if (words)
		memcpy(copy, words, len * sizeof(*copy));
	return copy;
}

static void add_word(char **before, char **words, size_t *len, char *word)
{
	if (!strv_contains(before, word))
		words[(*len)++] = word;
}

/*
 * Adds the links that the host has, and which of them listen to routers: a host does, a router does
 * not.
 */
static int note_links(struct rtnl *rtnl, struct arena *arena, struct note *note, struct error *err)
{
	const struct note before = *note;
	size_t len = strv_len(before.links), routed = strv_len(before.acceptRa);
	struct link_state *links;
	int count = link_list(rtnl, arena, &links, err);

	if (count < 0)
		return count;
	note->links = copy_words(arena, before.links, (size_t)count);
	note->acceptRa = copy_words(arena, before.acceptRa, (size_t)count);
	for (int i = 0; i < count; i++) {
		char *name = links[i].name;

		if (links[i].is_ours || !strcmp(name, "lo"))
			continue;
		add_word(before.links, note->links, &len, name);
		if (note->ipv6 && read_conf("ipv6", name, "accept_ra") == 1 &&
		    read_conf("ipv6", name, "forwarding") == 0)
			add_word(before.acceptRa, note->acceptRa, &routed, name);
	}
	return 0;
}

/* A link may vanish meanwhile. */
static int listen_to_routers(const struct note *note, const char *from, const char *to,
			     struct error *err)
{
	for (char **name = note->acceptRa; name && *name; name++) {
		int r = read_conf("ipv6", *name, "accept_ra");

		if (r == *from - '0')
			r = write_conf("ipv6", *name, "accept_ra", to, err);
		if (r < 0 && r != -ENOENT)
			return r;
	}
	return 0;
}

static int close_links(const struct note *note, bool v4, bool v6, struct error *err)
{
	const char *const *names = (const char *const *)note->links;

	return nat_close_links(names, strv_len(note->links), v4, v6, err);
}

/* Where all rules have been removed since they were switched on. */
static int close_again(int root, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	struct note note = { .ipv4 = false };
	int r = read_note(root, &arena, &note, err);

	return r < 0 ? r : close_links(&note, note.ipv4, note.ipv6, err);
}

/* What is noted is written down before it is done. */
static int switch_on(struct rtnl *rtnl, int root, bool v4, bool v6, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	struct note note = { .ipv4 = false };
	int r = read_note(root, &arena, &note, err);

	note.ipv4 |= v4;
	note.ipv6 |= v6;
	if (r == 0)
		r = note_links(rtnl, &arena, &note, err);
	if (r == 0)
		r = write_note(root, &note, err);
	if (r == 0)
		r = close_links(&note, v4, v6, err);
	if (r == 0 && v6)
		r = listen_to_routers(&note, "1", "2", err);
	if (r == 0 && v4)
		r = write_conf("ipv4", "all", "forwarding", "1", err);
	if (r == 0 && v6)
		r = write_conf("ipv6", "all", "forwarding", "1", err);
	return r;
}

/* Whoever is in a container could tell the host where its routes go. */
static int ignore_routers(struct rtnl *rtnl, const char *link, struct error *err)
{
	struct link_state state;
	int r = link_find(rtnl, link, &state, err);

	if (r < 0)
		return error_context(err, "find the network device \"%s\"", link);
	if (!state.is_ours || read_conf("ipv6", link, "accept_ra") <= 0)
		return 0;
	return write_conf("ipv6", link, "accept_ra", "0", err);
}

static int enable(struct rtnl *rtnl, int root, const char *link, bool v6, struct error *err)
{
	int forwards4 = read_conf("ipv4", "all", "forwarding");
	int forwards6 = v6 ? read_conf("ipv6", "all", "forwarding") : 1;
	int r = forwards4 < 0 ? forwards4 : forwards6;

	if (r < 0)
		return error_errno(err, r, "read whether the host forwards");
	r = ignore_routers(rtnl, link, err);
	if (r == 0 && (!forwards4 || !forwards6))
		r = switch_on(rtnl, root, !forwards4, !forwards6, err);
	else if (r == 0)
		r = close_again(root, err);
	if (r == 0)
		r = write_conf("ipv4", link, "forwarding", "1", err);
	if (r == 0 && v6)
		r = write_conf("ipv6", link, "forwarding", "1", err);
	if (r == 0)
		r = write_conf("ipv4", link, "route_localnet", "1", err);
	return r;
}

int forwarding_enable(struct rtnl *rtnl, const char *link, bool v6, struct error *err)
{
	auto_close int root = bridge_root_lock(err);
	int r = root < 0 ? root : enable(rtnl, root, link, v6, err);

	return r < 0 ? error_context(err, "let the host forward for \"%s\"", link) : 0;
}

void forwarding_disable(const char *link)
{
	write_conf("ipv4", link, "route_localnet", "0", NULL);
}

/* Return: 1 where the host has a link that is neither noted nor ours; 0; -errno. */
static int has_other_links(struct rtnl *rtnl, const struct note *note, struct arena *arena,
			   struct error *err)
{
	struct link_state *links;
	int len = link_list(rtnl, arena, &links, err);

	for (int i = 0; i < len; i++)
		if (!links[i].is_ours && strcmp(links[i].name, "lo") != 0 &&
		    !strv_contains(note->links, links[i].name))
			return 1;
	return len < 0 ? len : 0;
}

static int switch_off(const struct note *note, struct error *err)
{
	int r = 0;

	if (note->ipv4)
		r = write_conf("ipv4", "all", "forwarding", "0", err);
	if (r == 0 && note->ipv6)
		r = write_conf("ipv6", "all", "forwarding", "0", err);
	if (r == 0)
		r = listen_to_routers(note, "2", "1", err);
	return r;
}

/* The note, and what those have left who were killed while they wrote it. */
static int remove_notes(int root, struct error *err)
{
	auto_directory DIR *directory = NULL;
	const struct dirent *entry;
	int r = directory_open(root, ".", &directory);

	while (r == 0 && (entry = directory_next(directory)))
		if (!strncmp(entry->d_name, note_file, strlen(note_file)) &&
		    unlinkat(root, entry->d_name, 0) < 0)
			r = -errno;
	return r < 0 ? error_errno(err, r, "remove %s", note_file) : 0;
}

int forwarding_restore(struct rtnl *rtnl, struct error *err)
{
	auto_close int root = bridge_root_open(false, err);
	auto_arena struct arena arena = { 0 };
	struct note note = { .ipv4 = false };
	int r = root < 0 ? root : read_note(root, &arena, &note, err);

	if (r == -ENOENT)
		return 1;
	if (r == 0 && (note.ipv4 || note.ipv6))
		r = has_other_links(rtnl, &note, &arena, err);
	if (r > 0)
		return 0;
	if (r == 0)
		r = switch_off(&note, err);
	if (r == 0)
		r = remove_notes(root, err);
	return r < 0 ? error_context(err, "let the host no longer forward") : 1;
}
