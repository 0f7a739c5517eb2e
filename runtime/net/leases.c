/* leases.c - which container has which address of a bridge */
#include "runtime/net/leases.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/number.h"
#include "base/sys.h"

enum { CURSOR_SIZE = sizeof("4294967295") - 1 };

/*
 * The number of the host to be tried next. A file that is missing or broken begins anew: the
 * leases tell what is taken. Return: the file or -errno.
 */
static int open_cursor(int directory, uint8_t family, uint32_t *next)
{
	const char *name = family == AF_INET ? "next" : "next6";
	int fd = sys_openat(directory, name, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0600);
	char text[CURSOR_SIZE + 1] = "";
	uint64_t number = 0;

	if (fd >= 0 && pread(fd, text, CURSOR_SIZE, 0) == CURSOR_SIZE)
		number_parse_u64(text, UINT32_MAX, &number);
	*next = (uint32_t)number;
	return fd;
}

static void move_cursor(int fd, uint32_t next)
{
	char text[CURSOR_SIZE + 1];

	snprintf(text, sizeof(text), "%010u", next);
	/* Where that fails, the next one looks at more addresses. */
	if (pwrite(fd, text, CURSOR_SIZE, 0) < 0)
		return;
}

static bool has_file(int directory, const char *name)
{
	struct stat st;

	return fstatat(directory, name, &st, AT_SYMLINK_NOFOLLOW) == 0 || errno != ENOENT;
}

/* A lease that leads nowhere is one of a container that is gone. */
static bool has_container(int directory, const char *name)
{
	return faccessat(directory, name, F_OK, 0) == 0 || errno != ENOENT;
}

/* Return: which host, from 0 on; -ENOSPC. */
static int64_t find_free(int directory, const struct ip_prefix *network, const struct ip *gateway,
			 uint32_t next, bool (*is_taken)(int directory, const char *name))
{
	const struct ip_prefix whole = ip_prefix_network(network);
	uint32_t hosts = ip_prefix_hosts(&whole);
	char name[IP_TEXT_SIZE];

	for (uint32_t i = 0; i < hosts; i++) {
		uint32_t n = (uint32_t)(((uint64_t)next + i) % hosts);
		struct ip ip = ip_prefix_host(&whole, n);

		if (!ip_is_equal(&ip, gateway) && !ip_is_equal(&ip, &network->ip) &&
		    !is_taken(directory, ip_format(&ip, name)))
			return n;
	}
	return -ENOSPC;
}

int leases_choose(int directory, const struct ip_prefix *network, const struct ip *gateway,
		  struct ip *ip, struct error *err)
{
	const struct ip_prefix whole = ip_prefix_network(network);
	uint32_t next;
	auto_close int cursor = open_cursor(directory, network->ip.family, &next);
	int64_t found;

	if (cursor < 0)
		return error_errno(err, cursor, "open the cursor of the addresses");
	found = find_free(directory, network, gateway, next, has_file);
	/* Whose container is gone without a word may still be used by what is left of that. */
	if (found < 0)
		found = find_free(directory, network, gateway, next, has_container);
	if (found < 0) {
		char text[IP_TEXT_SIZE];

		return error_set(err, ENOSPC, "all addresses of the network %s are taken",
				 ip_prefix_format(&whole, text));
	}
	move_cursor(cursor, (uint32_t)found + 1);
	*ip = ip_prefix_host(&whole, (uint32_t)found);
	return 0;
}

/* Return: 0 with the holder in the arena; -ENOENT where there is none, or no lease of that name. */
static int read_lease(int directory, const char *name, struct arena *arena, struct lease *lease)
{
	char target[PATH_MAX], *slash;
	ssize_t len;

	if (ip_parse(name, &lease->ip) < 0)
		return -ENOENT;
	len = readlinkat(directory, name, target, sizeof(target) - 1);
	if (len < 0)
		return errno == EINVAL ? -ENOENT : -errno;
	target[len] = 0;
	slash = strrchr(target, '/');
	if (!slash)
		return -ENOENT;
	lease->root = arena_strndup(arena, target, (size_t)(slash - target));
	lease->id = arena_strdup(arena, slash + 1);
	return 0;
}

static bool is_same_holder(const struct lease *a, const struct lease *b)
{
	return !strcmp(a->root, b->root) && !strcmp(a->id, b->id);
}

static int make_lease(int directory, const char *name, const char *target)
{
	return symlinkat(target, directory, name) < 0 ? -errno : 0;
}

