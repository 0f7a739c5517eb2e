/* bridge_record.c - what is known of a bridge: bridge.json in its directory */
#include "runtime/net/bridge_record.h"

#include <errno.h>
#include <fcntl.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/sys.h"
#include "spec/schema.h"

enum { SIZE_MAX_BYTES = 64 * 1024 };

static const char record_file[] = "bridge.json";

struct document {
	int32_t index;
	bool made, nat;
	char *address4, *address6;
};

static int check_prefix(const void *value, struct error *err)
{
	struct ip_prefix prefix;

	return ip_prefix_parse(value, &prefix, err);
}

static const struct schema_row document_rows[] = {
	OPTIONAL(document, index, int32),
	OPTIONAL(document, made, bool),
	OPTIONAL(document, nat, bool),
	OPTIONAL(document, address4, string, .check = check_prefix),
	OPTIONAL(document, address6, string, .check = check_prefix),
};
static const struct schema document_schema = SCHEMA(document, document_rows);

/* What has been checked, of that family only. */
static void read_prefix(const char *text, uint8_t family, struct ip_prefix *prefix)
{
	if (text && (ip_prefix_parse(text, prefix, NULL) < 0 || prefix->ip.family != family))
		*prefix = (struct ip_prefix){ .ip.family = 0 };
}

int bridge_record_read(int directory, struct bridge_record *record, struct error *err)
{
	auto_close int fd = sys_openat(directory, record_file,
				       O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC, 0);
	auto_buf struct buf text = { 0 };
	auto_arena struct arena arena = { 0 };
	struct bridge_record read = { .index = 0 };
	struct document document;
	int r = fd < 0 ? fd : file_read_fd(fd, SIZE_MAX_BYTES, &text);

	if (r < 0)
		return error_errno(err, r, "read %s", record_file);
	r = schema_read(&document_schema, record_file, text.data, text.len, &arena, &document, err);
	if (r < 0)
		return r;
	read.index = document.index;
	read.made = document.made;
	read.nat = document.nat;
	read_prefix(document.address4, AF_INET, &read.address4);
	read_prefix(document.address6, AF_INET6, &read.address6);
	*record = read;
	return 0;
}

static char *write_prefix(const struct ip_prefix *prefix, char text[IP_TEXT_SIZE])
{
	return prefix->ip.family ? (char *)ip_prefix_format(prefix, text) : NULL;
}

int bridge_record_write(int directory, const struct bridge_record *record, struct error *err)
{
	char text4[IP_TEXT_SIZE], text6[IP_TEXT_SIZE];
	const struct document document = {
		.index = record->index,
		.made = record->made,
		.nat = record->nat,
		.address4 = write_prefix(&record->address4, text4),
		.address6 = write_prefix(&record->address6, text6),
	};
	auto_buf struct buf text = { 0 };
	int r;

	schema_write(&document_schema, &document, SCHEMA_COMPACT, &text);
	buf_puts(&text, "\n");
	r = file_replace_at(directory, record_file, text.data, text.len, 0600);
	return r < 0 ? error_errno(err, r, "write %s", record_file) : 0;
}
