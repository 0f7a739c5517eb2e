/* alpine.c - a rootfs from a mirror of Alpine Linux */
#include <errno.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <sys/utsname.h>

#include "bundles/cache.h"
#include "bundles/download.h"
#include "bundles/redirect.h"
#include "bundles/release.h"
#include "bundles/source.h"

static const char default_mirror[] = "https://dl-cdn.alpinelinux.org/alpine";

enum { LIST_MAX = 1 << 20, SUM_FILE_MAX = 4096 };

/* For a list that does not say how large its files are. The genuine ones are below 4 MiB. */
static const uint64_t file_max = 1ULL << 30;

/* What uname(2), Debian and Go call an architecture, and Alpine's name for it. */
static const struct {
	const char *name, *alpine;
} architectures[] = {
	{ "x86_64", "x86_64" },       { "amd64", "x86_64" },   { "i686", "x86" },
	{ "i586", "x86" },            { "i386", "x86" },       { "x86", "x86" },
	{ "386", "x86" },             { "aarch64", "aarch64" }, { "arm64", "aarch64" },
	{ "armv7l", "armv7" },        { "armv8l", "armv7" },   { "armv7", "armv7" },
	{ "armv6l", "armhf" },        { "armhf", "armhf" },    { "ppc64le", "ppc64le" },
	{ "s390x", "s390x" },         { "riscv64", "riscv64" }, { "loongarch64", "loongarch64" },
};

struct search {
	struct arena *arena;
	const char *mirror, *arch;
	const char *branch;  /* "latest-stable", "v3.20" */
	const char *version; /* "3.20.3", NULL: the newest */
	const char *directory; /* all of the address but the file's name */
};

static int choose_architecture(struct search *search, const char *wanted, struct error *err)
{
	struct utsname machine;

	uname(&machine);
	if (!wanted)
		wanted = machine.machine;
	for (size_t i = 0; i < sizeof(architectures) / sizeof(*architectures); i++)
		if (!strcmp(architectures[i].name, wanted)) {
			search->arch = architectures[i].alpine;
			return 0;
		}
	return error_set(err, EINVAL,
			 "Alpine is not made for the architecture \"%s\": x86_64, x86, aarch64, "
			 "armv7, armhf, ppc64le, s390x, riscv64 and loongarch64 are known",
			 wanted);
}

/* "3.20" is a branch, of which the newest is taken; "3.20.3" is one release of it. */
static int choose_branch(struct search *search, const char *wanted, struct error *err)
{
	const char *text = wanted ? wanted + (*wanted == 'v') : NULL;
	const char *dot = text ? strchr(text, '.') : NULL;
	const char *second = dot ? strchr(dot + 1, '.') : NULL;

	search->branch = "latest-stable";
	if (!wanted || !strcmp(wanted, "latest-stable"))
		return 0;
	if (!dot || !release_is_version(text) || (second && strchr(second + 1, '.')))
		return error_set(err, EINVAL,
				 "option --release: \"%s\" is not a release such as 3.20 or 3.20.3",
				 wanted);
	if (second)
		search->version = text;
	search->branch = arena_printf(search->arena, "v%.*s",
				      (int)(second ? second - text : (long)strlen(text)), text);
	return 0;
}

static int choose_mirror(struct search *search, const char *wanted, struct error *err)
{
	const char *variable = getenv("GOCKER_ALPINE_MIRROR");
	const char *mirror = wanted		     ? wanted :
			     variable && *variable ? variable :
						     default_mirror;
	size_t len = strlen(mirror);

	if (!redirect_is_address(mirror) || strpbrk(mirror, "?#"))
		return error_set(err, EINVAL,
				 "%s: \"%s\" is not an address such as https://host/alpine or "
				 "file:///srv/alpine",
				 wanted ? "option --mirror" : "GOCKER_ALPINE_MIRROR", mirror);
	while (len && mirror[len - 1] == '/')
		len--;
	search->mirror = arena_strndup(search->arena, mirror, len);
	search->directory = arena_printf(search->arena, "%s/%s/releases/%s", search->mirror,
					 search->branch, search->arch);
	return 0;
}

static int find_newest(const struct search *search, struct release *release, struct error *err)
{
	auto_buf struct buf list = { 0 };
	const char *url = arena_printf(search->arena, "%s/latest-releases.yaml", search->directory);
	int r = download_text(url, LIST_MAX, &list, err);

	if (r == -ENOENT)
		return error_set(err, ENOENT,
				 "\"%s\" is not there: the mirror has no such release or "
				 "architecture",
				 url);
	if (r < 0)
		return r;
	return release_find(url, list.data ? list.data : "", list.len, search->arch, search->arena,
			    release, err);
}

/* The list tells of the newest only; beside each older archive lies a file "<sum>  <name>". */
static int find_older(const struct search *search, struct release *release, struct error *err)
{
	auto_buf struct buf text = { 0 };
	struct release found = { 0 };
	const char *url;
	int r;

	found.version = arena_strdup(search->arena, search->version);
	found.file = arena_printf(search->arena, "alpine-minirootfs-%s-%s.tar.gz", search->version,
				  search->arch);
	url = arena_printf(search->arena, "%s/%s.sha512", search->directory, found.file);
	r = download_text(url, SUM_FILE_MAX, &text, err);
	if (r == -ENOENT)
		return error_set(err, ENOENT,
				 "\"%s\" is not there: the mirror has no release %s for \"%s\"",
				 url, search->version, search->arch);
	if (r < 0)
		return r;
	/* In the file, the sum ends with a blank. */
	if (text.len >= CHECKSUM_SIZE)
		text.data[CHECKSUM_SIZE - 1] = 0;
	if (checksum_parse(text.data ? text.data : "", found.sum) < 0)
		return error_set(err, EINVAL,
				 "\"%s\" is no checksum file: try another mirror", url);
	*release = found;
	return 0;
}

static int find(const struct search *search, struct release *release, struct error *err)
{
	int r = find_newest(search, release, err);

	if (r < 0 || !search->version || !release_compare(search->version, release->version))
		return r;
	return find_older(search, release, err);
}

int alpine_open(const struct request *request, struct arena *arena, int *fd, char **label,
		struct error *err)
{
	struct search search = { .arena = arena };
	struct release release;
	int r = choose_architecture(&search, request->arch, err);

	if (r == 0)
		r = choose_branch(&search, request->release, err);
	if (r == 0)
		r = choose_mirror(&search, request->mirror, err);
	if (r == 0)
		r = find(&search, &release, err);
	if (r < 0)
		return r;
	r = cache_fetch(release.sum,
			arena_printf(arena, "%s/%s", search.directory, release.file),
			release.size && release.size < file_max ? release.size : file_max, fd, err);
	if (r < 0)
		return r;
	*label = arena_printf(arena, "Alpine %s for %s", release.version, search.arch);
	return 0;
}
