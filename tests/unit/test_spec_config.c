/* test_spec_config.c - config.json: nothing is lost, and documents that are made to hurt */
#include <errno.h>
#include <fcntl.h>
#include <linux/sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mount.h>
#include <sys/resource.h>
#include <time.h>

#include <cmocka.h>

#include "base/file.h"
#include "base/log.h"
#include "spec/config.h"
#include "spec/config_schema.h"
#include "spec/schema_kind.h"

static struct arena arena;
static struct error err;
static struct spec_config config;

static int set_up(void **state)
{
	(void)state;
	memset(&err, 0, sizeof(err));
	memset(&config, 0, sizeof(config));
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static int parse(const char *text, size_t len)
{
	return spec_config_parse("config.json", text, len, &arena, &config, &err);
}

static void parse_good(const char *text)
{
	if (parse(text, strlen(text)))
		fail_msg("%s", err.text);
}

static void read_document(const char *name, struct buf *text)
{
	const char *sources = getenv("TEST_SOURCES");
	char path[4096];

	snprintf(path, sizeof(path), "%s/tests/spec/%s", sources ? sources : ".", name);
	assert_int_equal(file_read_at(AT_FDCWD, path, 1 << 20, text), 0);
}

/* Every row of every table must have read something: a row without its test is a row unproved. */
static void assert_all_set(const struct schema *schema, const char *object, const char *place)
{
	for (size_t i = 0; i < schema->rows_len; i++) {
		const struct schema_row *row = &schema->rows[i];
		const char *at = object + row->offset;
		size_t size = schema_kinds[row->kind].size;
		char name[256], zero[8] = { 0 };

		if (row->presence == SCHEMA_MAYBE)
			size = sizeof(void *);
		snprintf(name, sizeof(name), "%s/%s", place, row->name);
		if (row->kind == SCHEMA_KIND_embedded) {
			assert_all_set(row->schema, at, name);
			continue;
		}
		if (!memcmp(at, zero, size))
			fail_msg("%s is not in the document or was not read", name);
		if (row->schema)
			assert_all_set(row->schema, *(char *const *)at, name);
	}
}

static void every_field_survives(void **state)
{
	auto_buf struct buf text = { 0 }, out = { 0 };

	(void)state;
	read_document("good/every-field.json", &text);
	parse_good(text.data);
	assert_all_set(&spec_config_schema, (const char *)&config, "");
	spec_config_write(&config, &out);
	assert_string_equal(out.data, text.data);
}

static void values_are_in_their_members(void **state)
{
	auto_buf struct buf text = { 0 };

	(void)state;
	read_document("good/every-field.json", &text);
	parse_good(text.data);
	assert_int_equal(config.process->user.uid, 1000);
	assert_int_equal(config.process->user.gid, 1001);
	assert_int_equal(*config.process->user.umask, 022);
	assert_int_equal(config.process->rlimits[0].type, RLIMIT_NOFILE);
	assert_true(config.process->rlimits[0].hard == RLIM_INFINITY);
	assert_int_equal(config.process->rlimits[0].soft, 1024);
	assert_int_equal(config.linux->namespaces_len, 8);
	assert_int_equal(config.linux->namespaces[7].type, CLONE_NEWTIME);
	assert_int_equal(config.linux->rootfsPropagation, MS_SLAVE | MS_REC);
	assert_int_equal(config.linux->uidMappings[0].hostID, 100000);
	assert_int_equal(config.linux->gidMappings[0].hostID, 200000);
	assert_string_equal(config.linux->netDevices[0].device, "eth7");
	assert_string_equal(config.linux->netDevices[0].name, "eth0");
	assert_int_equal(config.linux->resources->devices[0].major[0], -1);
	assert_int_equal(config.linux->timeOffsets->boottime->secs, -3600);
	assert_int_equal(config.hooks->poststop_len, 1);
	assert_int_equal(*config.hooks->poststop[0].timeout, 5);
}

static void keep_warning(enum log_level level, const char *message, void *data)
{
	assert_int_equal(level, LOG_LEVEL_WARNING);
	snprintf(data, 200, "%s", message);
}

static void destinations_are_cleaned(void **state)
{
	char warning[200] = "";

	(void)state;
	log_set_sink(keep_warning, warning);
	parse_good("{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},\"mounts\":["
		   "{\"destination\":\"/a/./b//../c/\"},{\"destination\":\"/../../d\"}]}");
	assert_string_equal(config.mounts[0].destination, "/a/c");
	assert_string_equal(config.mounts[1].destination, "/d");
	assert_string_equal(warning, "");
	parse_good("{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},\"mounts\":["
		   "{\"destination\":\"a/../../b\"}]}");
	log_set_sink(NULL, NULL);
	assert_string_equal(config.mounts[0].destination, "/b");
	assert_string_equal(warning, "mount destination \"a/../../b\" is not absolute: "
				     "taken as relative to /");
}

static void file_mode_loses_its_type(void **state)
{
	(void)state;
	parse_good("{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},\"linux\":{\"devices\":["
		   "{\"type\":\"c\",\"path\":\"/dev/x\",\"fileMode\":8630}]}}");
	assert_int_equal(*config.linux->devices[0].fileMode, 0666);
}

static void process_alone(void **state)
{
	static const char good[] = "{\"cwd\":\"/\",\"args\":[\"id\"],\"user\":{\"uid\":5}}";
	static const char relative[] = "{\"cwd\":\"x\",\"args\":[\"id\"]}";
	static const char empty[] = "{\"cwd\":\"/\",\"args\":[]}";
	struct spec_process process;

	(void)state;
	assert_int_equal(spec_process_parse("p", good, strlen(good), &arena, &process, &err), 0);
	assert_int_equal(process.user.uid, 5);
	assert_string_equal(process.args[0], "id");
	assert_int_equal(spec_process_parse("p", relative, strlen(relative), &arena, &process,
					    &err),
			 -EINVAL);
	assert_string_equal(err.text, "p: /cwd: Cwd must be an absolute path, not \"x\"");
	assert_int_equal(spec_process_parse("p", empty, strlen(empty), &arena, &process, &err),
			 -EINVAL);
	assert_string_equal(err.text, "p: args must not be empty");
}

static void resources_alone(void **state)
{
	static const char good[] = "{\"memory\":{\"limit\":67108864},\"pids\":{\"limit\":20}}";
	static const char bad[] = "{\"memory\":{\"limit\":\"64M\"}}";
	struct spec_resources resources;

	(void)state;
	assert_int_equal(spec_resources_parse("r", good, strlen(good), &arena, &resources, &err),
			 0);
	assert_int_equal(*resources.memory->limit, 67108864);
	assert_int_equal(*resources.pids->limit, 20);
	assert_null(resources.cpu);
	assert_int_equal(spec_resources_parse("r", bad, strlen(bad), &arena, &resources, &err),
			 -EINVAL);
	assert_string_equal(err.text, "r: /memory/limit: must be a number, not a string");
}

static struct spec_resources read_resources(const char *text)
{
	struct spec_resources resources;

	assert_int_equal(spec_resources_parse("r", text, strlen(text), &arena, &resources, &err),
			 0);
	return resources;
}

static void resources_merged(void **state)
{
	struct spec_resources base = read_resources(
		"{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":0,\"weight\":20},"
		"{\"major\":8,\"minor\":1,\"weight\":30}],"
		"\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":0,\"rate\":1}]},"
		"\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":1}],"
		"\"rdma\":{\"mlx\":{\"hcaHandles\":1,\"hcaObjects\":2}},"
		"\"unified\":{\"memory.high\":\"1\"},"
		"\"devices\":[{\"allow\":false},{\"allow\":true,\"type\":\"b\"}]}");
	struct spec_resources over = read_resources(
		"{\"blockIO\":{\"weightDevice\":[{\"major\":8,\"minor\":1,\"weight\":40}],"
		"\"throttleReadBpsDevice\":[{\"major\":8,\"minor\":1,\"rate\":2},"
		"{\"major\":8,\"minor\":0,\"rate\":3}]},"
		"\"hugepageLimits\":[{\"pageSize\":\"2MB\",\"limit\":4}],"
		"\"rdma\":{\"mlx\":{\"hcaHandles\":5}},\"unified\":{\"memory.high\":\"6\"},"
		"\"devices\":[{\"allow\":true}]}");

	(void)state;
	spec_resources_merge(&base, &over, &arena);
	assert_int_equal(base.blockIO->weightDevice_len, 2);
	assert_int_equal(*base.blockIO->weightDevice[0].weight, 20);
	assert_int_equal(*base.blockIO->weightDevice[1].weight, 40);
	assert_int_equal(base.blockIO->throttleReadBpsDevice_len, 2);
	assert_int_equal(base.blockIO->throttleReadBpsDevice[0].rate, 3);
	assert_int_equal(base.blockIO->throttleReadBpsDevice[1].rate, 2);
	assert_int_equal(base.hugepageLimits_len, 1);
	assert_int_equal(base.hugepageLimits[0].limit, 4);
	assert_int_equal(base.rdma_len, 1);
	assert_int_equal(*base.rdma[0].hcaHandles, 5);
	assert_int_equal(*base.rdma[0].hcaObjects, 2);
	assert_int_equal(base.unified_len, 1);
	assert_string_equal(base.unified[0].value, "6");
	assert_int_equal(base.devices_len, 1);
	assert_true(base.devices[0].allow);
	over = read_resources("{}");
	spec_resources_merge(&base, &over, &arena);
	assert_int_equal(base.devices_len, 1);
	over = read_resources("{\"devices\":[]}");
	spec_resources_merge(&base, &over, &arena);
	assert_int_equal(base.devices_len, 0);
}

