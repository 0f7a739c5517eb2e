/* release.c - latest-releases.yaml, the list of what a mirror of Alpine offers */
#include "bundles/release.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <yaml.h>

#include "base/number.h"

enum { DEPTH_MAX = 16, VERSION_MAX = 32, FILE_MAX = 128 };

static const char digits[] = "0123456789";
static const char name_characters[] =
	"abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-+";

/* The document is a sequence of mappings; these are the keys of a mapping that count. */
struct row {
	char *flavor, *arch, *version, *file, *sha512, *size;
	size_t line;
};

static const struct {
	const char *name;
	size_t offset;
} keys[] = {
	{ "flavor", offsetof(struct row, flavor) },   { "arch", offsetof(struct row, arch) },
	{ "version", offsetof(struct row, version) }, { "file", offsetof(struct row, file) },
	{ "sha512", offsetof(struct row, sha512) },   { "size", offsetof(struct row, size) },
};

/* Where the reading stands: depth 1 is the sequence, depth 2 a mapping of it. */
struct reading {
	const char *name;
	struct arena *arena;
	const char *arch;
	struct error *err;
	int depth;
	bool value_next; /* at depth 2: the key has been read */
	char **member;   /* where its value goes, NULL where nobody wants it */
	struct row row;
	struct release *best;
	bool found;
};

bool release_is_version(const char *text)
{
	size_t len = strlen(text);

	return len && len <= VERSION_MAX && strspn(text, "0123456789.") == len && text[0] != '.' &&
	       text[len - 1] != '.' && !strstr(text, "..");
}

int release_compare(const char *a, const char *b)
{
	while (*a || *b) {
		unsigned long left = strtoul(a, NULL, 10), right = strtoul(b, NULL, 10);

		if (left != right)
			return left < right ? -1 : 1;
		a += strspn(a, digits);
		b += strspn(b, digits);
		a += *a == '.';
		b += *b == '.';
	}
	return 0;
}

static bool is_file_name(const char *text)
{
	size_t len = strlen(text);

	return len && len <= FILE_MAX && text[0] != '.' && strspn(text, name_characters) == len;
}

static int refuse(const struct reading *reading, const char *what, const char *value)
{
	return error_set(reading->err, EINVAL,
			 "\"%s\": line %zu: %s \"%.40s\" is not usable: try another mirror",
			 reading->name, reading->row.line, what, value ? value : "");
}

/* A mapping is complete: takes it over where it is better than what there was. */
static int take_row(struct reading *reading)
{
	const struct row *row = &reading->row;
	struct release release = { row->version, row->file, "", 0 };

	if (!row->flavor || strcmp(row->flavor, "alpine-minirootfs") != 0 || !row->arch ||
	    strcmp(row->arch, reading->arch) != 0)
		return 0;
	/* Candidates such as 3.21.0_rc1 and snapshots are not stable. */
	if (!row->version || !release_is_version(row->version))
		return 0;
	if (!row->file || !is_file_name(row->file))
		return refuse(reading, "file", row->file);
	if (!row->sha512 || checksum_parse(row->sha512, release.sum) < 0)
		return refuse(reading, "sha512", row->sha512);
	if (row->size && number_parse_u64(row->size, INT64_MAX, &release.size) < 0)
		return refuse(reading, "size", row->size);
	if (!reading->found || release_compare(release.version, reading->best->version) > 0)
		*reading->best = release;
	reading->found = true;
	return 0;
}

static void read_key(struct reading *reading, const char *key)
{
	reading->member = NULL;
	for (size_t i = 0; i < sizeof(keys) / sizeof(*keys); i++)
		if (!strcmp(key, keys[i].name))
			reading->member = (char **)((char *)&reading->row + keys[i].offset);
	reading->value_next = true;
}

static int read_scalar(struct reading *reading, const yaml_event_t *event)
{
	const char *text = (const char *)event->data.scalar.value;

	if (reading->depth < 2)
		return error_set(reading->err, EINVAL,
				 "\"%s\": line %zu: is not a list of releases",
				 reading->name, event->start_mark.line + 1);
	if (reading->depth > 2)
		return 0;
	if (!reading->value_next) {
		read_key(reading, text);
		return 0;
	}
	if (reading->member)
		*reading->member = arena_strdup(reading->arena, text);
	reading->value_next = false;
	return 0;
}

static int open_level(struct reading *reading, const yaml_event_t *event)
{
	bool is_list = event->type == YAML_SEQUENCE_START_EVENT;
	bool fits = reading->depth == 0 ? is_list : reading->depth == 1 ? !is_list : true;

	if (!fits || (reading->depth == 2 && !reading->value_next))
		return error_set(reading->err, EINVAL,
				 "\"%s\": line %zu: is not a list of releases",
				 reading->name, event->start_mark.line + 1);
	if (++reading->depth > DEPTH_MAX)
		return error_set(reading->err, EINVAL, "\"%s\": line %zu: nested too deeply",
				 reading->name, event->start_mark.line + 1);
	if (reading->depth == 2) {
		reading->row = (struct row){ .line = event->start_mark.line + 1 };
		reading->value_next = false;
	}
	return 0;
}

static int close_level(struct reading *reading)
{
	reading->depth--;
	/* A nested value, whatever it was, has ended. */
	if (reading->depth == 2)
		reading->value_next = false;
	return reading->depth == 1 ? take_row(reading) : 0;
}

static int read_event(struct reading *reading, const yaml_event_t *event)
{
	switch (event->type) {
	case YAML_SCALAR_EVENT:
		return read_scalar(reading, event);
	case YAML_SEQUENCE_START_EVENT:
	case YAML_MAPPING_START_EVENT:
		return open_level(reading, event);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		return close_level(reading);
	case YAML_ALIAS_EVENT:
		return error_set(reading->err, EINVAL,
				 "\"%s\": line %zu: has an alias, which no such list needs",
				 reading->name, event->start_mark.line + 1);
	default:
		return 0;
	}
}

static int read_events(struct reading *reading, yaml_parser_t *parser)
{
	for (;;) {
		yaml_event_t event;
		bool is_last;
		int r;

		if (!yaml_parser_parse(parser, &event))
			return error_set(reading->err, EINVAL,
					 "\"%s\": line %zu: broken YAML: %s: try another mirror",
					 reading->name, parser->problem_mark.line + 1,
					 parser->problem ? parser->problem : "out of memory");
		is_last = event.type == YAML_DOCUMENT_END_EVENT ||
			  event.type == YAML_STREAM_END_EVENT;
		r = read_event(reading, &event);
		yaml_event_delete(&event);
		if (r < 0 || is_last)
			return r;
	}
}

int release_find(const char *name, const char *text, size_t len, const char *arch,
		 struct arena *arena, struct release *release, struct error *err)
{
	struct release best = { 0 };
	struct reading reading = {
		.name = name,
		.arena = arena,
		.arch = arch,
		.err = err,
		.best = &best,
	};
	yaml_parser_t parser;
	int r;

	if (!yaml_parser_initialize(&parser))
		return error_set(err, ENOMEM, "\"%s\": libyaml cannot start", name);
	yaml_parser_set_input_string(&parser, (const unsigned char *)text, len);
	r = read_events(&reading, &parser);
	yaml_parser_delete(&parser);
	if (r < 0)
		return r;
	if (!reading.found)
		return error_set(err, ENOENT,
				 "\"%s\" lists no stable alpine-minirootfs for \"%s\": try another "
				 "--release, --arch or --mirror",
				 name, arch);
	*release = best;
	return 0;
}
