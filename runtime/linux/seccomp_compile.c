/* seccomp_compile.c - from a seccomp profile to a program for the kernel, by libseccomp */
#include "runtime/linux/seccomp_compile.h"

#include <ctype.h>
#include <errno.h>
#include <seccomp.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/file.h"
#include "base/log.h"
#include "runtime/linux/seccomp_enosys.h"

_Static_assert((int)SPEC_SECCOMP_NE == SCMP_CMP_NE && (int)SPEC_SECCOMP_EQ == SCMP_CMP_EQ &&
		       (int)SPEC_SECCOMP_MASKED_EQ == SCMP_CMP_MASKED_EQ,
	       "operators are numbered as libseccomp numbers them");

enum {
	ARGUMENTS_MAX = 6,
	ARCHITECTURES_MAX = 32,
	OPTIMIZE_FROM = 32,  /* rules: below, libseccomp's tree is no gain */
	OPTIMIZE_AS_TREE = 2,
	PROGRAM_SIZE_MAX = 1 << 20,
};

struct compiler {
	const struct spec_seccomp *profile;
	bool is_strict; /* unknown calls are an error */
	scmp_filter_ctx context;
	uint32_t architectures[ARCHITECTURES_MAX];
	size_t architectures_len;
	uint32_t default_action;
};

static uint32_t find_architecture(const char *name)
{
	char lower[32];
	size_t len = 0;

	for (name += strlen("SCMP_ARCH_"); *name && len < sizeof(lower) - 1; name++)
		lower[len++] = (char)tolower((unsigned char)*name);
	lower[len] = 0;
	return seccomp_arch_resolve_name(lower);
}

bool seccomp_compile_has_architecture(const char *name)
{
	return find_architecture(name) != 0;
}

void seccomp_compile_version(char version[SECCOMP_VERSION_SIZE])
{
	const struct scmp_version *library = seccomp_version();

	snprintf(version, SECCOMP_VERSION_SIZE, "%u.%u.%u", library->major, library->minor,
		 library->micro);
}

static uint32_t find_action(const char *name, const uint32_t *errno_ret)
{
	uint32_t action = (uint32_t)table_find_name(spec_seccomp_actions, name)->value;
	uint32_t number = errno_ret ? *errno_ret : EPERM;

	if (action == SCMP_ACT_ERRNO(0) || action == SCMP_ACT_TRACE(0))
		action |= number;
	return action;
}

static int explain(int num, const char *what, const char *name, struct error *err)
{
	if (num == -EEXIST)
		return error_set(err, EINVAL, "%s \"%s\": another rule says something else for the "
				 "same call", what, name);
	return error_errno(err, num, "%s \"%s\": libseccomp", what, name);
}

static int add_architecture(struct compiler *compiler, const char *name, struct error *err)
{
	uint32_t token = find_architecture(name);
	int r;

	if (!token) {
		char version[SECCOMP_VERSION_SIZE];

		seccomp_compile_version(version);
		return error_set(err, EINVAL, "\"%s\" is unknown to libseccomp %s", name, version);
	}
	for (size_t i = 0; i < compiler->architectures_len; i++)
		if (compiler->architectures[i] == token)
			return 0;
	r = seccomp_arch_add(compiler->context, token);
	if (r == -EDOM)
		return error_set(err, EINVAL,
				 "\"%s\" has another byte order than this machine", name);
	if (r < 0)
		return explain(r, "architecture", name, err);
	compiler->architectures[compiler->architectures_len++] = token;
	return 0;
}

static int add_architectures(struct compiler *compiler, struct error *err)
{
	char **names = compiler->profile->architectures;

	compiler->architectures[compiler->architectures_len++] = seccomp_arch_native();
	for (size_t i = 0; names && names[i]; i++)
		if (add_architecture(compiler, names[i], err) < 0)
			return error_context(err, "architectures/%zu", i);
	return 0;
}

static bool has_argument_twice(const struct spec_syscall *rule)
{
	unsigned int seen = 0;

	for (size_t i = 0; i < rule->args_len; i++) {
		if (seen & 1U << rule->args[i].index)
			return true;
		seen |= 1U << rule->args[i].index;
	}
	return false;
}

