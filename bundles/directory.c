/* directory.c - directories that are taken away again where the work fails */
#include "bundles/directory.h"

#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/path.h"

int directory_make(const char *path, mode_t parents_mode, mode_t mode)
{
	auto_arena struct arena arena = { 0 };
	char *part = path_clean(&arena, path);
	int made = 0;

	for (char *slash = part; slash;) {
		slash = strchr(slash + 1, '/');
		if (slash)
			*slash = 0;
		if (mkdir(part, slash ? parents_mode : mode) == 0) {
			made++;
		} else if (errno != EEXIST) {
			int num = errno;
			char *last = strrchr(part, '/');

			if (last)
				*last = 0;
			directory_unmake(part, made);
			return -num;
		}
		if (slash)
			*slash = '/';
	}
	return made;
}

void directory_unmake(const char *path, int made)
{
	auto_arena struct arena arena = { 0 };
	char *part = path_clean(&arena, path);

	for (; made > 0 && rmdir(part) == 0; made--) {
		char *slash = strrchr(part, '/');

		if (slash)
			*slash = 0;
	}
}
