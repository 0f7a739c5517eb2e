/* archive.c - a rootfs from an archive on this machine */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>

#include "base/fd.h"
#include "base/sys.h"
#include "bundles/checksum.h"
#include "bundles/source.h"

static int verify(const struct request *request, int fd, struct error *err)
{
	char wanted[CHECKSUM_SIZE], found[CHECKSUM_SIZE];
	int r;

	if (checksum_parse(request->sha512, wanted) < 0)
		return error_set(err, EINVAL,
				 "option --sha512: \"%.40s\" is not 128 hexadecimal digits",
				 request->sha512);
	r = checksum_of_fd(fd, found, err);
	if (r < 0)
		return error_context(err, "archive \"%s\"", request->archive);
	if (strcmp(found, wanted) != 0)
		return error_set(err, EBADMSG,
				 "archive \"%s\" has the SHA-512 sum %.16s..., but --sha512 says "
				 "%.16s...: it is damaged or another file",
				 request->archive, found, wanted);
	return 0;
}

int archive_open(const struct request *request, struct arena *arena, int *fd, char **label,
		 struct error *err)
{
	/* A fifo would be waited for at open(2). */
	auto_close int file = sys_open(request->archive, O_RDONLY | O_CLOEXEC | O_NONBLOCK, 0);
	struct stat st;
	int r;

	if (file < 0)
		return error_errno(err, file, "open archive \"%s\"", request->archive);
	if (fstat(file, &st) < 0 || !S_ISREG(st.st_mode))
		return error_set(err, EINVAL, "archive \"%s\" is not a regular file",
				 request->archive);
	r = request->sha512 ? verify(request, file, err) : 0;
	if (r < 0)
		return r;
	*label = arena_printf(arena, "archive \"%s\"", request->archive);
	*fd = take_fd(&file);
	return 0;
}
