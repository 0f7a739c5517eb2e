/* source.c - where a rootfs comes from */
#include "bundles/source.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>

#include "bundles/unpack.h"

const struct source sources[] = {
	{ "alpine", "Alpine Linux from its mirrors, or from --rootfs-archive",
	  alpine_open, unpack_archive },
	{ "busybox", "this machine's static busybox; needs no network",
	  busybox_open, busybox_fill },
	{ "archive", "what --rootfs-archive names",
	  archive_open, unpack_archive },
	{ 0 },
};

/* An option that only one kind of source takes; it would be ignored silently elsewhere. */
static const struct {
	const char *option;
	size_t offset;
	int (*open)(const struct request *request, struct arena *arena, int *fd, char **label,
		    struct error *err);
} special[] = {
	{ "release", offsetof(struct request, release), alpine_open },
	{ "arch", offsetof(struct request, arch), alpine_open },
	{ "mirror", offsetof(struct request, mirror), alpine_open },
	{ "rootfs-archive", offsetof(struct request, archive), archive_open },
	{ "sha512", offsetof(struct request, sha512), archive_open },
	{ "busybox", offsetof(struct request, busybox), busybox_open },
};

static const struct source *find(const char *name)
{
	for (const struct source *row = sources; row->name; row++)
		if (!strcmp(row->name, name))
			return row;
	return NULL;
}

int source_choose(const struct request *request, const struct source **source, struct error *err)
{
	const struct source *chosen = find(request->source);

	if (!chosen)
		return error_set(err, EINVAL,
				 "unknown source \"%s\": alpine, busybox and archive are known",
				 request->source);
	if (chosen->open == alpine_open && request->archive)
		chosen = find("archive");
	if (chosen->open == archive_open && !request->archive)
		return error_set(err, EINVAL, "init archive needs --rootfs-archive FILE");
	for (size_t i = 0; i < sizeof(special) / sizeof(*special); i++) {
		const char *place = (const char *)request + special[i].offset;
		const char *const *value = (const void *)place;

		if (*value && special[i].open != chosen->open)
			return error_set(err, EINVAL, "option --%s has no meaning %s%s",
					 special[i].option,
					 request->archive ? "with --rootfs-archive" : "for init ",
					 request->archive ? "" : request->source);
	}
	*source = chosen;
	return 0;
}