/* What follows is large or malicious: read or refused in a time that grows with its size only. */
enum { SECONDS_MAX = 20 }; /* of the processor: a test under valgrind takes its time */

static time_t now(void)
{
	struct timespec time;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time);
	return time.tv_sec;
}

/* A document with count entries between before and after; # in the entry is its number. */
static void repeat(struct buf *text, const char *before, const char *entry, size_t count,
		   const char *after)
{
	buf_printf(text, "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"r\"},%s", before);
	for (size_t i = 0; i < count; i++) {
		const char *number = strchr(entry, '#');

		buf_puts(text, i ? "," : "");
		buf_add(text, entry, number ? (size_t)(number - entry) : strlen(entry));
		if (number)
			buf_printf(text, "%zu%s", i, number + 1);
	}
	buf_puts(text, after);
}

static void refused(const struct buf *text, const char *message)
{
	time_t start = now();

	assert_int_equal(parse(text->data, text->len), -EINVAL);
	assert_string_equal(err.text, message);
	assert_in_range(now() - start, 0, SECONDS_MAX);
}

static void accepted(const struct buf *text)
{
	time_t start = now();

	if (parse(text->data, text->len))
		fail_msg("%s", err.text);
	assert_in_range(now() - start, 0, SECONDS_MAX);
}

