/* directory.c - reads what is in a directory */
#include "base/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>

#include "base/fd.h"
#include "base/sys.h"

int directory_open(int dirfd, const char *name, DIR **directory)
{
	auto_close int fd = sys_openat(dirfd, name,
				       O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC, 0);

	if (fd < 0)
		return fd;
	*directory = fdopendir(fd);
	if (!*directory)
		return -errno;
	take_fd(&fd);
	return 0;
}

const struct dirent *directory_next(DIR *directory)
{
	const struct dirent *entry;

	do {
		errno = 0;
		entry = readdir(directory);
	} while (entry && (!strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")));
	return entry;
}

void directory_close(DIR **directory)
{
	if (*directory)
		closedir(*directory);
	*directory = NULL;
}
