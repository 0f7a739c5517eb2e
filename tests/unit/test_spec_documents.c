/* test_spec_documents.c - whole documents from files: ours, and those of the OCI schema's tests */
#include <dirent.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/log.h"
#include "spec/config.h"
#include "spec/features.h"
#include "spec/state.h"

union document {
	struct spec_config config;
	struct spec_features features;
	struct spec_state state;
};

/* Each: Return: what the parser returns. */
static int parse_config(const struct buf *text, struct arena *arena, struct error *err)
{
	union document document;

	return spec_config_parse("config.json", text->data, text->len, arena, &document.config,
				 err);
}

static int parse_features(const struct buf *text, struct arena *arena, struct error *err)
{
	union document document;

	return schema_read(&spec_features_schema, "features.json", text->data, text->len, arena,
			   &document.features, err);
}

static int parse_state(const struct buf *text, struct arena *arena, struct error *err)
{
	union document document;

	return spec_state_parse("state.json", text->data, text->len, arena, &document.state, err);
}

static void drop_warning(enum log_level level, const char *message, void *data)
{
	(void)level;
	(void)message;
	(void)data;
}

static const char *source_path(const char *name)
{
	static char path[4096];
	const char *sources = getenv("TEST_SOURCES");

	snprintf(path, sizeof(path), "%s/%s", sources ? sources : ".", name);
	return path;
}

static bool ends_with(const char *text, const char *end)
{
	size_t len = strlen(text), end_len = strlen(end);

	return len >= end_len && !strcmp(text + len - end_len, end);
}

/* expect: the message that a document must give, NULL where it must be read; room is its memory. */
static int count_failures(const char *folder,
			  int (*parse)(const struct buf *, struct arena *, struct error *),
			  const char *(*expect)(int dirfd, const char *name, struct buf *room))
{
	DIR *dir = opendir(folder);
	struct dirent *entry;
	int failures = 0, documents = 0;

	while (dir && (entry = readdir(dir))) {
		auto_buf struct buf text = { 0 }, room = { 0 };
		auto_arena struct arena arena = { 0 };
		struct error err = { 0 };
		const char *expected, *given;

		if (!ends_with(entry->d_name, ".json"))
			continue;
		documents++;
		buf_puts(&text, "");
		assert_int_equal(file_read_at(dirfd(dir), entry->d_name, 1 << 24, &text), 0);
		expected = expect(dirfd(dir), entry->d_name, &room);
		if (!expected)
			expected = "no error";
		given = parse(&text, &arena, &err) < 0 ? err.text : "no error";
		if (strcmp(given, expected)) {
			print_error("%s/%s\n  gives:  %s\n  wanted: %s\n", folder, entry->d_name,
				    given, expected);
			failures++;
		}
	}
	if (dir)
		closedir(dir);
	if (!documents)
		fail_msg("%s has no documents", folder);
	return failures;
}

static const char *expect_good(int dirfd, const char *name, struct buf *room)
{
	(void)dirfd;
	(void)name;
	(void)room;
	return NULL;
}

/* NAME.json has its message in NAME.error, with a newline behind it. */
static const char *expect_file(int dirfd, const char *name, struct buf *room)
{
	char file[300];

	snprintf(file, sizeof(file), "%.*s.error", (int)(strlen(name) - strlen(".json")), name);
	if (file_read_at(dirfd, file, 1 << 16, room) < 0 || !room->len)
		return "(a message in a file beside it, which is missing)";
	room->data[room->len - 1] = 0;
	return room->data;
}

static void our_good_documents(void **state)
{
	const char *folder = source_path("tests/spec/good");

	(void)state;
	assert_int_equal(count_failures(folder, parse_config, expect_good), 0);
}

static void our_bad_documents(void **state)
{
	const char *folder = source_path("tests/spec/bad");

	(void)state;
	assert_int_equal(count_failures(folder, parse_config, expect_file), 0);
}

/*
 * The OCI's schema covers all platforms and only the form. Where we say something else than its
 * folders, it stands here with the reason.
 */
static const struct {
	const char *name, *message;
} oci_documents[] = {
	/* For other platforms: without /linux no uts namespace, and the host would be renamed. */
	{ "freebsd-example.json",
	  "config.json: /hostname: needs a \"uts\" entry in /linux/namespaces" },
	{ "zos-example.json",
	  "config.json: /hostname: needs a \"uts\" entry in /linux/namespaces" },
	/* Bad in its "freebsd" section only, which a runtime for Linux ignores. */
	{ "freebsd-vnet-disable.json", NULL },
	{ "linux-netdevice.json",
	  "config.json: /linux/netDevices/eth0/name: must be a string, not a number" },
	{ "linux-rdma.json",
	  "config.json: /linux/resources/rdma/mlx5_1/hcaHandles: must be a number, not a string" },
	{ "linux-hugepage.json",
	  "config.json: /linux/resources/hugepageLimits/0/pageSize: must be a size such as "
	  "\"64KB\", \"2MB\" or \"1GB\", not \"64kB\"" },
	{ "missing-ociVersionMax.json", "features.json: /ociVersionMax: is required" },
};

static const char *find_oci(const char *name, const char *otherwise)
{
	for (size_t i = 0; i < sizeof(oci_documents) / sizeof(oci_documents[0]); i++)
		if (!strcmp(name, oci_documents[i].name))
			return oci_documents[i].message;
	return otherwise;
}

/* linux-netdevice.json and linux-rdma.json have the same names in good and bad. */
static const char *expect_oci_good(int dirfd, const char *name, struct buf *room)
{
	(void)dirfd;
	(void)room;
	return strncmp(name, "linux-", 6) ? find_oci(name, NULL) : NULL;
}

static const char *expect_oci_bad(int dirfd, const char *name, struct buf *room)
{
	(void)dirfd;
	(void)room;
	if (strcmp(name, "invalid-json.json"))
		return find_oci(name, "(an error)");
	return "config.json: line 1, column 2: parse error: invalid object key (must be a string)";
}

static const char *expect_state_bad(int dirfd, const char *name, struct buf *room)
{
	(void)dirfd;
	(void)name;
	(void)room;
	return "state.json: line 1, column 2: parse error: invalid object key (must be a string)";
}

static void oci_documents_are_told_apart(void **state)
{
	const char *root = getenv("GOCKER_OCI_SCHEMA");
	const struct {
		const char *folder;
		int (*parse)(const struct buf *, struct arena *, struct error *);
		const char *(*expect)(int, const char *, struct buf *);
	} folders[] = {
		{ "config/good", parse_config, expect_oci_good },
		{ "config/bad", parse_config, expect_oci_bad },
		{ "features/good", parse_features, expect_good },
		{ "features/bad", parse_features, expect_oci_bad },
		{ "state/good", parse_state, expect_good },
		{ "state/bad", parse_state, expect_state_bad },
	};
	char path[5000];
	int failures = 0;

	(void)state;
	if (!root)
		root = source_path("../shared/oci/schema/test");
	if (access(root, R_OK)) {
		print_message("# SKIP no %s: GOCKER_OCI_SCHEMA names schema/test of runtime-spec\n",
			      root);
		skip();
	}
	for (size_t i = 0; i < sizeof(folders) / sizeof(folders[0]); i++) {
		snprintf(path, sizeof(path), "%s/%s", root, folders[i].folder);
		failures += count_failures(path, folders[i].parse, folders[i].expect);
	}
	assert_int_equal(failures, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(our_good_documents),
		cmocka_unit_test(our_bad_documents),
		cmocka_unit_test(oci_documents_are_told_apart),
	};

	log_set_sink(drop_warning, NULL);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
