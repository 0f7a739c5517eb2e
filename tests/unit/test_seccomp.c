/* test_seccomp.c - what compiled filters answer, asked by an interpreter and by the kernel */
#include "runtime/linux/seccomp_compile.h"

#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#include "runtime/linux/seccomp_enosys.h"
#include "runtime/linux/seccomp_filter.h"
#include "tests/unit/unit.h"
#include "tests/unit/unit_seccomp.h"

static uint32_t ask(const struct buf *program, uint32_t arch, int number)
{
	const struct seccomp_data data = { .arch = arch, .nr = number };

	return seccomp_run(program, &data);
}

static struct spec_syscall allow(char **names)
{
	return (struct spec_syscall){ .names = names, .action = "SCMP_ACT_ALLOW" };
}

/* Numbers: read 0, mkdir 83, seccomp 317 on x86-64; setup 0, read 3, seccomp 348 on s390x. */
static char *old_names[] = { "read", "seccomp", "mkdir", "of_the_future", NULL };

static void test_newest_of_each_architecture(void **state)
{
	struct spec_syscall rule = allow(old_names);
	const struct spec_seccomp profile = {
		.defaultAction = "SCMP_ACT_ERRNO", .syscalls = &rule, .syscalls_len = 1,
	};
	static const uint32_t architectures[] = {
		SCMP_ARCH_X86_64, SCMP_ARCH_X86, SCMP_ARCH_X32, SCMP_ARCH_AARCH64, SCMP_ARCH_S390X,
	};
	static const struct {
		uint32_t arch;
		int number;
		uint32_t answer;
	} rows[] = {
		{ AUDIT_ARCH_X86_64, 0, PASSED_ON },
		{ AUDIT_ARCH_X86_64, 317, PASSED_ON },
		{ AUDIT_ARCH_X86_64, 318, SECCOMP_RET_ERRNO | ENOSYS },
		{ AUDIT_ARCH_X86_64, 5000, SECCOMP_RET_ERRNO | ENOSYS },
		{ AUDIT_ARCH_X86_64, 0x40000000 + 317, PASSED_ON },
		{ AUDIT_ARCH_X86_64, 0x40000000 + 318, SECCOMP_RET_ERRNO | ENOSYS },
		{ AUDIT_ARCH_X86_64, -1, SECCOMP_RET_ERRNO | ENOSYS },
		{ AUDIT_ARCH_I386, 354, PASSED_ON },
		{ AUDIT_ARCH_I386, 355, SECCOMP_RET_ERRNO | ENOSYS },
		{ AUDIT_ARCH_I386, 317, PASSED_ON },
		{ AUDIT_ARCH_AARCH64, 277, PASSED_ON },
		{ AUDIT_ARCH_AARCH64, 278, SECCOMP_RET_ERRNO | ENOSYS },
		{ AUDIT_ARCH_S390X, 348, PASSED_ON },
		{ AUDIT_ARCH_S390X, 349, SECCOMP_RET_ERRNO | ENOSYS },
		{ AUDIT_ARCH_S390X, 3, PASSED_ON },
		{ AUDIT_ARCH_S390X, 0, SECCOMP_RET_ERRNO | ENOSYS },
		{ AUDIT_ARCH_ARM, 5000, PASSED_ON },
	};
	auto_buf struct buf program = { 0 };

	(void)state;
	seccomp_enosys_add(&profile, architectures, LEN(architectures), &program);
	for (size_t i = 0; i < LEN(rows); i++)
		assert_int_equal(ask(&program, rows[i].arch, rows[i].number), rows[i].answer);
}

