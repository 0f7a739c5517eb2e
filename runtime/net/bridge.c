/* bridge.c - the bridges that containers are on: found, opened, released */
#include "runtime/net/bridge.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "base/sys.h"
#include "runtime/net/bridge_make.h"
#include "runtime/net/bridge_record.h"
#include "runtime/net/forwarding.h"
#include "runtime/net/leases.h"
#include "runtime/net/link.h"
#include "runtime/net/link_make.h"
#include "runtime/net/nat.h"
#include "spec/network.h"

/* Return: 1: it is locked; 0: it was removed meanwhile; -errno. */
static int lock_directory(int directory, const char *name, struct error *err)
{
	struct stat st;
	int r;

	do
		r = flock(directory, LOCK_EX);
	while (r < 0 && errno == EINTR);
	if (r < 0 || fstat(directory, &st) < 0)
		return error_errno(err, errno, "lock the bridge \"%s\"", name);
	return st.st_nlink > 0;
}

/* Return: the directory, locked; -ENOENT; -errno. */
static int open_directory(int root, const char *name, bool make, struct error *err)
{
	int r = 0;

	while (r == 0) {
		auto_close int fd = sys_openat(root, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW |
					       O_CLOEXEC, 0);

		if (fd == -ENOENT && make) {
			r = mkdirat(root, name, 0700) < 0 && errno != EEXIST ? -errno : 0;
			if (r == 0)
				continue;
		} else if (fd < 0) {
			r = fd;
		}
		if (r < 0)
			return error_errno(err, r, "open what is known of the bridge \"%s\"", name);
		r = directory_check_owner(fd, name, err);
		if (r == 0)
			r = lock_directory(fd, name, err);
		if (r > 0)
			return take_fd(&fd);
	}
	return r;
}

static void take_record(struct bridge *bridge, const struct bridge_record *record)
{
	bridge->index = record->index;
	bridge->is_made = record->made;
	bridge->nat = record->nat;
	bridge->address4 = record->address4;
	bridge->address6 = record->address6;
}

/* Return: whether the link is the one that was made, or found, with all that belongs to it. */
static int open_known(struct rtnl *rtnl, struct bridge *bridge, struct error *err)
{
	struct bridge_record record = { .index = 0 };
	struct error own = { 0 };
	int r = bridge_record_read(bridge->directory, &record, &own);

	if (r == -EINVAL)
		log_warning("bridge \"%s\": %s", bridge->name, own.text);
	if (r == -ENOENT || r == -EINVAL)
		return 0;
	if (r < 0)
		return error_set(err, r, "%s", own.text);
	take_record(bridge, &record);
	return record.index && link_find_index(rtnl, bridge->name, NULL) == record.index;
}

/* Somebody may have removed all rules, or docker may have come and made its own. */
static int restore_rules(struct rtnl *rtnl, const struct bridge *bridge, struct error *err)
{
	const struct nat_link nat = bridge_make_nat(bridge);
	int r = nat_restore_link(&nat, err);

	if (r > 0)
		r = forwarding_enable(rtnl, bridge->name, bridge->address6.ip.family, err);
	return r < 0 ? r : 1;
}

int bridge_open(struct rtnl *rtnl, const struct bridge_request *request, struct bridge *bridge,
		struct error *err)
{
	auto_close int root = bridge_root_open(true, err);
	int r = root;

	bridge->name = arena_strdup(&bridge->arena, request->name);
	if (r >= 0)
		r = bridge->directory = open_directory(root, request->name, true, err);
	if (r >= 0)
		r = open_known(rtnl, bridge, err);
	if (r > 0)
		r = bridge_make_check(request, bridge, err);
	if (r > 0)
		r = restore_rules(rtnl, bridge, err);
	if (r == 0) {
		r = bridge_make(rtnl, request, bridge, err);
		/* Where somebody is on it already it stays, and the next one who asks goes on. */
		if (r < 0)
			bridge_release(rtnl, bridge, NULL);
	}
	if (r < 0)
		bridge_close(bridge);
	return r < 0 ? r : 0;
}

int bridge_find(struct rtnl *rtnl, const char *name, struct bridge *bridge, struct error *err)
{
	auto_close int root = -1;
	struct link_state link;
	int r = spec_link_name_check(name, err);

	if (r == 0)
		r = root = bridge_root_open(false, err);
	if (r >= 0)
		r = bridge->directory = open_directory(root, name, false, err);
	if (r == -ENOENT)
		return error_set(err, ENOENT, "no container is on a bridge \"%s\"", name);
	if (r < 0)
		return r;
	bridge->name = arena_strdup(&bridge->arena, name);
	r = open_known(rtnl, bridge, err);
	if (r == 0) {
		/* Its making, or its end, was cut short; or somebody has removed the link. */
		bridge->index = 0;
		r = link_find(rtnl, name, &link, err);
		if (r == 0 && link.is_ours && link.is_bridge) {
			bridge->index = link.index;
			bridge->is_made = true;
		}
	}
	return r < 0 && r != -ENODEV ? r : 0;
}

