/* test_mountopt.c - what each mount option does, alone and after others */
#include <errno.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <sys/mount.h>

#include <cmocka.h>

#include "base/strv.h"
#include "runtime/linux/mountopt.h"

static struct arena arena;

static struct mount_options parse(char *const *options)
{
	struct mount_options read;

	assert_int_equal(mountopt_parse(options, &arena, &read, NULL), 0);
	return read;
}

#define PARSE(...) parse((char *const[]){ __VA_ARGS__, NULL })

static int free_arena(void **state)
{
	(void)state;
	arena_free(&arena);
	return 0;
}

static void nothing(void **state)
{
	struct mount_options options = parse(NULL), empty = { 0 };

	(void)state;
	assert_non_null(options.data);
	assert_null(options.data[0]);
	options.data = NULL;
	assert_memory_equal(&options, &empty, sizeof(options));
}

static void empty_strings_and_defaults_do_nothing(void **state)
{
	struct mount_options options = PARSE("", "defaults", "silent", "loud", "iversion", "");
	struct mount_options empty = { 0 };

	(void)state;
	assert_null(options.data[0]);
	options.data = NULL;
	assert_memory_equal(&options, &empty, sizeof(options));
}

static const struct {
	const char *name;
	uint64_t set, clear;
} attributes[] = {
	{ "ro", MOUNT_ATTR_RDONLY, 0 },
	{ "rw", 0, MOUNT_ATTR_RDONLY },
	{ "nosuid", MOUNT_ATTR_NOSUID, 0 },
	{ "suid", 0, MOUNT_ATTR_NOSUID },
	{ "nodev", MOUNT_ATTR_NODEV, 0 },
	{ "dev", 0, MOUNT_ATTR_NODEV },
	{ "noexec", MOUNT_ATTR_NOEXEC, 0 },
	{ "exec", 0, MOUNT_ATTR_NOEXEC },
	{ "nodiratime", MOUNT_ATTR_NODIRATIME, 0 },
	{ "diratime", 0, MOUNT_ATTR_NODIRATIME },
	{ "nosymfollow", MOUNT_ATTR_NOSYMFOLLOW, 0 },
	{ "symfollow", 0, MOUNT_ATTR_NOSYMFOLLOW },
	{ "noatime", MOUNT_ATTR_NOATIME, MOUNT_ATTR__ATIME & ~MOUNT_ATTR_NOATIME },
	{ "strictatime", MOUNT_ATTR_STRICTATIME, MOUNT_ATTR__ATIME & ~MOUNT_ATTR_STRICTATIME },
	{ "relatime", 0, MOUNT_ATTR__ATIME },
	{ "atime", 0, MOUNT_ATTR__ATIME },
	{ "nostrictatime", 0, MOUNT_ATTR__ATIME },
	{ "norelatime", 0, 0 },
};

/* The kernel refuses a change of the atime field that does not clear all of it. */
static uint64_t whole_field(uint64_t set, uint64_t clear)
{
	return ((set | clear) & MOUNT_ATTR__ATIME) ? clear | MOUNT_ATTR__ATIME : clear;
}

static void every_attribute_alone_and_recursive(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof(attributes) / sizeof(*attributes); i++) {
		char recursive[32] = "r";
		uint64_t clear = whole_field(attributes[i].set, attributes[i].clear);
		struct mount_options options = PARSE((char *)attributes[i].name);

		assert_int_equal(options.set, attributes[i].set);
		assert_int_equal(options.clear, clear);
		assert_int_equal(options.recursive_set | options.recursive_clear, 0);
		assert_null(options.data[0]);

		options = parse((char *const[]){ strcat(recursive, attributes[i].name), NULL });
		assert_int_equal(options.recursive_set, attributes[i].set);
		assert_int_equal(options.recursive_clear, clear);
		assert_int_equal(options.set | options.clear, 0);
		assert_null(options.data[0]);
	}
}

static void the_last_of_a_pair_holds(void **state)
{
	struct mount_options options = PARSE("ro", "nosuid", "rw");

	(void)state;
	assert_int_equal(options.set, MOUNT_ATTR_NOSUID);
	assert_int_equal(options.clear, MOUNT_ATTR_RDONLY);
	options = PARSE("rw", "ro");
	assert_int_equal(options.set, MOUNT_ATTR_RDONLY);
	assert_int_equal(options.clear, 0);
	options = PARSE("strictatime", "noatime");
	assert_int_equal(options.set, MOUNT_ATTR_NOATIME);
	assert_int_equal(options.clear, MOUNT_ATTR__ATIME);
	options = PARSE("noatime", "relatime");
	assert_int_equal(options.set, 0);
	assert_int_equal(options.clear, MOUNT_ATTR__ATIME);
}

