/* test_systemd.c - unit names, annotations as values, limits as properties of a unit */
#include <errno.h>

#include "runtime/cgroup/systemd_properties.h"
#include "runtime/cgroup/systemd_unit.h"
#include "runtime/cgroup/systemd_variant.h"
#include "tests/unit/unit.h"

static void test_unit_names(void **state)
{
	static const struct {
		const char *path, *id;
		bool user;
		const char *name, *slice, *cgroup;
	} cases[] = {
		{ NULL, "demo", false, "gocker-demo.scope", "system.slice",
		  "/system.slice/gocker-demo.scope" },
		{ "", "demo", true, "gocker-demo.scope", "user.slice",
		  "/user.slice/gocker-demo.scope" },
		{ NULL, "a+b", false, "gocker-a\\x2bb.scope", "system.slice",
		  "/system.slice/gocker-a\\x2bb.scope" },
		{ "machine.slice:libpod:0123", "x", false, "libpod-0123.scope", "machine.slice",
		  "/machine.slice/libpod-0123.scope" },
		{ "a-b-c.slice:p:n", "x", false, "p-n.scope", "a-b-c.slice",
		  "/a.slice/a-b.slice/a-b-c.slice/p-n.scope" },
		{ "a.b.slice:p:n", "x", false, "p-n.scope", "a.b.slice", "/a.b.slice/p-n.scope" },
		{ "-.slice:p:n", "x", false, "p-n.scope", "-.slice", "/p-n.scope" },
		{ "-:p:n", "x", false, "p-n.scope", "-.slice", "/p-n.scope" },
		{ "::n", "x", false, "-n.scope", "system.slice", "/system.slice/-n.scope" },
		{ ":p:top-pod.slice", "x", false, "top-pod.slice", "system.slice",
		  "/top.slice/top-pod.slice" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		auto_arena struct arena arena = { 0 };
		struct systemd_unit unit;
		struct error err = { 0 };

		assert_int_equal(systemd_unit_find(cases[i].path, cases[i].id, cases[i].user,
						   &arena, &unit, &err),
				 0);
		assert_string_equal(unit.name, cases[i].name);
		assert_string_equal(unit.slice, cases[i].slice);
		assert_string_equal(unit.path, cases[i].cgroup);
	}
}

static void test_bad_unit_names(void **state)
{
	static const struct { const char *path, *error; } cases[] = {
		{ "/a/b", "expected cgroupsPath to be of format \"slice:prefix:name\" for systemd "
			  "cgroups, got \"/a/b\" instead" },
		{ "a:b", "expected cgroupsPath" },
		{ "a.slice:b:c:d", "expected cgroupsPath" },
		{ "user.slice/user-1.slice:p:n", "\"user.slice/user-1.slice\" is no name" },
		{ "a:p:n", "invalid slice name: a" },
		{ ".slice:p:n", "invalid slice name: .slice" },
		{ "a--b.slice:p:n", "invalid slice name: a--b.slice" },
		{ "-a.slice:p:n", "invalid slice name: -a.slice" },
		{ "a-.slice:p:n", "invalid slice name: a-.slice" },
		{ "a.slice:p:", "names no unit" },
		{ "a.slice:p:-.slice", "is the root slice" },
		{ "a.slice:p:a b", "\"p-a b.scope\" is no name of a unit" },
		{ "a.slice:p:../../x", "is no name of a unit" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		auto_arena struct arena arena = { 0 };
		struct systemd_unit unit;
		struct error err = { 0 };

		assert_int_equal(systemd_unit_find(cases[i].path, "x", false, &arena, &unit, &err),
				 -EINVAL);
		if (!strstr(err.text, cases[i].error))
			fail_msg("\"%s\" in \"%s\"", cases[i].error, err.text);
	}
}

static void test_long_unit_name(void **state)
{
	auto_arena struct arena arena = { 0 };
	char path[320] = ":p:";
	struct systemd_unit unit;
	struct error err = { 0 };

	(void)state;
	memset(path + 3, 'n', 247);
	assert_int_equal(systemd_unit_find(path, "x", false, &arena, &unit, &err), 0);
	memset(path + 3, 'n', 248);
	assert_int_equal(systemd_unit_find(path, "x", false, &arena, &unit, &err), -EINVAL);
}

static void test_variants(void **state)
{
	static const struct { const char *text, *signature, *printed; } cases[] = {
		{ "true", "b", "true" },
		{ " false ", "b", "false" },
		{ "boolean true", "b", "true" },
		{ "5", "i", "5" },
		{ "-2147483648", "i", "-2147483648" },
		{ "0x10", "i", "16" },
		{ "uint64 18446744073709551615", "t", "18446744073709551615" },
		{ "int64 -9223372036854775808", "x", "-9223372036854775808" },
		{ "byte 0xff", "y", "255" },
		{ "uint16 65535", "q", "65535" },
		{ "int16 -32768", "n", "-32768" },
		{ "uint32 4294967295", "u", "4294967295" },
		{ "@t 7", "t", "7" },
		{ "1.5", "d", "1.5" },
		{ "double 2", "d", "2" },
		{ "1e3", "d", "1000" },
		{ "'text'", "s", "'text'" },
		{ "\"it's\"", "s", "'it\\'s'" },
		{ "'a\\'b\\\\'", "s", "'a\\'b\\\\'" },
		{ "objectpath '/a'", "o", "'/a'" },
		{ "['a', 'b']", "as", "['a', 'b']" },
		{ "@as []", "as", "[]" },
		{ "[uint64 1, 2]", "at", "[1, 2]" },
		{ "@ay [1,2]", "ay", "[1, 2]" },
		{ "b'ab'", "ay", "[97, 98, 0]" },
		{ "[('/dev/null', 'rw'), ('/dev/zero', 'r')]", "a(ss)",
		  "[('/dev/null', 'rw'), ('/dev/zero', 'r')]" },
		{ "@a(st) [('a', 1)]", "a(st)", "[('a', 1)]" },
		{ "('a',)", "(s)", "('a')" },
		{ "{'a': <5>}", "a{sv}", "{'a': <5>}" },
		{ "[[1], [2, 3]]", "aai", "[[1], [2, 3]]" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		auto_arena struct arena arena = { 0 };
		auto_buf struct buf text = { 0 };
		struct systemd_value value;
		struct error err = { 0 };

		if (systemd_variant_parse(cases[i].text, &arena, &value, &err) < 0)
			fail_msg("%s: %s", cases[i].text, err.text);
		assert_string_equal(value.signature, cases[i].signature);
		systemd_value_print(&value, &text);
		assert_string_equal(text.data, cases[i].printed);
	}
}

static void test_bad_variants(void **state)
{
	static const char *const cases[] = {
		"", " ", "yes", "true1", "2147483648", "-2147483649", "uint64 -1", "byte 256",
		"uint32 5x", "5 6", "'open", "['a'", "['a' 'b']", "['a', 5]", "[]", "{}", "()",
		"@as 5", "@zz 5", "uint64 'a'", "string 5", "1.5.5", "int32 1.5", "('a', )x",
		"@(ss) ('a',)", "@(s) ('a', 'b')", "{'a'}", "<5", "uint64", "0x", "--5", "b'",
		"boolean 1", "[true, 5]", "@a{sv} {'a': 5}",
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		auto_arena struct arena arena = { 0 };
		struct systemd_value value;
		struct error err = { 0 };

		if (systemd_variant_parse(cases[i], &arena, &value, &err) != -EINVAL)
			fail_msg("\"%s\" was taken", cases[i]);
		assert_true(*err.text);
	}
}

static void test_deep_variant(void **state)
{
	auto_arena struct arena arena = { 0 };
	char text[2001];
	struct systemd_value value;
	struct error err = { 0 };

	(void)state;
	memset(text, '[', sizeof(text) - 1);
	text[sizeof(text) - 1] = 0;
	assert_int_equal(systemd_variant_parse(text, &arena, &value, &err), -EINVAL);
	assert_non_null(strstr(err.text, "nested"));
}

/* "Name=value Name=value", as the log has them. */
static void print_properties(const struct systemd_properties *properties, struct buf *text)
{
	buf_puts(text, "");
	for (size_t i = 0; i < properties->len; i++) {
		buf_printf(text, "%s%s=", i ? " " : "", properties->rows[i].name);
		systemd_value_print(&properties->rows[i].value, text);
	}
}

static void assert_properties(const struct systemd_properties *properties, const char *wanted)
{
	auto_buf struct buf text = { 0 };

	print_properties(properties, &text);
	assert_string_equal(text.data, wanted);
}

static void test_annotations(void **state)
{
	struct spec_pair pairs[] = {
		{ "org.systemd.property.TimeoutStopUSec", "uint64 5" },
		{ "org.systemd.property.TimeoutStopSec", "2" },
		{ "org.systemd.property.RuntimeMaxSec", "1.5" },
		{ "org.systemd.property.CollectMode", "'inactive-or-failed'" },
		{ "org.systemd.propertyX", "nothing of ours" },
		{ "other", "x" },
		{ "org.systemd.property.Sec", "3" },
		{ "org.systemd.property.ABSec", "3" },
	};
	auto_arena struct arena arena = { 0 };
	struct systemd_properties properties = { .arena = &arena };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(systemd_variant_annotations(pairs, LEN(pairs), &properties, &err), 0);
	assert_properties(&properties,
			  "TimeoutStopUSec=5 TimeoutStopUSec=2000000 RuntimeMaxUSec=1500000 "
			  "CollectMode='inactive-or-failed' Sec=3 ABSec=3");
	assert_string_equal(properties.rows[1].value.signature, "t");
}

static void test_bad_annotations(void **state)
{
	static const struct { struct spec_pair pair; const char *error; } cases[] = {
		{ { "org.systemd.property.ab", "5" },
		  "config.json: /annotations/org.systemd.property.ab: name incorrect: too short" },
		{ { "org.systemd.property.CPU-Weight", "5" }, "contains non-alphabetic character" },
		{ { "org.systemd.property.CPUWeight", "five" },
		  "/annotations/org.systemd.property.CPUWeight: \"five\": value parse error: " },
		{ { "org.systemd.property.TimeoutStopSec", "'5'" },
		  "value parse error: not a number" },
		{ { "org.systemd.property.TimeoutStopSec", "-5" }, "not a number of seconds" },
		{ { "org.systemd.property.TimeoutStopSec", "uint64 18446744073709551615" },
		  "not a number of seconds" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		auto_arena struct arena arena = { 0 };
		struct systemd_properties properties = { .arena = &arena };
		struct error err = { 0 };

		assert_int_equal(systemd_variant_annotations(&cases[i].pair, 1, &properties, &err),
				 -EINVAL);
		if (!strstr(err.text, cases[i].error))
			fail_msg("\"%s\" in \"%s\"", cases[i].error, err.text);
	}
}

static void parse_resources(const char *text, struct arena *arena, struct spec_resources *resources)
{
	struct error err = { 0 };

	if (spec_resources_parse("test", text, strlen(text), arena, resources, &err) < 0)
		fail_msg("%s", err.text);
}

struct limit_case {
	const char *resources, *v2, *v1;
};

static const struct limit_case limit_cases[] = {
	{ "{}", "", "" },
	{ "{\"memory\":{\"limit\":1048576}}", "MemoryMax=1048576", "MemoryLimit=1048576" },
	{ "{\"memory\":{\"limit\":0}}", "", "" },
	{ "{\"memory\":{\"limit\":-1}}",
	  "MemoryMax=18446744073709551615 MemorySwapMax=18446744073709551615",
	  "MemoryLimit=18446744073709551615" },
	{ "{\"memory\":{\"limit\":100,\"swap\":300,\"reservation\":50}}",
	  "MemoryMax=100 MemoryLow=50 MemorySwapMax=200", "MemoryLimit=100" },
	{ "{\"cpu\":{\"shares\":1024}}", "CPUWeight=100", "CPUShares=1024" },
	{ "{\"cpu\":{\"shares\":0}}", "", "" },
	{ "{\"cpu\":{\"shares\":2048,\"idle\":1}}", "CPUWeight=0", "CPUShares=2048" },
	{ "{\"cpu\":{\"shares\":2048,\"idle\":0}}", "CPUWeight=174", "CPUShares=2048" },
	{ "{\"cpu\":{\"quota\":50000,\"period\":100000}}",
	  "CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec=500000",
	  "CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec=500000" },
	{ "{\"cpu\":{\"quota\":33333}}", "CPUQuotaPerSecUSec=340000",
	  "CPUQuotaPerSecUSec=340000" },
	{ "{\"cpu\":{\"quota\":-1}}", "CPUQuotaPerSecUSec=18446744073709551615",
	  "CPUQuotaPerSecUSec=18446744073709551615" },
	{ "{\"cpu\":{\"period\":50000}}",
	  "CPUQuotaPeriodUSec=50000 CPUQuotaPerSecUSec=18446744073709551615",
	  "CPUQuotaPeriodUSec=50000 CPUQuotaPerSecUSec=18446744073709551615" },
	{ "{\"cpu\":{\"cpus\":\"0-2,9\",\"mems\":\"0\"}}",
	  "AllowedCPUs=[7, 2] AllowedMemoryNodes=[1]",
	  "AllowedCPUs=[7, 2] AllowedMemoryNodes=[1]" },
	{ "{\"pids\":{\"limit\":10}}", "TasksMax=10", "TasksMax=10" },
	{ "{\"pids\":{\"limit\":0}}", "TasksMax=1", "TasksMax=1" },
	{ "{\"pids\":{\"limit\":-1}}", "TasksMax=18446744073709551615",
	  "TasksMax=18446744073709551615" },
	{ "{\"blockIO\":{\"weight\":100}}", "IOWeight=910", "BlockIOWeight=100" },
	{ "{\"unified\":{\"memory.high\":\" 5\\n\",\"memory.min\":\"max\"}}",
	  "MemoryHigh=5 MemoryMin=18446744073709551615", "" },
	{ "{\"unified\":{\"cpu.max\":\"20000\",\"cpu.weight\":\"7\"}}",
	  "CPUQuotaPeriodUSec=100000 CPUQuotaPerSecUSec=200000 CPUWeight=7", "" },
	{ "{\"unified\":{\"cpu.max\":\"max 50000\",\"cpu.idle\":\"1\",\"cpu.weight\":\"7\"}}",
	  "CPUQuotaPeriodUSec=50000 CPUQuotaPerSecUSec=18446744073709551615 CPUWeight=0", "" },
	{ "{\"unified\":{\"pids.max\":\"0\",\"cpuset.cpus\":\"1\",\"hugetlb.2MB.max\":\"0\"}}",
	  "TasksMax=1 AllowedCPUs=[2]", "" },
};

static void test_limits(void **state)
{
	(void)state;
	for (size_t i = 0; i < 2 * LEN(limit_cases); i++) {
		const struct limit_case *test = &limit_cases[i / 2];
		const struct systemd_host host = { .is_v2 = i % 2, .version = 252 };
		auto_arena struct arena arena = { 0 };
		struct systemd_properties properties = { .arena = &arena };
		struct spec_resources resources = { 0 };
		struct error err = { 0 };

		parse_resources(test->resources, &arena, &resources);
		if (systemd_properties_limits(&host, &resources, &properties, &err) < 0)
			fail_msg("%s: %s", test->resources, err.text);
		assert_properties(&properties, host.is_v2 ? test->v2 : test->v1);
	}
}

static void test_versions(void **state)
{
	static const char text[] = "{\"cpu\":{\"idle\":1},"
				   "\"unified\":{\"memory.oom.group\":\"1\"}}";
	static const struct { unsigned int version; const char *wanted; } cases[] = {
		{ 251, "" },
		{ 252, "CPUWeight=0" },
		{ 253, "CPUWeight=0 OOMPolicy='kill'" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		const struct systemd_host host = { .is_v2 = true, .version = cases[i].version };
		auto_arena struct arena arena = { 0 };
		struct systemd_properties properties = { .arena = &arena };
		struct spec_resources resources = { 0 };

		parse_resources(text, &arena, &resources);
		assert_int_equal(systemd_properties_limits(&host, &resources, &properties, NULL),
				 0);
		assert_properties(&properties, cases[i].wanted);
	}
}

static void test_bad_limits(void **state)
{
	static const struct { const char *resources, *error; } cases[] = {
		{ "{\"unified\":{\"cpu.max\":\"a b\"}}",
		  "/linux/resources/unified/cpu.max: \"a b\"" },
		{ "{\"unified\":{\"memory.max\":\"5G\"}}",
		  "/linux/resources/unified/memory.max: " },
		{ "{\"unified\":{\"cpuset.cpus\":\"x\"}}",
		  "/linux/resources/unified/cpuset.cpus: " },
		{ "{\"memory\":{\"limit\":5,\"swap\":3}}", "/linux/resources/memory/swap: " },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		const struct systemd_host host = { .is_v2 = true, .version = 252 };
		auto_arena struct arena arena = { 0 };
		struct systemd_properties properties = { .arena = &arena };
		struct spec_resources resources = { 0 };
		struct error err = { 0 };

		parse_resources(cases[i].resources, &arena, &resources);
		assert_int_equal(systemd_properties_limits(&host, &resources, &properties, &err),
				 -EINVAL);
		if (!strstr(err.text, cases[i].error))
			fail_msg("\"%s\" in \"%s\"", cases[i].error, err.text);
	}
}

#define DEFAULT_DEVICES                                                                            \
	"('block-*', 'm'), ('char-*', 'm'), ('/dev/char/1:3', 'rwm'), ('/dev/char/1:5', 'rwm'), "  \
	"('/dev/char/1:7', 'rwm'), ('/dev/char/1:8', 'rwm'), ('/dev/char/1:9', 'rwm'), "           \
	"('/dev/char/5:0', 'rwm'), ('/dev/char/5:1', 'rwm'), ('/dev/char/5:2', 'rwm'), "           \
	"('char-136', 'rwm'), ('/dev/char/10:200', 'rwm')"

static void test_devices(void **state)
{
	static const struct { const char *resources, *wanted; } cases[] = {
		{ "{}", "DeviceAllow=[] DevicePolicy='strict' DeviceAllow=[" DEFAULT_DEVICES "]" },
		{ "{\"devices\":[{\"allow\":false,\"access\":\"rwm\"},"
		  "{\"allow\":true,\"type\":\"b\",\"major\":8,\"access\":\"r\"}]}",
		  "DeviceAllow=[] DevicePolicy='strict' DeviceAllow=[('block-8', 'r'), "
		  DEFAULT_DEVICES "]" },
		{ "{\"devices\":[{\"allow\":true}]}", "DeviceAllow=[] DevicePolicy='auto'" },
		/* What systemd has no words for is left to our own program. */
		{ "{\"devices\":[{\"allow\":true},"
		  "{\"allow\":false,\"type\":\"b\",\"major\":8}]}",
		  "DeviceAllow=[] DevicePolicy='auto'" },
		{ "{\"devices\":[{\"allow\":true,\"type\":\"c\",\"minor\":3,"
		  "\"access\":\"r\"}]}",
		  "DeviceAllow=[] DevicePolicy='auto'" },
	};

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		auto_arena struct arena arena = { 0 };
		struct systemd_properties properties = { .arena = &arena };
		struct spec_resources resources = { 0 };

		parse_resources(cases[i].resources, &arena, &resources);
		assert_int_equal(systemd_properties_devices(resources.devices,
							    resources.devices_len, &properties,
							    NULL),
				 0);
		assert_properties(&properties, cases[i].wanted);
	}
}

static void test_rounded_quota(void **state)
{
	(void)state;
	assert_int_equal(systemd_properties_round_quota(50000, 100000), 50000);
	assert_int_equal(systemd_properties_round_quota(33333, 0), 34000);
	assert_int_equal(systemd_properties_round_quota(33333, 50000), 33500);
	assert_int_equal(systemd_properties_round_quota(-1, 100000), -1);
	assert_int_equal(systemd_properties_round_quota(0, 100000), 0);
	assert_int_equal(systemd_properties_round_quota(INT64_MAX, 100000), INT64_MAX);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_unit_names),
		cmocka_unit_test(test_bad_unit_names),
		cmocka_unit_test(test_long_unit_name),
		cmocka_unit_test(test_variants),
		cmocka_unit_test(test_bad_variants),
		cmocka_unit_test(test_deep_variant),
		cmocka_unit_test(test_annotations),
		cmocka_unit_test(test_bad_annotations),
		cmocka_unit_test(test_limits),
		cmocka_unit_test(test_versions),
		cmocka_unit_test(test_bad_limits),
		cmocka_unit_test(test_devices),
		cmocka_unit_test(test_rounded_quota),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