static void many_mappings(void **state)
{
	auto_buf struct buf text = { 0 };

	(void)state;
	repeat(&text, "\"linux\":{\"namespaces\":[{\"type\":\"user\"}],\"gidMappings\":"
		      "[{\"containerID\":0,\"hostID\":0,\"size\":1}],\"uidMappings\":[",
	       "{\"containerID\":#,\"hostID\":0,\"size\":1}", 70000, "]}}");
	refused(&text, "config.json: /linux/uidMappings: has 70000 entries, "
		       "the kernel takes 340 at most");
}

static void many_mounts(void **state)
{
	auto_buf struct buf text = { 0 };

	(void)state;
	repeat(&text, "\"mounts\":[", "{\"destination\":\"/m/#\",\"options\":[\"ro\",\"nodev\"]}",
	       10000, "]}");
	accepted(&text);
	assert_int_equal(config.mounts_len, 10000);
	assert_string_equal(config.mounts[9999].destination, "/m/9999");
	assert_string_equal(config.mounts[9999].options[1], "nodev");
}

static void too_many_mounts(void **state)
{
	auto_buf struct buf text = { 0 };

	(void)state;
	repeat(&text, "\"mounts\":[", "{\"destination\":\"/m/#\"}", 100000, "]}");
	refused(&text, "config.json: /mounts: has 100000 entries, 10000 at most are made");
}