static void propagation(void **state)
{
	static const struct {
		const char *name;
		unsigned long flag;
	} rows[] = {
		{ "rprivate", MS_PRIVATE },
		{ "rshared", MS_SHARED },
		{ "rslave", MS_SLAVE },
		{ "runbindable", MS_UNBINDABLE },
	};

	(void)state;
	for (size_t i = 0; i < sizeof(rows) / sizeof(*rows); i++) {
		struct mount_options options = PARSE((char *)rows[i].name);

		assert_int_equal(options.propagation, rows[i].flag);
		assert_true(options.propagation_recursive);
		options = PARSE("rshared", (char *)rows[i].name + 1);
		assert_int_equal(options.propagation, rows[i].flag);
		assert_false(options.propagation_recursive);
		assert_false(options.bind);
	}
}

static void bind_never_becomes_recursive(void **state)
{
	struct mount_options options = PARSE("bind", "rprivate", "rro");

	(void)state;
	assert_true(options.bind);
	assert_false(options.recursive);
	options = PARSE("rbind");
	assert_true(options.bind);
	assert_true(options.recursive);
}

static void manners(void **state)
{
	struct mount_options options = PARSE("idmap", "tmpcopyup", "remount");

	(void)state;
	assert_true(options.idmap && options.copy_up && options.remount);
	assert_false(options.idmap_recursive || options.bind);
	assert_null(options.data[0]);
	options = PARSE("ridmap");
	assert_true(options.idmap && options.idmap_recursive);
}

static void unknown_options_are_data_in_their_order(void **state)
{
	struct mount_options options =
		PARSE("mode=755", "nosuid", "sync", "size=64k", "newinstance", "nolazytime");

	(void)state;
	assert_int_equal(strv_len(options.data), 5);
	assert_string_equal(options.data[0], "mode=755");
	assert_string_equal(options.data[1], "sync");
	assert_string_equal(options.data[2], "size=64k");
	assert_string_equal(options.data[3], "newinstance");
	assert_string_equal(options.data[4], "nolazytime");
}

static void data_is_split_at_commas(void **state)
{
	struct mount_options options = PARSE("lowerdir=/a:/b,upperdir=/c\\,d,,workdir=/e,", ",");

	(void)state;
	assert_int_equal(strv_len(options.data), 3);
	assert_string_equal(options.data[0], "lowerdir=/a:/b");
	assert_string_equal(options.data[1], "upperdir=/c\\,d");
	assert_string_equal(options.data[2], "workdir=/e");
	options = PARSE("a\\");
	assert_string_equal(options.data[0], "a\\");
}

static void data_without_a_name_is_refused(void **state)
{
	struct mount_options options = { .set = 42 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(mountopt_parse((char *const[]){ "a=1,=2", NULL }, &arena, &options, &err),
			 -EINVAL);
	assert_string_equal(err.text, "mount option \"a=1,=2\" has no name");
	assert_int_equal(options.set, 42);
}

static void names_are_sorted_and_all_understood(void **state)
{
	char **names = mountopt_names(&arena);
	size_t len = strv_len(names);

	(void)state;
	assert_true(len >= 60);
	for (size_t i = 0; i < len; i++) {
		struct mount_options options = PARSE(names[i]);

		if (i)
			assert_true(strcmp(names[i - 1], names[i]) < 0);
		if (options.data[0])
			assert_non_null(strstr("async dirsync lazytime mand nolazytime nomand sync",
					       names[i]));
	}
	assert_true(strv_contains(names, "rnostrictatime"));
	assert_true(strv_contains(names, "tmpcopyup"));
	assert_true(strv_contains(names, "runbindable"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_teardown(nothing, free_arena),
		cmocka_unit_test_teardown(empty_strings_and_defaults_do_nothing, free_arena),
		cmocka_unit_test_teardown(every_attribute_alone_and_recursive, free_arena),
		cmocka_unit_test_teardown(the_last_of_a_pair_holds, free_arena),
		cmocka_unit_test_teardown(propagation, free_arena),
		cmocka_unit_test_teardown(bind_never_becomes_recursive, free_arena),
		cmocka_unit_test_teardown(manners, free_arena),
		cmocka_unit_test_teardown(unknown_options_are_data_in_their_order, free_arena),
		cmocka_unit_test_teardown(data_is_split_at_commas, free_arena),
		cmocka_unit_test_teardown(data_without_a_name_is_refused, free_arena),
		cmocka_unit_test_teardown(names_are_sorted_and_all_understood, free_arena),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