static void test_x32_is_not_x86_64(void **state)
{
	struct spec_syscall rule = allow(old_names);
	const struct spec_seccomp profile = {
		.defaultAction = "SCMP_ACT_KILL", .syscalls = &rule, .syscalls_len = 1,
	};
	static const uint32_t x86_64 = SCMP_ARCH_X86_64, x32 = SCMP_ARCH_X32;
	auto_buf struct buf first = { 0 }, second = { 0 };

	(void)state;
	seccomp_enosys_add(&profile, &x86_64, 1, &first);
	assert_int_equal(ask(&first, AUDIT_ARCH_X86_64, 5000), SECCOMP_RET_ERRNO | ENOSYS);
	assert_int_equal(ask(&first, AUDIT_ARCH_X86_64, 0x40000000 + 5000), PASSED_ON);
	seccomp_enosys_add(&profile, &x32, 1, &second);
	assert_int_equal(ask(&second, AUDIT_ARCH_X86_64, 5000), PASSED_ON);
	assert_int_equal(ask(&second, AUDIT_ARCH_X86_64, 0x40000000 + 5000),
			 SECCOMP_RET_ERRNO | ENOSYS);
}

static void test_profiles_that_need_no_enosys(void **state)
{
	static char *unknown[] = { "of_the_future", NULL };
	uint32_t answer_enosys = ENOSYS, answer_eperm = EPERM;
	struct spec_syscall known_rule = allow(old_names), unknown_rule = allow(unknown);
	const struct {
		char *action;
		uint32_t *errno_ret;
		struct spec_syscall *rule;
		bool is_empty;
	} rows[] = {
		{ "SCMP_ACT_ALLOW", NULL, &known_rule, true },
		{ "SCMP_ACT_LOG", NULL, &known_rule, true },
		{ "SCMP_ACT_TRACE", NULL, &known_rule, true },
		{ "SCMP_ACT_ERRNO", NULL, &unknown_rule, true },
		{ "SCMP_ACT_ERRNO", &answer_enosys, &known_rule, true },
		{ "SCMP_ACT_ERRNO", &answer_eperm, &known_rule, false },
		{ "SCMP_ACT_TRAP", NULL, &known_rule, false },
		{ "SCMP_ACT_KILL_PROCESS", NULL, &known_rule, false },
	};
	static const uint32_t native = SCMP_ARCH_X86_64;

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct spec_seccomp profile = {
			.defaultAction = rows[i].action,
			.defaultErrnoRet = rows[i].errno_ret,
			.syscalls = rows[i].rule,
			.syscalls_len = 1,
		};
		auto_buf struct buf program = { 0 };

		seccomp_enosys_add(&profile, &native, 1, &program);
		assert_int_equal(program.len == 0, rows[i].is_empty);
	}
}

static void test_actions(void **state)
{
	static const struct {
		char *action;
		uint32_t errno_ret, answer;
	} rows[] = {
		{ "SCMP_ACT_KILL", 0, SECCOMP_RET_KILL_THREAD },
		{ "SCMP_ACT_KILL_THREAD", 0, SECCOMP_RET_KILL_THREAD },
		{ "SCMP_ACT_KILL_PROCESS", 0, SECCOMP_RET_KILL_PROCESS },
		{ "SCMP_ACT_TRAP", 0, SECCOMP_RET_TRAP },
		{ "SCMP_ACT_ERRNO", 0, SECCOMP_RET_ERRNO | EPERM },
		{ "SCMP_ACT_ERRNO", 28, SECCOMP_RET_ERRNO | 28 },
		{ "SCMP_ACT_TRACE", 0, SECCOMP_RET_TRACE | EPERM },
		{ "SCMP_ACT_TRACE", 7, SECCOMP_RET_TRACE | 7 },
		{ "SCMP_ACT_LOG", 0, SECCOMP_RET_LOG },
		{ "SCMP_ACT_NOTIFY", 0, SECCOMP_RET_USER_NOTIF },
		{ "SCMP_ACT_ALLOW", 0, SECCOMP_RET_ALLOW }, /* as the default: no rule */
	};
	static char *names[] = { "getuid", "of_the_future", NULL };

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		uint32_t errno_ret = rows[i].errno_ret;
		struct spec_syscall rule = {
			.names = names, .action = rows[i].action,
			.errnoRet = errno_ret ? &errno_ret : NULL,
		};
		const struct spec_seccomp profile = {
			.defaultAction = "SCMP_ACT_ALLOW", .syscalls = &rule, .syscalls_len = 1,
		};
		auto_buf struct buf program = { 0 };
		struct error err = { 0 };

		assert_int_equal(seccomp_compile(&profile, false, &program, &err), 0);
		assert_int_equal(ask(&program, seccomp_arch_native(), SYS_getuid), rows[i].answer);
		assert_int_equal(ask(&program, seccomp_arch_native(), SYS_getppid),
				 SECCOMP_RET_ALLOW);
	}
}

