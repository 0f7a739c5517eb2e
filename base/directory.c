/* directory.c - reads what is in a directory */
#include "base/directory.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/sys.h"

int directory_check_owner(int fd, const char *path, struct error *err)
{
	struct stat st;

	if (fstat(fd, &st) < 0)
		return error_errno(err, errno, "look at \"%s\"", path);
	if (st.st_uid != geteuid())
		return error_set(err, EPERM, "\"%s\" belongs to user %u, not to user %u", path,
				 st.st_uid, geteuid());
	if (st.st_mode & 0022)
		return error_set(err, EPERM, "\"%s\" can be written by other users (mode %04o)",
				 path, st.st_mode & 07777);
	return 0;
}

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
