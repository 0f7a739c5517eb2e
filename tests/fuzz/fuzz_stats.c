/* fuzz_stats.c - the files of a cgroup: "v1" or "v2", then each file's name and its text */
#include <errno.h>
#include <string.h>

#include "base/file.h"
#include "runtime/cgroup/driver.h"
#include "runtime/cgroup/stats.h"
#include "tests/fuzz/fuzz.h"

/* The input: lines, of which one that begins with ":" has the name of the file that follows. */
static const char *files;

int __wrap_file_read_at(int dirfd, const char *path, size_t max, struct buf *buf);

/* Return: the line behind the next ":", or NULL. */
static const char *next_file(const char *at)
{
	while ((at = strchr(at, '\n')))
		if (*++at == ':')
			return at + 1;
	return NULL;
}

/* In the place of file.c's: from the input. */
int __wrap_file_read_at(int dirfd, const char *path, size_t max, struct buf *buf)
{
	const char *at = files, *end;
	size_t len = strlen(path);

	(void)dirfd;
	while (at && (strncmp(at, path, len) != 0 || at[len] != '\n'))
		at = next_file(at);
	if (!at)
		return -ENOENT;
	at += len + 1;
	end = next_file(at);
	len = end ? (size_t)(end - at) - 1 : strlen(at);
	if (len > max)
		return -EFBIG;
	if (len)
		buf_add(buf, at, len);
	return 0;
}

static void print(const struct spec_stats *stats)
{
	auto_buf struct buf text = { 0 };

	spec_stats_write("c", stats, &text);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	auto_arena struct arena arena = { 0 };
	char *rest = fuzz_text(&arena, data, size), *kind = fuzz_line(&rest);
	bool is_v2 = !strcmp(kind, "v2");
	struct cgroup cgroup = {
		.hierarchies = { {
			.driver = is_v2 ? &cgroup_v2 : &cgroup_v1,
			.controllers = is_v2 ? "" : "cpu,cpuacct,cpuset,memory,pids,blkio",
			.mount = "/none",
			.path = "/none/c",
			.fd = 0,
		} },
		.len = 1,
	};
	struct spec_stats stats = { 0 };

	if (!rest)
		return 0;
	files = rest + (*rest == ':');
	stats_read_cpu(&cgroup, &arena, &stats);
	stats_read_cpuset(&cgroup, &arena, &stats);
	stats_read_memory(&cgroup, &arena, &stats);
	stats_read_io(&cgroup, &arena, &stats);
	stats_find_raw(&stats.memory, "file");
	print(&stats);
	return 0;
}