static void many_variables(void **state)
{
	auto_buf struct buf text = { 0 };
	size_t len = 0;

	(void)state;
	repeat(&text, "\"process\":{\"cwd\":\"/\",\"args\":[\"a\"],\"env\":[",
	       "\"NAME#=value\"", 100000, "]}}");
	accepted(&text);
	while (config.process->env[len])
		len++;
	assert_int_equal(len, 100000);
	assert_string_equal(config.process->env[99999], "NAME99999=value");
}

static void many_annotations(void **state)
{
	auto_buf struct buf text = { 0 };

	(void)state;
	repeat(&text, "\"annotations\":{", "\"key#\":\"v\"", 300000, "}}");
	accepted(&text);
	assert_int_equal(config.annotations_len, 300000);
	text.len = 0;
	repeat(&text, "\"annotations\":{", "\"key\":\"v#\"", 300000, "}}");
	accepted(&text);
	assert_int_equal(config.annotations_len, 1);
	assert_string_equal(config.annotations[0].value, "v299999");
}

static void many_duplicate_sections(void **state)
{
	auto_buf struct buf text = { 0 };

	(void)state;
	repeat(&text, "", "\"linux\":{\"cgroupsPath\":\"/a#\"}", 100000, "}");
	accepted(&text);
	assert_string_equal(config.linux->cgroupsPath, "/a99999");
}

static void deep_nesting(void **state)
{
	auto_buf struct buf text = { 0 };
	char *deep;

	(void)state;
	buf_puts(&text, "{\"ociVersion\":\"1.0.0\",\"unknown\":");
	deep = buf_reserve(&text, 100000);
	memset(deep, '[', 100000);
	text.len += 100000;
	refused(&text, "config.json: more than 64 objects and lists within each other");
	for (size_t i = 0; i < 100000; i++)
		deep[i] = "{\"a\":"[i % 5];
	refused(&text, "config.json: more than 64 objects and lists within each other");
}

static void large_document(void **state)
{
	enum { LARGE = 64 << 20 };
	auto_buf struct buf text = { 0 };

	(void)state;
	memset(buf_reserve(&text, LARGE), ' ', LARGE);
	text.len = LARGE;
	refused(&text, "config.json: has 67108864 bytes, a document may have 16777216");
}

static void large_path(void **state)
{
	enum { LARGE = 1 << 20 };
	auto_buf struct buf text = { 0 };

	(void)state;
	buf_puts(&text, "{\"ociVersion\":\"1.0.0\",\"root\":{\"path\":\"/");
	memset(buf_reserve(&text, LARGE), 'a', LARGE);
	text.len += LARGE;
	buf_puts(&text, "\"}}");
	refused(&text, "config.json: /root/path: has 1048577 bytes, a path may have 4095");
}

static void large_key(void **state)
{
	enum { LARGE = 1 << 20 };
	auto_buf struct buf text = { 0 };
	char expected[300], key[101] = "";

	(void)state;
	buf_puts(&text, "{\"ociVersion\":\"1.0.0\",\"annotations\":{\"");
	memset(buf_reserve(&text, LARGE), 'k', LARGE);
	text.len += LARGE;
	buf_puts(&text, "\":1}}");
	memset(key, 'k', 100);
	snprintf(expected, sizeof(expected),
		 "config.json: /annotations/%s...: must be a string, not a number", key);
	refused(&text, expected);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(every_field_survives, set_up, tear_down),
		cmocka_unit_test_setup_teardown(values_are_in_their_members, set_up, tear_down),
		cmocka_unit_test_setup_teardown(destinations_are_cleaned, set_up, tear_down),
		cmocka_unit_test_setup_teardown(file_mode_loses_its_type, set_up, tear_down),
		cmocka_unit_test_setup_teardown(process_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(resources_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(resources_merged, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_mappings, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_mounts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(too_many_mounts, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_variables, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_annotations, set_up, tear_down),
		cmocka_unit_test_setup_teardown(many_duplicate_sections, set_up, tear_down),
		cmocka_unit_test_setup_teardown(deep_nesting, set_up, tear_down),
		cmocka_unit_test_setup_teardown(large_document, set_up, tear_down),
		cmocka_unit_test_setup_teardown(large_path, set_up, tear_down),
		cmocka_unit_test_setup_teardown(large_key, set_up, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
