/* limits_undo.c - what files of a cgroup had before they were written */
#include "runtime/cgroup/limits_undo.h"

#include <string.h>

#include "base/buf.h"
#include "base/file.h"
#include "base/log.h"

enum { UNDO_FILE_MAX = 1 << 16 };

struct undo_entry {
	struct undo_entry *earlier;
	int fd;
	const char *path, *file, *text;
	const char *instead; /* where text is refused; NULL: nothing */
};

/*
 * Files with a line for each device, and what ends the limit of one that has no line. A write is
 * about one line; one without a device is about "default".
 */
static const struct {
	const char *file, *unset;
} keyed_files[] = {
	{ "io.max", "rbps=max wbps=max riops=max wiops=max" },
	{ "io.weight", "default" },
	{ "io.bfq.weight", "default" },
	{ "blkio.bfq.weight_device", "default" },
	{ "blkio.throttle.read_bps_device", "0" },
	{ "blkio.throttle.write_bps_device", "0" },
	{ "blkio.throttle.read_iops_device", "0" },
	{ "blkio.throttle.write_iops_device", "0" },
	{ "net_prio.ifpriomap", "0" },
	{ "rdma.max", "hca_handle=max hca_object=max" },
	{ "misc.max", "max" },
	{ "dmem.max", "max" },
};

static const char *undo_line(const char *content, const char *text, const char *unset,
			     struct arena *arena)
{
	const char *key = strchr(text, ' ') ? text : "default";
	size_t len = strcspn(key, " ");

	for (const char *line = content; *line; line += strspn(line, "\n")) {
		size_t line_len = strcspn(line, "\n");

		if (!strncmp(line, key, len) && line[len] == ' ')
			return arena_strndup(arena, line, line_len);
		line += line_len;
	}
	return arena_printf(arena, "%.*s %s", (int)len, key, unset);
}

/* Return: the n-th word of the content, in the arena. */
static const char *undo_word(const char *content, int n, struct arena *arena)
{
	while (n--) {
		content += strcspn(content, " \n");
		content += strspn(content, " \n");
	}
	return arena_strndup(arena, content, strcspn(content, " \n"));
}

const char *limits_undo_text(const char *file, const char *content, const char *text,
			     struct arena *arena)
{
	size_t len = strlen(content);

	for (size_t i = 0; i < sizeof(keyed_files) / sizeof(*keyed_files); i++)
		if (!strcmp(keyed_files[i].file, file))
			return undo_line(content, text, keyed_files[i].unset, arena);
	if (!strcmp(file, "memory.oom_control"))
		return undo_word(content, 1, arena);
	/* "root invalid (why)" */
	if (!strcmp(file, "cpuset.cpus.partition"))
		return undo_word(content, 0, arena);
	while (len && content[len - 1] == '\n')
		len--;
	/* Other files with many lines tell what is, and take what shall be done. */
	if (memchr(content, '\n', len))
		return NULL;
	/* A write of nothing is none, a newline empties a list. */
	return len ? arena_strndup(arena, content, len) : "\n";
}

/*
 * A list of v2 that is empty, as that above holds, cannot be empty again while there are processes.
 * Return: what holds, in the arena; NULL for another file.
 */
static const char *undo_list(int fd, const char *file, struct arena *arena)
{
	auto_buf struct buf name = { 0 }, list = { 0 };

	buf_printf(&name, "%s.effective", file);
	if (strncmp(file, "cpuset.", 7) || file_read_at(fd, name.data, UNDO_FILE_MAX, &list) < 0)
		return NULL;
	return list.len ? arena_strndup(arena, list.data, strcspn(list.data, "\n")) : NULL;
}

static void undo_add(struct cgroup_undo *undo, int fd, const char *path, const char *file,
		     const char *text)
{
	struct undo_entry *entry;
	auto_buf struct buf content = { 0 };

	if (file_read_at(fd, file, UNDO_FILE_MAX, &content) < 0)
		return;
	text = limits_undo_text(file, content.data ? content.data : "", text, &undo->arena);
	if (!text)
		return;
	entry = arena_alloc(&undo->arena, sizeof(*entry));
	*entry = (struct undo_entry){
		.earlier = undo->last,
		.fd = fd,
		.path = path,
		.file = arena_strdup(&undo->arena, file),
		.text = text,
		.instead = *text == '\n' ? undo_list(fd, file, &undo->arena) : NULL,
	};
	undo->last = entry;
}

/* A cgroup that becomes idle forgets its weight, and has none while it is. */
static void undo_add_weight(struct cgroup_undo *undo, int fd, const char *path)
{
	auto_buf struct buf idle = { 0 };

	if (file_read_at(fd, "cpu.idle", UNDO_FILE_MAX, &idle) < 0 || !idle.len ||
	    *idle.data != '0')
		return;
	undo_add(undo, fd, path, "cpu.weight", "");
	undo_add(undo, fd, path, "cpu.shares", "");
}

void limits_undo_remember(struct cgroup_undo *undo, int fd, const char *path, const char *file,
			  const char *text)
{
	if (!strcmp(file, "cpu.idle"))
		undo_add_weight(undo, fd, path);
	undo_add(undo, fd, path, file, text);
}

void cgroup_undo_limits(struct cgroup_undo *undo)
{
	/* Backwards each value meets those that it stood beside. */
	for (const struct undo_entry *entry = undo->last; entry; entry = entry->earlier) {
		int ret = file_set_at(entry->fd, entry->file, entry->text);

		if (ret < 0 && entry->instead)
			ret = file_set_at(entry->fd, entry->file, entry->instead);
		if (ret < 0)
			log_warning("\"%s/%s\" could not be set back to \"%s\": %s", entry->path,
				    entry->file, entry->text, strerror(-ret));
	}
	undo->last = NULL;
}

void cgroup_undo_free(struct cgroup_undo *undo)
{
	arena_free(&undo->arena);
	undo->last = NULL;
}