static void test_contradiction_has_a_place(void **state)
{
	static char *names[] = { "getuid", NULL };
	uint32_t seven = 7;
	struct spec_syscall_arg arg = { .index = 0, .value = 1, .op = "SCMP_CMP_EQ" };
	struct spec_syscall rules[] = {
		{ .names = names, .action = "SCMP_ACT_ERRNO", .args = &arg, .args_len = 1 },
		{ .names = names, .action = "SCMP_ACT_ERRNO", .errnoRet = &seven, .args = &arg,
		  .args_len = 1 },
	};
	const struct spec_seccomp profile = {
		.defaultAction = "SCMP_ACT_ALLOW", .syscalls = rules, .syscalls_len = 2,
	};
	auto_buf struct buf program = { 0 };
	struct error err = { 0 };

	(void)state;
	assert_int_equal(seccomp_compile(&profile, false, &program, &err), -EINVAL);
	assert_string_equal(err.text, "syscalls/1: system call \"getuid\": another rule says "
				      "something else for the same call");
}

/* Runs in a child. Return: 0 where only what has the token gets through. */
static int talk_behind_filter(int sock)
{
	static char *names[] = { "sendmsg", "recvmsg", "close", NULL };
	struct spec_syscall rule = { .names = names, .action = "SCMP_ACT_ERRNO" };
	const struct spec_seccomp profile = {
		.defaultAction = "SCMP_ACT_ALLOW", .syscalls = &rule, .syscalls_len = 1,
	};
	auto_arena struct arena arena = { 0 };
	struct seccomp_filter filter = { 0 };
	struct msghdr nothing = { 0 };
	struct error err = { 0 };
	int listener, spare = dup(sock);

	if (seccomp_filter_plan(&profile, &filter, &err) < 0 ||
	    seccomp_compile(&profile, false, &filter.program, &err) < 0)
		return 1;
	prctl(PR_SET_NO_NEW_PRIVS, 1L, 0L, 0L, 0L);
	if (seccomp_filter_load(&filter, &arena, &listener, &err) < 0 || listener != -1)
		return 2;
	if (sendmsg(sock, &nothing, 0) >= 0 || errno != EPERM)
		return 3;
	if (close(spare) >= 0 || errno != EPERM)
		return 4;
	fd_close(&spare);
	return fd_send(sock, "heard", 5, NULL, 0) == 0 ? 0 : 5;
}

static void test_token(void **state)
{
	int pair[2], status;
	char text[8] = "";
	size_t none = 0;
	pid_t child;

	(void)state;
	assert_int_equal(socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair), 0);
	child = fork();
	if (child == 0)
		_exit(talk_behind_filter(pair[1]));
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	assert_int_equal(fd_receive(pair[0], text, sizeof(text), NULL, &none), 5);
	assert_string_equal(text, "heard");
	close(pair[0]);
	close(pair[1]);
}

