/* seccomp_enosys.c - system calls that a profile cannot know answer ENOSYS */
#include "runtime/linux/seccomp_enosys.h"

#include <errno.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <seccomp.h>
#include <string.h>

#include "runtime/linux/seccomp_filter.h"

/* Calls of the x32 ABI come as those of x86-64, with this bit in their number (syscall(2)). */
static const uint32_t X32_BIT = 1U << 30;

static const uint32_t ANSWER = SECCOMP_RET_ERRNO | ENOSYS;

static bool is_wanted(const struct spec_seccomp *profile)
{
	static const char *const lenient[] = {
		"SCMP_ACT_ALLOW", "SCMP_ACT_LOG", "SCMP_ACT_TRACE",
	};

	for (size_t i = 0; i < sizeof(lenient) / sizeof(*lenient); i++)
		if (!strcmp(profile->defaultAction, lenient[i]))
			return false;
	return !profile->defaultErrnoRet || *profile->defaultErrnoRet != ENOSYS;
}

/* Return: the highest number of the calls named, 0: this architecture has none of them. */
static uint32_t find_newest(const struct spec_seccomp *profile, uint32_t architecture)
{
	int newest = 0;

	for (size_t i = 0; i < profile->syscalls_len; i++)
		for (char **name = profile->syscalls[i].names; *name; name++) {
			int number = seccomp_syscall_resolve_name_arch(architecture, *name);

			/* Below 0: unknown, or a stand-in for a call of other architectures. */
			newest = number > newest ? number : newest;
		}
	return (uint32_t)newest;
}

/*
 * What tells calls of one architecture from the others, and leads past what follows, len - 1
 * instructions, where it is not this one.
 */
static void add_match(struct buf *program, uint32_t architecture, uint8_t len)
{
	bool is_x32 = architecture == SCMP_ARCH_X32, is_x86_64 = architecture == SCMP_ARCH_X86_64;
	uint32_t audit = is_x32 ? AUDIT_ARCH_X86_64 : architecture;
	uint8_t mode_len = is_x32 || is_x86_64 ? 1 : 0;

	seccomp_filter_add_load(program, offsetof(struct seccomp_data, arch));
	seccomp_filter_add(program, BPF_JMP | BPF_JEQ | BPF_K, 0,
			   (uint8_t)(len + mode_len + 1), audit);
	seccomp_filter_add_load(program, offsetof(struct seccomp_data, nr));
	if (mode_len)
		seccomp_filter_add(program, BPF_JMP | BPF_JSET | BPF_K, is_x32 ? 0 : len,
				   is_x32 ? len : 0, X32_BIT);
}

/*
 * On s390 a number that does not fit into an instruction is in a register, and a call that the
 * kernel does not know is shown as number 0, once setup(2), which nobody calls.
 */
static bool hides_new_calls(uint32_t architecture)
{
	return architecture == SCMP_ARCH_S390 || architecture == SCMP_ARCH_S390X;
}

static void add_architecture(struct buf *program, uint32_t architecture, uint32_t newest)
{
	bool has_zero = hides_new_calls(architecture);

	add_match(program, architecture, has_zero ? 4 : 3);
	if (has_zero)
		seccomp_filter_add(program, BPF_JMP | BPF_JEQ | BPF_K, 1, 0, 0);
	seccomp_filter_add(program, BPF_JMP | BPF_JGT | BPF_K, 0, 1, newest);
	seccomp_filter_add(program, BPF_RET | BPF_K, 0, 0, ANSWER);
	/* To the filter: how far that is, is known at the end. */
	seccomp_filter_add(program, BPF_JMP | BPF_JA, 0, 0, 0);
}

void seccomp_enosys_add(const struct spec_seccomp *profile, const uint32_t *architectures,
			size_t len, struct buf *program)
{
	struct sock_filter *instructions;
	size_t end;

	for (size_t i = 0; i < len && is_wanted(profile); i++) {
		uint32_t newest = find_newest(profile, architectures[i]);

		if (newest)
			add_architecture(program, architectures[i], newest);
	}
	end = seccomp_filter_len(program);
	instructions = (struct sock_filter *)program->data;
	for (size_t i = 0; i < end; i++)
		if (instructions[i].code == (BPF_JMP | BPF_JA))
			instructions[i].k = (uint32_t)(end - i - 1);
}