/* args: one of each index at most. */
static int add_conditions(scmp_filter_ctx context, uint32_t action, int number,
			  const struct spec_syscall_arg *args, size_t len)
{
	struct scmp_arg_cmp conditions[ARGUMENTS_MAX];

	for (size_t i = 0; i < len; i++) {
		const struct name_value *row = table_find_name(spec_seccomp_operators, args[i].op);

		conditions[i] = (struct scmp_arg_cmp){ args[i].index, (enum scmp_compare)row->value,
						       args[i].value, args[i].valueTwo };
	}
	return seccomp_rule_add_array(context, action, number, (unsigned int)len, conditions);
}

static int add_rule(scmp_filter_ctx context, uint32_t action, int number,
		    const struct spec_syscall *rule)
{
	int r = 0;

	if (!has_argument_twice(rule))
		return add_conditions(context, action, number, rule->args, rule->args_len);
	for (size_t i = 0; r == 0 && i < rule->args_len; i++)
		r = add_conditions(context, action, number, &rule->args[i], 1);
	return r;
}

static int add_rules(struct compiler *compiler, const struct spec_syscall *rule,
		     struct error *err)
{
	uint32_t action = find_action(rule->action, rule->errnoRet);

	/* libseccomp refuses those. */
	if (action == compiler->default_action)
		return 0;
	for (char **name = rule->names; *name; name++) {
		int number = seccomp_syscall_resolve_name(*name), r = 0;

		if (number == __NR_SCMP_ERROR && compiler->is_strict)
			return error_set(err, EINVAL, "system call \"%s\" is unknown", *name);
		if (number == __NR_SCMP_ERROR)
			log_debug("seccomp: unknown system call \"%s\" ignored", *name);
		else
			r = add_rule(compiler->context, action, number, rule);
		if (r < 0)
			return explain(r, "system call", *name, err);
	}
	return 0;
}

static size_t count_names(const struct spec_seccomp *profile)
{
	size_t count = 0;

	for (size_t i = 0; i < profile->syscalls_len; i++)
		for (char **name = profile->syscalls[i].names; *name; name++)
			count++;
	return count;
}

/* libseccomp before 2.6 writes to descriptors only. */
static int export_program(scmp_filter_ctx context, struct buf *program, struct error *err)
{
	auto_close int fd = memfd_create("seccomp", MFD_CLOEXEC);
	int r = fd < 0 ? -errno : seccomp_export_bpf(context, fd);

	if (r == 0 && lseek(fd, 0, SEEK_SET) < 0)
		r = -errno;
	if (r == 0)
		r = file_read_fd(fd, PROGRAM_SIZE_MAX, program);
	return r < 0 ? error_errno(err, r, "let libseccomp write the filter") : 0;
}

static int compile(struct compiler *compiler, struct buf *program, struct error *err)
{
	const struct spec_seccomp *profile = compiler->profile;
	int r = add_architectures(compiler, err);

	if (r < 0)
		return r;
	if (count_names(profile) > OPTIMIZE_FROM)
		seccomp_attr_set(compiler->context, SCMP_FLTATR_CTL_OPTIMIZE, OPTIMIZE_AS_TREE);
	for (size_t i = 0; i < profile->syscalls_len; i++)
		if (add_rules(compiler, &profile->syscalls[i], err) < 0)
			return error_context(err, "syscalls/%zu", i);
	seccomp_enosys_add(profile, compiler->architectures, compiler->architectures_len, program);
	return export_program(compiler->context, program, err);
}

int seccomp_compile(const struct spec_seccomp *profile, bool is_strict, struct buf *program,
		    struct error *err)
{
	struct compiler compiler = {
		.profile = profile,
		.is_strict = is_strict,
		.default_action = find_action(profile->defaultAction, profile->defaultErrnoRet),
	};
	int r;

	compiler.context = seccomp_init(compiler.default_action);
	if (!compiler.context)
		return error_set(err, EINVAL, "defaultAction: libseccomp refuses \"%s\"",
				 profile->defaultAction);
	r = compile(&compiler, program, err);
	seccomp_release(compiler.context);
	return r;
}