static void test_plan(void **state)
{
	static char *empty[] = { NULL };
	static char *killable[] = { "SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV", NULL };
	static char *others[] = { "SECCOMP_FILTER_FLAG_TSYNC", "SECCOMP_FILTER_FLAG_LOG", NULL };
	static char *getuid_name[] = { "getuid", NULL }, *sendmsg_name[] = { "sendmsg", NULL };
	struct spec_syscall notify = { .names = getuid_name, .action = "SCMP_ACT_NOTIFY" };
	struct spec_syscall deny = { .names = sendmsg_name, .action = "SCMP_ACT_ERRNO" };
	struct spec_syscall let = allow(sendmsg_name);
	const unsigned int with_listener =
		SECCOMP_FILTER_FLAG_WAIT_KILLABLE_RECV | SECCOMP_FILTER_FLAG_NEW_LISTENER;
	const struct {
		char *action, **flag_names;
		struct spec_syscall *rule;
		unsigned int flags;
		bool may_silence;
	} rows[] = {
		{ "SCMP_ACT_ALLOW", NULL, NULL, SECCOMP_FILTER_FLAG_SPEC_ALLOW, false },
		{ "SCMP_ACT_ALLOW", empty, NULL, 0, false },
		{ "SCMP_ACT_ALLOW", others, NULL, SECCOMP_FILTER_FLAG_LOG, false },
		{ "SCMP_ACT_ALLOW", killable, NULL, 0, false },
		{ "SCMP_ACT_ALLOW", killable, &notify, with_listener, true },
		{ "SCMP_ACT_ALLOW", empty, &deny, 0, true },
		{ "SCMP_ACT_ERRNO", empty, NULL, 0, true },
		{ "SCMP_ACT_ERRNO", empty, &let, 0, false },
	};

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		const struct spec_seccomp profile = {
			.defaultAction = rows[i].action,
			.flags = rows[i].flag_names,
			.syscalls = rows[i].rule,
			.syscalls_len = rows[i].rule != NULL,
		};
		struct seccomp_filter filter = { 0 };
		struct error err = { 0 };

		assert_int_equal(seccomp_filter_plan(&profile, &filter, &err), 0);
		assert_int_equal(filter.flags, rows[i].flags);
		assert_int_equal(filter.may_silence, rows[i].may_silence);
	}
}

static void test_every_operator_is_compiled(void **state)
{
	static const struct {
		char *op;
		uint64_t hit, miss;
	} rows[] = {
		{ "SCMP_CMP_NE", 1, 0x500000005 },
		{ "SCMP_CMP_EQ", 0x500000005, 5 },
		{ "SCMP_CMP_LT", 0x500000004, 0x500000005 },
		{ "SCMP_CMP_LE", 0x500000005, 0x500000006 },
		{ "SCMP_CMP_GT", 0x500000006, 0x500000005 },
		{ "SCMP_CMP_GE", 0x600000000, 0x500000004 },
		{ "SCMP_CMP_MASKED_EQ", 0xff00000002, 0xff00000003 },
	};
	static char *names[] = { "getuid", NULL };

	(void)state;
	for (size_t i = 0; i < LEN(rows); i++) {
		bool is_masked = !strcmp(rows[i].op, "SCMP_CMP_MASKED_EQ");
		struct spec_syscall_arg arg = {
			.index = 5, .op = rows[i].op,
			.value = is_masked ? 3 : 0x500000005, .valueTwo = 2,
		};
		struct spec_syscall rule = {
			.names = names, .action = "SCMP_ACT_TRAP", .args = &arg, .args_len = 1,
		};
		const struct spec_seccomp profile = {
			.defaultAction = "SCMP_ACT_ALLOW", .syscalls = &rule, .syscalls_len = 1,
		};
		struct seccomp_data data = { .arch = seccomp_arch_native(), .nr = SYS_getuid };
		auto_buf struct buf program = { 0 };
		struct error err = { 0 };

		assert_int_equal(seccomp_compile(&profile, false, &program, &err), 0);
		data.args[5] = rows[i].hit;
		assert_int_equal(seccomp_run(&program, &data), SECCOMP_RET_TRAP);
		data.args[5] = rows[i].miss;
		assert_int_equal(seccomp_run(&program, &data), SECCOMP_RET_ALLOW);
	}
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_newest_of_each_architecture),
		cmocka_unit_test(test_x32_is_not_x86_64),
		cmocka_unit_test(test_profiles_that_need_no_enosys),
		cmocka_unit_test(test_actions),
		cmocka_unit_test(test_every_operator_is_compiled),
		cmocka_unit_test(test_contradiction_has_a_place),
		cmocka_unit_test(test_plan),
		cmocka_unit_test(test_token),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
