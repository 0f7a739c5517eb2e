/* config_seccomp.c - config.json: linux.seccomp */
#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>

#include "spec/check.h"
#include "spec/config_schema.h"

const struct name_value spec_seccomp_actions[] = {
	{ "SCMP_ACT_KILL", SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_KILL_PROCESS", SECCOMP_RET_KILL_PROCESS },
	{ "SCMP_ACT_KILL_THREAD", SECCOMP_RET_KILL_THREAD },
	{ "SCMP_ACT_TRAP", SECCOMP_RET_TRAP },
	{ "SCMP_ACT_ERRNO", SECCOMP_RET_ERRNO },
	{ "SCMP_ACT_TRACE", SECCOMP_RET_TRACE },
	{ "SCMP_ACT_ALLOW", SECCOMP_RET_ALLOW },
	{ "SCMP_ACT_LOG", SECCOMP_RET_LOG },
	{ "SCMP_ACT_NOTIFY", SECCOMP_RET_USER_NOTIF },
	{ NULL, 0 },
};

const struct name_value spec_seccomp_operators[] = {
	{ "SCMP_CMP_NE", SPEC_SECCOMP_NE },
	{ "SCMP_CMP_LT", SPEC_SECCOMP_LT },
	{ "SCMP_CMP_LE", SPEC_SECCOMP_LE },
	{ "SCMP_CMP_EQ", SPEC_SECCOMP_EQ },
	{ "SCMP_CMP_GE", SPEC_SECCOMP_GE },
	{ "SCMP_CMP_GT", SPEC_SECCOMP_GT },
	{ "SCMP_CMP_MASKED_EQ", SPEC_SECCOMP_MASKED_EQ },
	{ NULL, 0 },
};

const struct name_value spec_seccomp_flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", SECCOMP_FILTER_FLAG_TSYNC },
	{ "SECCOMP_FILTER_FLAG_LOG", SECCOMP_FILTER_FLAG_LOG },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", SECCOMP_FILTER_FLAG_SPEC_ALLOW },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV },
	{ NULL, 0 },
};

const struct name_value spec_seccomp_architectures[] = {
	{ "SCMP_ARCH_X86", 0 },
	{ "SCMP_ARCH_X86_64", 0 },
	{ "SCMP_ARCH_X32", 0 },
	{ "SCMP_ARCH_ARM", 0 },
	{ "SCMP_ARCH_AARCH64", 0 },
	{ "SCMP_ARCH_MIPS", 0 },
	{ "SCMP_ARCH_MIPS64", 0 },
	{ "SCMP_ARCH_MIPS64N32", 0 },
	{ "SCMP_ARCH_MIPSEL", 0 },
	{ "SCMP_ARCH_MIPSEL64", 0 },
	{ "SCMP_ARCH_MIPSEL64N32", 0 },
	{ "SCMP_ARCH_PPC", 0 },
	{ "SCMP_ARCH_PPC64", 0 },
	{ "SCMP_ARCH_PPC64LE", 0 },
	{ "SCMP_ARCH_S390", 0 },
	{ "SCMP_ARCH_S390X", 0 },
	{ "SCMP_ARCH_PARISC", 0 },
	{ "SCMP_ARCH_PARISC64", 0 },
	{ "SCMP_ARCH_RISCV64", 0 },
	{ "SCMP_ARCH_LOONGARCH64", 0 },
	{ "SCMP_ARCH_M68K", 0 },
	{ "SCMP_ARCH_SH", 0 },
	{ "SCMP_ARCH_SHEB", 0 },
	{ NULL, 0 },
};

static const struct schema_row syscall_arg_rows[] = {
	REQUIRED(spec_syscall_arg, index, uint32, .max = 5),
	REQUIRED(spec_syscall_arg, value, uint64),
	OPTIONAL(spec_syscall_arg, valueTwo, uint64),
	REQUIRED(spec_syscall_arg, op, string, .names = spec_seccomp_operators),
};
static const struct schema spec_syscall_arg_schema = SCHEMA(spec_syscall_arg, syscall_arg_rows);

static const struct schema_row syscall_rows[] = {
	REQUIRED(spec_syscall, names, strings, .check = check_not_empty),
	REQUIRED(spec_syscall, action, string, .names = spec_seccomp_actions),
	MAYBE(spec_syscall, errnoRet, uint32, .max = SECCOMP_RET_DATA),
	OBJECTS(spec_syscall, args, spec_syscall_arg),
};

static bool takes_errno(const char *action)
{
	return !strcmp(action, "SCMP_ACT_ERRNO") || !strcmp(action, "SCMP_ACT_TRACE");
}

static int check_syscall(const void *object, struct error *err)
{
	const struct spec_syscall *syscall = object;

	if (!syscall->names[0])
		return error_set(err, EINVAL, "names must not be empty");
	if (syscall->errnoRet && !takes_errno(syscall->action))
		return error_set(err, EINVAL, "errnoRet is only for SCMP_ACT_ERRNO and "
				 "SCMP_ACT_TRACE, not for %s", syscall->action);
	return 0;
}

static const struct schema spec_syscall_schema =
	SCHEMA(spec_syscall, syscall_rows, .check = check_syscall);

static const struct schema_row seccomp_rows[] = {
	REQUIRED(spec_seccomp, defaultAction, string, .names = spec_seccomp_actions),
	MAYBE(spec_seccomp, defaultErrnoRet, uint32, .max = SECCOMP_RET_DATA),
	OPTIONAL(spec_seccomp, flags, strings, .names = spec_seccomp_flags),
	OPTIONAL(spec_seccomp, listenerPath, string),
	OPTIONAL(spec_seccomp, listenerMetadata, string),
	OPTIONAL(spec_seccomp, architectures, strings, .names = spec_seccomp_architectures),
	OBJECTS(spec_seccomp, syscalls, spec_syscall),
};

static int check_seccomp(const void *object, struct error *err)
{
	const struct spec_seccomp *seccomp = object;

	if (seccomp->defaultErrnoRet && !takes_errno(seccomp->defaultAction))
		return error_set(err, EINVAL, "defaultErrnoRet is only for SCMP_ACT_ERRNO and "
				 "SCMP_ACT_TRACE, not for %s", seccomp->defaultAction);
	if (seccomp->listenerMetadata && !seccomp->listenerPath)
		return error_set(err, EINVAL, "listenerMetadata needs a listenerPath");
	for (size_t i = 0; i < seccomp->syscalls_len; i++)
		if (!strcmp(seccomp->syscalls[i].action, "SCMP_ACT_NOTIFY") &&
		    !seccomp->listenerPath)
			return error_set(err, EINVAL, "SCMP_ACT_NOTIFY needs a listenerPath");
	if (!strcmp(seccomp->defaultAction, "SCMP_ACT_NOTIFY"))
		return error_set(err, EINVAL, "SCMP_ACT_NOTIFY cannot be the defaultAction: "
				 "the process could not even hand over the notify descriptor");
	return 0;
}

const struct schema spec_seccomp_schema =
	SCHEMA(spec_seccomp, seccomp_rows, .check = check_seccomp);