/* Return: whether a container is on a bridge of another name. */
static bool has_others(int root, const char *name)
{
	auto_directory DIR *directory = NULL;
	const struct dirent *entry;

	/* What cannot be seen is taken to be there. */
	if (directory_open(root, ".", &directory) < 0)
		return true;
	while ((entry = directory_next(directory)))
		if (entry->d_type == DT_DIR && strcmp(entry->d_name, name) != 0)
			return true;
	return false;
}

/* Host's ends of pairs that are on no bridge need what the host does for all links. */
static int has_pairs(struct rtnl *rtnl, struct arena *arena, struct error *err)
{
	struct link_state *links;
	int len = link_list(rtnl, arena, &links, err);

	for (int i = 0; i < len; i++)
		if (links[i].is_ours && !links[i].is_bridge && !links[i].master)
			return 1;
	return len < 0 ? len : 0;
}

/* What the host does for all links, behind the last one; name is that of the bridge that goes. */
static int release_host(struct rtnl *rtnl, int root, const char *name, struct error *err)
{
	auto_arena struct arena arena = { 0 };
	int r;

	if (has_others(root, name))
		return 0;
	r = has_pairs(rtnl, &arena, err);
	if (r != 0)
		return r < 0 ? r : 0;
	r = forwarding_restore(rtnl, err);
	/* As long as the host forwards because of us, it does so within the bounds of the table. */
	if (r > 0)
		r = nat_remove(err);
	return r < 0 ? r : 1;
}

int bridge_release_host(struct rtnl *rtnl, struct error *err)
{
	auto_close int root = bridge_root_lock(err);

	return root < 0 ? root : release_host(rtnl, root, "", err);
}

/* The link may be another one by now, which somebody else has made. */
static int remove_link(struct rtnl *rtnl, const struct bridge *bridge, struct error *err)
{
	struct bridge_record record;
	struct link_state link;
	int r;

	if (!bridge->is_made) {
		/* Nothing was changed where nothing was written down. */
		if (bridge_record_read(bridge->directory, &record, NULL) == 0)
			forwarding_disable(bridge->name);
		return 0;
	}
	r = link_find(rtnl, bridge->name, &link, err);
	if (r < 0)
		return r == -ENODEV ? 0 : r;
	return link.is_ours && link.is_bridge ? link_remove(rtnl, bridge->name, err) : 0;
}

static int release(struct rtnl *rtnl, int root, struct bridge *bridge, struct error *err)
{
	const struct nat_link nat = bridge_make_nat(bridge);
	int r = nat_remove_link(&nat, err);

	if (r == 0)
		r = release_host(rtnl, root, bridge->name, err);
	if (r >= 0)
		r = remove_link(rtnl, bridge, err);
	if (r == 0)
		r = file_remove_tree_at(root, bridge->name);
	return r;
}

int bridge_release(struct rtnl *rtnl, struct bridge *bridge, struct error *err)
{
	auto_close int root = -1;
	int r = leases_has_any(bridge->directory, err);

	if (r != 0)
		return r < 0 ? r : 0;
	r = root = bridge_root_lock(err);
	if (r >= 0)
		r = release(rtnl, root, bridge, err);
	if (r < 0)
		return error_context(err, "remove the bridge \"%s\"", bridge->name);
	return 1;
}

static int compare_names(const void *a, const void *b)
{
	return strcmp(*(char *const *)a, *(char *const *)b);
}

int bridge_list(struct arena *arena, char ***names, struct error *err)
{
	auto_close int root = bridge_root_open(false, err);
	auto_directory DIR *directory = NULL;
	const struct dirent *entry;
	char **found = arena_grow(arena, NULL, 0, sizeof(*found));
	size_t len = 0;
	int r = root == -ENOENT ? 0 : root;

	if (root >= 0)
		r = directory_open(root, ".", &directory);
	if (r < 0)
		return error_errno(err, r, "read what is known of bridges");
	while (directory && (entry = directory_next(directory))) {
		if (entry->d_type != DT_DIR)
			continue;
		found[len++] = arena_strdup(arena, entry->d_name);
		found = arena_grow(arena, found, len, sizeof(*found));
	}
	qsort(found, len, sizeof(*found), compare_names);
	found[len] = NULL;
	*names = found;
	return 0;
}

void bridge_close(struct bridge *bridge)
{
	fd_close(&bridge->directory);
	arena_free(&bridge->arena);
}
