/* test_spec_state.c - the state, features and default documents */
#include <errno.h>
#include <linux/sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/strv.h"
#include "spec/defaults.h"
#include "spec/features.h"
#include "spec/state.h"

static struct arena arena;
static struct error err;

static int tear_down(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static struct spec_pair annotations[] = { { "org.example/a", "1" } };
static char *cgroups[] = { "/sys/fs/cgroup/memory/x", "/sys/fs/cgroup/unified/x", NULL };

static struct spec_rdt rdt = { "/sys/fs/resctrl", "/sys/fs/resctrl/x", NULL, true };

static const struct spec_state running = {
	.ociVersion = "1.3.0",
	.id = "box",
	.pid = 42,
	.status = SPEC_STATUS_RUNNING,
	.bundle = "/srv/box",
	.rootfs = "/srv/box/rootfs",
	.created = "2026-01-02T03:04:05.000000006Z",
	.annotations = annotations,
	.annotations_len = 1,
	.owner = "root",
	.startTime = 123456789,
	.pidInode = UINT64_MAX,
	.bootId = "0a1b2c3d-0000-4000-8000-0123456789ab",
	.cgroupPaths = cgroups,
	.intelRdt = &rdt,
	.rootfsMount = 77,
	.gockerVersion = "0.1.0",
};

static void state_survives(void **state)
{
	auto_buf struct buf out = { 0 }, again = { 0 };
	struct spec_state read;

	(void)state;
	spec_state_write(&running, &out);
	assert_int_equal(spec_state_parse("state.json", out.data, out.len, &arena, &read, &err), 0);
	assert_string_equal(read.id, "box");
	assert_int_equal(read.pid, 42);
	assert_int_equal(read.status, SPEC_STATUS_RUNNING);
	assert_int_equal(read.startTime, 123456789);
	assert_true(read.pidInode == UINT64_MAX);
	assert_string_equal(read.bootId, "0a1b2c3d-0000-4000-8000-0123456789ab");
	assert_string_equal(read.cgroupPaths[1], "/sys/fs/cgroup/unified/x");
	assert_null(read.cgroupPaths[2]);
	assert_string_equal(read.intelRdt->group, "/sys/fs/resctrl/x");
	assert_null(read.intelRdt->monitor);
	assert_true(read.intelRdt->owned);
	assert_int_equal(read.rootfsMount, 77);
	assert_string_equal(read.gockerVersion, "0.1.0");
	assert_string_equal(read.annotations[0].value, "1");
	spec_state_write(&read, &again);
	assert_string_equal(again.data, out.data);
}

static void public_form(void **state)
{
	auto_buf struct buf out = { 0 };
	struct spec_state stopped = running;

	(void)state;
	spec_state_write_public(&running, &out);
	assert_string_equal(out.data, "{\n"
				      "  \"ociVersion\": \"1.3.0\",\n"
				      "  \"id\": \"box\",\n"
				      "  \"pid\": 42,\n"
				      "  \"status\": \"running\",\n"
				      "  \"bundle\": \"/srv/box\",\n"
				      "  \"rootfs\": \"/srv/box/rootfs\",\n"
				      "  \"created\": \"2026-01-02T03:04:05.000000006Z\",\n"
				      "  \"annotations\": {\n"
				      "    \"org.example/a\": \"1\"\n"
				      "  },\n"
				      "  \"owner\": \"root\"\n"
				      "}\n");
	out.len = 0;
	stopped.pid = 0;
	stopped.status = SPEC_STATUS_STOPPED;
	stopped.owner = NULL;
	stopped.annotations = NULL;
	stopped.annotations_len = 0;
	spec_state_write_public(&stopped, &out);
	assert_non_null(strstr(out.data, "\"pid\": 0,\n  \"status\": \"stopped\""));
	assert_non_null(strstr(out.data, "\"owner\": \"\"\n"));
	assert_null(strstr(out.data, "annotations"));
}

static void list_form(void **state)
{
	auto_buf struct buf out = { 0 };
	struct spec_state states[2] = { running, running };

	(void)state;
	spec_state_write_list(NULL, 0, &out);
	assert_string_equal(out.data, "[]\n");
	out.len = 0;
	states[1].id = "other";
	states[1].status = SPEC_STATUS_CREATING;
	spec_state_write_list(states, 2, &out);
	assert_ptr_equal(strstr(out.data, "[{\"ociVersion\":\"1.3.0\",\"id\":\"box\","), out.data);
	assert_non_null(strstr(out.data, "},{\"ociVersion\":\"1.3.0\",\"id\":\"other\",\"pid\":42,"
					 "\"status\":\"creating\""));
	assert_null(strstr(out.data, "startTime"));
	assert_null(strstr(out.data, "pidInode"));
	assert_null(strstr(out.data, "bootId"));
	assert_string_equal(out.data + out.len - 3, "}]\n");
}

static void hook_form(void **state)
{
	auto_buf struct buf out = { 0 };

	(void)state;
	spec_state_write_hook(&running, &out);
	assert_string_equal(out.data, "{\"ociVersion\":\"1.3.0\",\"id\":\"box\","
				      "\"status\":\"running\",\"pid\":42,\"bundle\":\"/srv/box\","
				      "\"annotations\":{\"org.example/a\":\"1\"}}");
}

static void foreign_states_are_refused(void **state)
{
	static const struct {
		const char *text, *message;
	} cases[] = {
		{ "", "state.json: line 1, column 1: parse error: premature EOF" },
		{ "{\"ociVersion\":\"1.0.0\",\"id\":\"a\",\"status\":\"runn",
		  "state.json: line 1, column 45: parse error: premature EOF" },
		{ "{}", "state.json: /ociVersion: is required" },
		{ "{\"ociVersion\":\"1\",\"id\":\"a\",\"bundle\":\"/b\",\"status\":\"gone\"}",
		  "state.json: /status: \"gone\" is unknown, it must be one of creating, created, "
		  "running, paused, stopped" },
		{ "{\"ociVersion\":\"1\",\"id\":\"a\",\"bundle\":\"/b\",\"status\":\"running\","
		  "\"pid\":-1}",
		  "state.json: /pid: must be 0 to 2147483647, not -1" },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = cases[i].text;
		struct spec_state read;

		assert_int_equal(spec_state_parse("state.json", text, strlen(text), &arena, &read,
						  &err),
				 -EINVAL);
		assert_string_equal(err.text, cases[i].message);
	}
}

static void features_survive(void **state)
{
	auto_buf struct buf out = { 0 }, again = { 0 };
	char *words[] = { "a", "b", NULL };
	struct spec_features_switch on = { true }, off = { false };
	struct spec_features_cgroup cgroup = { true, true, false, false, true };
	struct spec_features_seccomp seccomp = { true, words, words, words, words, words };
	struct spec_features_mount_extensions extensions = { &on };
	struct spec_features_intel_rdt rdt_feature = { true, false, true };
	struct spec_features_memory_policy policy = { words, words };
	struct spec_features_linux linux = { words, words, &cgroup,	 &seccomp, &on, &off,
					     &rdt_feature, &policy, &extensions, &off };
	struct spec_features features = { "1.0.0", "1.3.0", words, words, &linux, annotations, 1,
					  words },
			     read;

	(void)state;
	spec_features_write(&features, &out);
	assert_int_equal(schema_read(&spec_features_schema, "f", out.data, out.len, &arena, &read,
				     &err),
			 0);
	assert_false(read.linux->selinux->enabled);
	assert_true(read.linux->mountExtensions->idmap->enabled);
	assert_true(read.linux->cgroup->rdma);
	assert_true(read.linux->intelRdt->monitoring);
	assert_false(read.linux->intelRdt->schemata);
	assert_string_equal(read.linux->memoryPolicy->flags[1], "b");
	assert_string_equal(read.linux->seccomp->supportedFlags[1], "b");
	spec_features_write(&read, &again);
	assert_string_equal(again.data, out.data);
	assert_int_equal(schema_read(&spec_features_schema, "f", "{\"ociVersionMin\":\"1\"}", 21,
				     &arena, &read, &err),
			 -EINVAL);
	assert_string_equal(err.text, "f: /ociVersionMax: is required");
}

/* What `gocker spec` writes must be what create takes. */
static void read_back(const struct spec_config *config, struct spec_config *read)
{
	struct buf out = { 0 }, again = { 0 };

	spec_config_write(config, &out);
	if (spec_config_parse("config.json", out.data, out.len, &arena, read, &err))
		fail_msg("%s", err.text);
	spec_config_write(read, &again);
	assert_string_equal(again.data, out.data);
	buf_free(&out);
	buf_free(&again);
}

static void default_config(void **state)
{
	struct spec_config config, read;

	(void)state;
	spec_default_config(&arena, &config);
	read_back(&config, &read);
	assert_string_equal(read.ociVersion, "1.3.0");
	assert_string_equal(read.process->args[0], "sh");
	assert_true(read.process->terminal);
	assert_true(read.process->noNewPrivileges);
	assert_true(read.root->readonly);
	assert_int_equal(read.mounts_len, 7);
	assert_int_equal(read.linux->namespaces_len, 6);
	assert_int_equal(strv_len(read.process->capabilities->bounding), 3);
	assert_null(read.process->capabilities->inheritable);
	assert_false(read.linux->resources->devices[0].allow);
	assert_int_equal(strv_len(spec_docker_capabilities), 14);
}

static void rootless_config(void **state)
{
	struct spec_config config, read;
	bool user = false;

	(void)state;
	spec_default_config(&arena, &config);
	spec_default_rootless(&arena, 1000, 1001, &config);
	read_back(&config, &read);
	for (size_t i = 0; i < read.linux->namespaces_len; i++) {
		assert_int_not_equal(read.linux->namespaces[i].type, CLONE_NEWNET);
		user = user || read.linux->namespaces[i].type == CLONE_NEWUSER;
	}
	assert_true(user);
	assert_int_equal(read.linux->uidMappings[0].hostID, 1000);
	assert_int_equal(read.linux->gidMappings[0].hostID, 1001);
	assert_null(read.linux->resources);
	for (size_t i = 0; i < read.mounts_len; i++)
		assert_false(strv_contains(read.mounts[i].options, "gid=5"));
	/* The tables that defaults are made of must not have changed. */
	spec_default_config(&arena, &config);
	assert_true(strv_contains(config.mounts[2].options, "gid=5"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(state_survives, tear_down),
		cmocka_unit_test_teardown(public_form, tear_down),
		cmocka_unit_test_teardown(list_form, tear_down),
		cmocka_unit_test_teardown(hook_form, tear_down),
		cmocka_unit_test_teardown(foreign_states_are_refused, tear_down),
		cmocka_unit_test_teardown(features_survive, tear_down),
		cmocka_unit_test_teardown(default_config, tear_down),
		cmocka_unit_test_teardown(rootless_config, tear_down),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
