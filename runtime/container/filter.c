/* filter.c - the container's seccomp filter, made once and kept for the next time */
#include "runtime/container/filter.h"

#include <string.h>
#include <sys/utsname.h>

#include "base/log.h"
#include "runtime/container/filter_cache.h"
#include "runtime/linux/seccomp_compile.h"
#include "runtime/linux/seccomp_shrink.h"

static void add_string(struct buf *key, const char *text)
{
	buf_add(key, text, strlen(text) + 1);
}

/* No string in it is empty: that one ends the list. */
static void add_strings(struct buf *key, char *const *list)
{
	for (; list && *list; list++)
		add_string(key, *list);
	add_string(key, "");
}

static void add_number(struct buf *key, uint64_t number)
{
	buf_add(key, &number, sizeof(number));
}

static void add_errno(struct buf *key, const uint32_t *number)
{
	add_number(key, number ? *number : UINT64_MAX);
}

static void add_rule(struct buf *key, const struct spec_syscall *rule)
{
	add_string(key, rule->action);
	add_errno(key, rule->errnoRet);
	add_strings(key, rule->names);
	add_number(key, rule->args_len);
	for (size_t i = 0; i < rule->args_len; i++) {
		const struct spec_syscall_arg *arg = &rule->args[i];

		add_number(key, arg->index);
		add_number(key, arg->value);
		add_number(key, arg->valueTwo);
		add_string(key, arg->op);
	}
}

/* Counts up where the same profile becomes another program: the version may stay the same. */
static const char FORM[] = "2, shrunk";

/* Has room for all that a profile like docker's names: memory that grows is asked for anew. */
enum { KEY_SIZE = 8000 };

/* Who compiles, and for which kernel: what libseccomp does depends on both. */
static void add_makers(struct buf *key)
{
	char version[SECCOMP_VERSION_SIZE];
	struct utsname kernel;

	uname(&kernel);
	seccomp_compile_version(version);
	add_string(key, PACKAGE_VERSION);
	add_string(key, FORM);
	add_string(key, version);
	add_string(key, kernel.release);
	add_string(key, kernel.version);
	add_string(key, kernel.machine);
}

/* All that the program follows from; flags and the agent are no part of it. */
static void describe(const struct spec_seccomp *profile, bool is_strict, struct buf *key)
{
	add_makers(key);
	add_number(key, is_strict);
	add_string(key, profile->defaultAction);
	add_errno(key, profile->defaultErrnoRet);
	add_strings(key, profile->architectures);
	for (size_t i = 0; i < profile->syscalls_len; i++)
		add_rule(key, &profile->syscalls[i]);
}

static int find_program(const struct spec_seccomp *profile, bool is_strict, int store,
			struct buf *program, struct error *err)
{
	auto_buf struct buf key = { 0 };
	bool is_shrunk;
	int r;

	buf_reserve(&key, KEY_SIZE);
	describe(profile, is_strict, &key);
	if (filter_cache_find(store, &key, program)) {
		log_debug("seccomp filter found in the cache");
		return 0;
	}
	r = seccomp_compile(profile, is_strict, program, err);
	if (r < 0)
		return r;
	is_shrunk = seccomp_shrink(program);
	log_debug("seccomp filter compiled%s", is_shrunk ? " and shrunk" : "");
	filter_cache_keep(store, &key, program);
	return 0;
}

int filter_make(const struct spec_config *config, int store, struct seccomp_filter *filter,
		struct error *err)
{
	const struct spec_seccomp *profile = config->linux ? config->linux->seccomp : NULL;
	const char *strict = spec_config_annotation(config, "run.oci.seccomp_fail_unknown_syscall");
	int r;

	if (!profile)
		return 0;
	r = seccomp_filter_plan(profile, filter, err);
	if (r == 0)
		r = find_program(profile, strict && strcmp(strict, "0"), store, &filter->program,
				 err);
	return r < 0 ? error_context(err, "config.json: /linux/seccomp") : 0;
}

const struct seccomp_filter *filter_or_null(const struct seccomp_filter *filter)
{
	return filter->program.len ? filter : NULL;
}

void filter_free(struct seccomp_filter *filter)
{
	buf_free(&filter->program);
}
