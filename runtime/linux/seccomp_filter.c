/* seccomp_filter.c - a filter for system calls: what the kernel loads, and the loading */
#include "runtime/linux/seccomp_filter.h"

#include <errno.h>
#include <linux/bpf_common.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "base/strv.h"

void seccomp_filter_add(struct buf *program, uint16_t code, uint8_t if_true, uint8_t if_false,
			uint32_t value)
{
	const struct sock_filter instruction = { code, if_true, if_false, value };

	buf_add(program, &instruction, sizeof(instruction));
}

void seccomp_filter_add_load(struct buf *program, size_t offset)
{
	seccomp_filter_add(program, BPF_LD | BPF_W | BPF_ABS, 0, 0, (uint32_t)offset);
}

size_t seccomp_filter_len(const struct buf *program)
{
	return program->len / sizeof(struct sock_filter);
}

/* With no program to load the kernel gets no further than to the check of the flags. */
bool seccomp_filter_knows_flag(unsigned int flag)
{
	/* One that is only for filters with a listener. */
	if (flag == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV)
		flag |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	return syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, flag, NULL) < 0 && errno == EFAULT;
}

static int plan_flags(const struct spec_seccomp *profile, struct seccomp_filter *filter,
		      struct error *err)
{
	filter->flags = profile->flags ? 0 : SECCOMP_FILTER_FLAG_SPEC_ALLOW;
	for (size_t i = 0; profile->flags && profile->flags[i]; i++) {
		const struct name_value *row =
			table_find_name(spec_seccomp_flags, profile->flags[i]);

		filter->flags |= (unsigned int)row->value;
		/* The others are older than any kernel that gocker runs on. */
		if (row->value == SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV &&
		    !seccomp_filter_knows_flag((unsigned int)row->value))
			return error_set(err, EINVAL, "flags/%zu: %s needs Linux 5.19", i,
					 row->name);
	}
	filter->flags &= ~(unsigned int)SECCOMP_FILTER_FLAG_TSYNC;
	if (filter->has_listener)
		filter->flags |= SECCOMP_FILTER_FLAG_NEW_LISTENER;
	else
		filter->flags &= ~(unsigned int)SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV;
	return 0;
}

static bool lets_through(const char *action)
{
	return !strcmp(action, "SCMP_ACT_ALLOW") || !strcmp(action, "SCMP_ACT_LOG");
}

/* When in doubt it may: a rule with arguments counts as none. */
static bool may_silence(const struct spec_seccomp *profile)
{
	bool through = lets_through(profile->defaultAction);

	for (size_t i = 0; i < profile->syscalls_len; i++) {
		const struct spec_syscall *rule = &profile->syscalls[i];

		if (!strv_contains(rule->names, "sendmsg"))
			continue;
		if (!lets_through(rule->action))
			return true;
		through |= !rule->args_len;
	}
	return !through;
}

int seccomp_filter_plan(const struct spec_seccomp *profile, struct seccomp_filter *filter,
			struct error *err)
{
	for (size_t i = 0; i < profile->syscalls_len; i++)
		filter->has_listener |= !strcmp(profile->syscalls[i].action, "SCMP_ACT_NOTIFY");
	filter->may_silence = filter->has_listener || may_silence(profile);
	return plan_flags(profile, filter, err);
}

enum {
	TOKEN_WORDS = FD_TOKEN_LEN * sizeof(uint64_t) / sizeof(uint32_t),
	PASSAGE_LEN = 7 + 2 * TOKEN_WORDS, /* instructions */
};

/* Goes on where the loaded word is this one, else to what stands behind the passage. */
static void add_need(struct buf *passage, uint32_t value)
{
	uint8_t rest = (uint8_t)(PASSAGE_LEN - seccomp_filter_len(passage) - 1);

	seccomp_filter_add(passage, BPF_JMP | BPF_JEQ | BPF_K, 0, rest, value);
}

/*
 * The kernel shows a filter all six arguments that the registers hold, be the call one of three:
 * the token is in those that sendmsg(2), recvmsg(2) and close(2) do not have.
 */
static void add_passage(struct buf *passage, const uint64_t token[FD_TOKEN_LEN])
{
	const size_t first = offsetof(struct seccomp_data, args[6 - FD_TOKEN_LEN]);
	uint32_t words[TOKEN_WORDS];

	memcpy(words, token, sizeof(words));
	seccomp_filter_add_load(passage, offsetof(struct seccomp_data, arch));
	add_need(passage, seccomp_arch_native());
	seccomp_filter_add_load(passage, offsetof(struct seccomp_data, nr));
	seccomp_filter_add(passage, BPF_JMP | BPF_JEQ | BPF_K, 2, 0, SYS_sendmsg);
	seccomp_filter_add(passage, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, SYS_close);
	add_need(passage, SYS_recvmsg);
	for (size_t i = 0; i < TOKEN_WORDS; i++) {
		seccomp_filter_add_load(passage, first + i * sizeof(*words));
		add_need(passage, words[i]);
	}
	seccomp_filter_add(passage, BPF_RET | BPF_K, 0, 0, SECCOMP_RET_ALLOW);
}

/* Registers have the width of a long. */
static int make_token(uint64_t token[FD_TOKEN_LEN], struct error *err)
{
	unsigned long random[FD_TOKEN_LEN];

	if (getrandom(random, sizeof(random), 0) != sizeof(random))
		return error_errno(err, errno, "get random numbers");
	for (size_t i = 0; i < FD_TOKEN_LEN; i++)
		token[i] = random[i];
	return 0;
}

static int explain_failure(size_t len, int num, struct error *err)
{
	static const struct {
		int num;
		const char *hint;
	} hints[] = {
		{ EACCES, ": without process.noNewPrivileges this needs CAP_SYS_ADMIN" },
		{ EBUSY, ": an agent answers system calls for this process already, and there can "
			 "be no second one" },
		{ EINVAL, ": the kernel takes 4096 instructions at most" },
	};
	char name[ERROR_NAME_SIZE];
	const char *hint = "";

	for (size_t i = 0; i < sizeof(hints) / sizeof(*hints); i++)
		if (hints[i].num == num)
			hint = hints[i].hint;
	return error_set(err, num, "load the seccomp filter of %zu instructions: %s%s", len,
			 error_name(num, name), hint);
}

int seccomp_filter_load(const struct seccomp_filter *filter, struct arena *arena, int *listener,
			struct error *err)
{
	uint64_t token[FD_TOKEN_LEN] = { 0 };
	auto_buf struct buf passage = { 0 };
	struct sock_fprog program;
	size_t len;
	long r = filter->may_silence ? make_token(token, err) : 0;

	if (r < 0)
		return (int)r;
	if (filter->may_silence)
		add_passage(&passage, token);
	len = seccomp_filter_len(&passage) + seccomp_filter_len(&filter->program);
	if (len > BPF_MAXINSNS)
		return explain_failure(len, EINVAL, err);
	program.len = (unsigned short)len;
	program.filter = arena_array(arena, len, sizeof(*program.filter));
	if (passage.len)
		memcpy(program.filter, passage.data, passage.len);
	memcpy((char *)program.filter + passage.len, filter->program.data, filter->program.len);
	r = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, filter->flags, &program);
	if (r < 0)
		return explain_failure(len, errno, err);
	fd_set_token(token);
	*listener = filter->has_listener ? (int)r : -1;
	return 0;
}
