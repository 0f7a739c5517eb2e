/* owners.c - the ids that a plain user may give files to: a user namespace of his own */
#include "bundles/owners.h"

#include <errno.h>
#include <fcntl.h>
#include <sched.h>
#include <stdbool.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/strv.h"
#include "base/subid.h"
#include "spec/id_mapping.h"

enum {
	RANGES_MAX = 64,
	SAID_MAX = 1024,
};

/* Entries that are relative would be the working directory's. Return: NULL: it is not installed. */
static const char *find_program(struct arena *arena, const char *name)
{
	const char *path = strv_env_get(environ, "PATH");

	if (!path)
		path = "/usr/local/bin:/usr/bin:/bin";
	while (path) {
		size_t len = strcspn(path, ":");
		const char *file = arena_printf(arena, "%.*s/%s", (int)len, path, name);

		if (*file == '/' && len && access(file, X_OK) == 0)
			return file;
		path = path[len] ? path + len + 1 : NULL;
	}
	return NULL;
}

/* Return: how many ids the map has. */
static uint32_t map_ranges(struct arena *arena, uint32_t own, const struct subid_range *ranges,
			   size_t len, struct spec_id_mapping **map, size_t *map_len)
{
	struct spec_id_mapping *rows = arena_array(arena, len + 1, sizeof(*rows));
	uint32_t next = 1;

	rows[0] = (struct spec_id_mapping){ .containerID = 0, .hostID = own, .size = 1 };
	*map_len = 1;
	/* More than there are ids can stand in the file, by ranges that overlap. */
	for (size_t i = 0; i < len && ranges[i].count < UINT32_MAX - next; i++) {
		rows[(*map_len)++] = (struct spec_id_mapping){ .containerID = next,
							       .hostID = ranges[i].first,
							       .size = ranges[i].count };
		next += ranges[i].count;
	}
	*map = rows;
	return next;
}

int owners_find(struct arena *arena, struct owners *owners, struct error *err)
{
	struct subid_range ranges[RANGES_MAX];
	struct owners found = { 0 };
	uint32_t gids;
	size_t len = subid_read(SUBID_UIDS, ranges, RANGES_MAX);

	if (!len)
		return subid_tell_none(SUBID_UIDS, "uids", err);
	found.size = map_ranges(arena, geteuid(), ranges, len, &found.uids, &found.uids_len);
	len = subid_read(SUBID_GIDS, ranges, RANGES_MAX);
	if (!len)
		return subid_tell_none(SUBID_GIDS, "gids", err);
	gids = map_ranges(arena, getegid(), ranges, len, &found.gids, &found.gids_len);
	if (gids < found.size)
		found.size = gids;
	found.newuidmap = find_program(arena, "newuidmap");
	found.newgidmap = find_program(arena, "newgidmap");
	if (!found.newuidmap || !found.newgidmap)
		return error_set(err, ENOENT, "%s is not installed (package uidmap)",
				 found.newuidmap ? "newgidmap" : "newuidmap");
	*owners = found;
	return 0;
}

/* Return: whether it ended with status 0. */
static bool succeeds(char **args)
{
	char *const no_env[] = { NULL };
	pid_t pid = fork();
	int status = -1;

	if (pid == 0) {
		execve(args[0], args, no_env);
		_exit(127);
	}
	while (pid > 0 && waitpid(pid, &status, 0) < 0 && errno == EINTR)
		;
	return pid > 0 && status == 0;
}

/* The process that has stayed outside, where the programs have their rights. */
static _Noreturn void write_maps(const struct owners *owners, pid_t pid, int go, int said)
{
	auto_arena struct arena arena = { 0 };
	char **uids = id_mapping_args(&arena, owners->newuidmap, pid, owners->uids,
				      owners->uids_len);
	char **gids = id_mapping_args(&arena, owners->newgidmap, pid, owners->gids,
				      owners->gids_len);
	char byte;
	bool is_done = read(go, &byte, 1) == 1 && dup2(said, STDOUT_FILENO) >= 0 &&
		       dup2(said, STDERR_FILENO) >= 0 && succeeds(uids) && succeeds(gids);

	_exit(!is_done);
}

static int explain(int status, struct buf *said, struct error *err)
{
	if (status == 0)
		return 0;
	while (said->len && strchr("\n ", said->data[said->len - 1]))
		said->data[--said->len] = 0;
	return error_set(err, EPERM, "map the ids of %s: %s", SUBID_UIDS,
			 said->len ? said->data : "newuidmap or newgidmap failed");
}

/* Return: 0 with the process that will write the maps when a byte comes through go. */
static int fork_writer(const struct owners *owners, pid_t *writer, int *go, int *said,
		       struct error *err)
{
	int go_ends[2], said_ends[2];
	pid_t pid, self = getpid();

	if (pipe2(go_ends, O_CLOEXEC) < 0)
		return error_errno(err, errno, "make a pipe");
	if (pipe2(said_ends, O_CLOEXEC) < 0) {
		close(go_ends[0]);
		close(go_ends[1]);
		return error_errno(err, errno, "make a pipe");
	}
	pid = fork();
	if (pid == 0) {
		close(go_ends[1]);
		write_maps(owners, self, go_ends[0], said_ends[1]);
	}
	close(go_ends[0]);
	close(said_ends[1]);
	*go = go_ends[1];
	*said = said_ends[0];
	*writer = pid;
	return pid < 0 ? error_errno(err, errno, "make a process") : 0;
}

int owners_enter(const struct owners *owners, struct error *err)
{
	auto_close int go = -1;
	auto_close int said_fd = -1;
	auto_buf struct buf said = { 0 };
	int status = -1, r;
	pid_t writer = -1;

	r = fork_writer(owners, &writer, &go, &said_fd, err);
	if (r < 0)
		return r;
	r = unshare(CLONE_NEWUSER) < 0 ? -errno : file_write_fd(go, "g", 1);
	fd_close(&go);
	if (r == 0)
		file_read_fd(said_fd, SAID_MAX, &said);
	while (waitpid(writer, &status, 0) < 0 && errno == EINTR)
		;
	if (r < 0)
		return error_errno(err, r, "make a user namespace");
	return explain(status, &said, err);
}
