/* replay.c - runs a target over its corpus, for compilers without libFuzzer: as one test of TAP */
#include <dirent.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/directory.h"
#include "base/fd.h"
#include "base/file.h"
#include "base/path.h"
#include "base/sys.h"
#include "tests/fuzz/fuzz.h"

enum {
	SECONDS_MAX = 10, /* for one input, with sanitizers, on a machine that has more to do */
	SIZE_MAX_READ = 1 << 20,
};

/* In memory of just that size, so that sanitizers see who reads beyond it. */
static void run(const struct buf *text)
{
	uint8_t *data = malloc(text->len);

	if (text->len)
		memcpy(data, text->data, text->len);
	alarm(SECONDS_MAX);
	LLVMFuzzerTestOneInput(data, text->len);
	alarm(0);
	free(data);
}

/* Return: whether it could be read; not by file_read_at, which a target may have replaced. */
static bool replay_file(int dir, const char *name)
{
	auto_close int fd = sys_openat(dir, name, O_RDONLY | O_CLOEXEC, 0);
	auto_buf struct buf text = { 0 };

	printf("# %s\n", name);
	fflush(stdout);
	if (fd < 0 || file_read_fd(fd, SIZE_MAX_READ, &text) < 0)
		return false;
	run(&text);
	return true;
}

/* Return: how many inputs there were; -1 where one cannot be read. */
static int replay_folder(const char *path)
{
	auto_directory DIR *dir = NULL;
	const struct dirent *entry;
	int count = 0;

	if (directory_open(AT_FDCWD, path, &dir) < 0)
		return -1;
	for (; (entry = directory_next(dir)); count++)
		if (!replay_file(dirfd(dir), entry->d_name))
			return -1;
	return count;
}

/* fuzz_x has its inputs in corpus/x; files can be named instead. */
int main(int argc, char **argv)
{
	const char *sources = getenv("TEST_SOURCES");
	const char *name = path_basename(argv[0]) + strlen("fuzz_");
	auto_buf struct buf path = { 0 };
	int count = 0;

	buf_printf(&path, "%s/tests/fuzz/corpus/%s", sources ? sources : ".", name);
	if (argc == 1)
		count = replay_folder(path.data);
	for (int i = 1; i < argc; i++)
		count += replay_file(AT_FDCWD, argv[i]);
	printf("1..1\n%s 1 - %s: %d inputs\n", count > 0 ? "ok" : "not ok", name, count);
	return count > 0 ? EXIT_SUCCESS : EXIT_FAILURE;
}