static int refuse(const struct lease *wanted, const struct lease *holder, const char *name,
		  struct error *err)
{
	if (strcmp(wanted->root, holder->root) != 0)
		return error_set(err, EADDRINUSE,
				 "the address %s is in use by container \"%s\" of \"%s\"", name,
				 holder->id, holder->root);
	return error_set(err, EADDRINUSE, "the address %s is in use by container \"%s\"", name,
			 holder->id);
}

/* A link is made whole with one system call, and only where there is none. */
int leases_take(int directory, const struct lease *lease, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	char name[IP_TEXT_SIZE];
	const char *target = arena_printf(&arena, "%s/%s", lease->root, lease->id);
	struct lease holder;
	int r;

	ip_format(&lease->ip, name);
	r = make_lease(directory, name, target);
	if (r == -EEXIST && has_container(directory, name)) {
		r = read_lease(directory, name, &arena, &holder);
		if (r == 0 && !is_same_holder(lease, &holder))
			return refuse(lease, &holder, name, err);
	} else if (r == -EEXIST) {
		unlinkat(directory, name, 0);
		r = make_lease(directory, name, target);
	}
	return r < 0 ? error_errno(err, r, "take the address %s", name) : 0;
}

int leases_give(int directory, const struct lease *lease, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	char name[IP_TEXT_SIZE];
	struct lease holder;
	int r;

	ip_format(&lease->ip, name);
	r = read_lease(directory, name, &arena, &holder);
	if (r == 0 && is_same_holder(lease, &holder) && unlinkat(directory, name, 0) < 0)
		r = -errno;
	if (r < 0 && r != -ENOENT)
		return error_errno(err, r, "give the address %s back", name);
	return 0;
}

int leases_find(int directory, const struct ip *ip, struct arena *arena, struct lease *lease,
		struct error *err)
{
	struct lease found;
	char name[IP_TEXT_SIZE];
	int r;

	ip_format(ip, name);
	r = read_lease(directory, name, arena, &found);
	if (r == 0 && !has_container(directory, name))
		r = -ENOENT;
	if (r == -ENOENT)
		return error_set(err, ENOENT, "no container has the address %s", name);
	if (r < 0)
		return error_errno(err, r, "read who has the address %s", name);
	*lease = found;
	return 0;
}

static int compare_leases(const void *a, const void *b)
{
	const struct ip *left = &((const struct lease *)a)->ip;
	const struct ip *right = &((const struct lease *)b)->ip;

	if (left->family != right->family)
		return left->family == AF_INET ? -1 : 1;
	return memcmp(left->bytes, right->bytes, ip_size(left->family));
}

struct list {
	struct lease *leases;
	size_t len;
};

/* Those that count, or those of containers that are gone. */
static int read_all(int directory, bool is_counting, struct arena *arena, struct list *list)
{
	auto_directory DIR *open = NULL;
	const struct dirent *entry;
	struct lease lease;
	int r = directory_open(directory, ".", &open);

	if (r < 0)
		return r;
	while ((entry = directory_next(open))) {
		if (read_lease(directory, entry->d_name, arena, &lease) < 0 ||
		    has_container(directory, entry->d_name) != is_counting)
			continue;
		list->leases = arena_grow(arena, list->leases, list->len, sizeof(lease));
		list->leases[list->len++] = lease;
	}
	return -errno;
}

int leases_list(int directory, struct arena *arena, struct lease **leases, struct error *err)
{
	struct list list = { .len = 0 };
	int r = read_all(directory, true, arena, &list);

	if (r < 0)
		return error_errno(err, r, "read the leases");
	if (list.len)
		qsort(list.leases, list.len, sizeof(*list.leases), compare_leases);
	*leases = list.leases;
	return (int)list.len;
}

int leases_has_any(int directory, struct error *err)
{
	auto_directory DIR *open = NULL;
	const struct dirent *entry;
	struct ip ip;
	int r = directory_open(directory, ".", &open);

	if (r < 0)
		return error_errno(err, r, "read the leases");
	while ((entry = directory_next(open)))
		if (ip_parse(entry->d_name, &ip) == 0 && has_container(directory, entry->d_name))
			return 1;
	return 0;
}

int leases_prune(int directory, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	struct list list = { .len = 0 };
	char name[IP_TEXT_SIZE];
	int r = read_all(directory, false, &arena, &list);

	for (size_t i = 0; r == 0 && i < list.len; i++)
		if (unlinkat(directory, ip_format(&list.leases[i].ip, name), 0) < 0)
			r = -errno;
	return r < 0 ? error_errno(err, r, "remove the leases of containers that are gone") :
		       (int)list.len;
}
