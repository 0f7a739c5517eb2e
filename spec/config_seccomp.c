/* config_seccomp.c - config.json: linux.seccomp */
#include <errno.h>
#include <string.h>

#include "spec/check.h"
#include "spec/config_schema.h"

static const struct name_value actions[] = {
	{ "SCMP_ACT_KILL", 0 },  { "SCMP_ACT_KILL_PROCESS", 0 }, { "SCMP_ACT_KILL_THREAD", 0 },
	{ "SCMP_ACT_TRAP", 0 },  { "SCMP_ACT_ERRNO", 0 },        { "SCMP_ACT_TRACE", 0 },
	{ "SCMP_ACT_ALLOW", 0 }, { "SCMP_ACT_LOG", 0 },          { "SCMP_ACT_NOTIFY", 0 },
	{ NULL, 0 },
};

static const struct name_value operators[] = {
	{ "SCMP_CMP_NE", 0 }, { "SCMP_CMP_LT", 0 }, { "SCMP_CMP_LE", 0 },
	{ "SCMP_CMP_EQ", 0 }, { "SCMP_CMP_GE", 0 }, { "SCMP_CMP_GT", 0 },
	{ "SCMP_CMP_MASKED_EQ", 0 },
	{ NULL, 0 },
};

static const struct name_value filter_flags[] = {
	{ "SECCOMP_FILTER_FLAG_TSYNC", 0 },
	{ "SECCOMP_FILTER_FLAG_LOG", 0 },
	{ "SECCOMP_FILTER_FLAG_SPEC_ALLOW", 0 },
	{ "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", 0 },
	{ NULL, 0 },
};

static const struct schema_row syscall_arg_rows[] = {
	REQUIRED(spec_syscall_arg, index, uint32, .max = 5),
	REQUIRED(spec_syscall_arg, value, uint64),
	OPTIONAL(spec_syscall_arg, valueTwo, uint64),
	REQUIRED(spec_syscall_arg, op, string, .names = operators),
};
static const struct schema spec_syscall_arg_schema = SCHEMA(spec_syscall_arg, syscall_arg_rows);

static const struct schema_row syscall_rows[] = {
	REQUIRED(spec_syscall, names, strings, .check = check_not_empty),
	REQUIRED(spec_syscall, action, string, .names = actions),
	MAYBE(spec_syscall, errnoRet, uint32),
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
	REQUIRED(spec_seccomp, defaultAction, string, .names = actions),
	MAYBE(spec_seccomp, defaultErrnoRet, uint32),
	OPTIONAL(spec_seccomp, flags, strings, .names = filter_flags),
	OPTIONAL(spec_seccomp, listenerPath, string),
	OPTIONAL(spec_seccomp, listenerMetadata, string),
	OPTIONAL(spec_seccomp, architectures, strings, .check = check_not_empty),
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
