/* test_seccomp_shrink.c - shrunk filters answer as those that they were made of */
#include "runtime/linux/seccomp_shrink.h"

#include <errno.h>
#include <linux/audit.h>
#include <seccomp.h>
#include <sys/syscall.h>

#include "base/table.h"
#include "runtime/linux/seccomp_compile.h"
#include "runtime/linux/seccomp_filter.h"
#include "spec/config_schema.h"
#include "tests/unit/unit.h"
#include "tests/unit/unit_seccomp.h"

/* libseccomp 2.5 forgets some of the rules that others cover; zmalloc is its own. */
__attribute__((visibility("default"))) const char *__lsan_default_options(void);
__attribute__((visibility("default"))) const char *__lsan_default_suppressions(void);

const char *__lsan_default_suppressions(void)
{
	return "leak:zmalloc\n";
}

/* What is said of it would be a report. */
const char *__lsan_default_options(void)
{
	return "print_suppressions=0";
}

static const uint32_t X32_BIT = 1U << 30;

/* Always the same numbers: a failure can be had again. */
static uint64_t seed;

static uint32_t random_number(void)
{
	seed = seed * 6364136223846793005U + 1442695040888963407U;
	return (uint32_t)(seed >> 32);
}

static uint32_t random_below(uint32_t end)
{
	return random_number() % end;
}

/* Numbers that may make a difference, in order. */
struct numbers {
	uint32_t *list;
	size_t len;
};

static void numbers_free(struct numbers *numbers)
{
	free(numbers->list);
}

#define auto_numbers __attribute__((cleanup(numbers_free)))

static void add_number(struct numbers *numbers, uint32_t number)
{
	numbers->list = realloc(numbers->list, (numbers->len + 1) * sizeof(number));
	assert_non_null(numbers->list);
	numbers->list[numbers->len++] = number;
}

static int compare_numbers(const void *a, const void *b)
{
	uint32_t first = *(const uint32_t *)a, second = *(const uint32_t *)b;

	return (first > second) - (first < second);
}

static void sort_numbers(struct numbers *numbers)
{
	size_t len = 0;

	qsort(numbers->list, numbers->len, sizeof(*numbers->list), compare_numbers);
	for (size_t i = 0; i < numbers->len; i++)
		if (!len || numbers->list[i] != numbers->list[len - 1])
			numbers->list[len++] = numbers->list[i];
	numbers->len = len;
}

/* What jumps and masks look at, and what is beside it; all of it or what is about arguments. */
static void add_values(struct numbers *numbers, const struct buf *program, bool of_arguments)
{
	const struct sock_filter *code = (const struct sock_filter *)program->data;
	uint32_t offset = 0;

	for (size_t i = 0; i < seccomp_filter_len(program); i++) {
		uint16_t class = BPF_CLASS(code[i].code);

		if (class == BPF_LD)
			offset = code[i].k;
		if ((class != BPF_JMP && class != BPF_ALU) ||
		    (of_arguments && offset <= offsetof(struct seccomp_data, arch)))
			continue;
		add_number(numbers, code[i].k - 1);
		add_number(numbers, code[i].k);
		add_number(numbers, code[i].k + 1);
	}
}

static struct numbers find_calls(const struct buf *program)
{
	static const uint32_t others[] = {
		0x3fffffff, 0x40000000, 0x7fffffff, 0x80000000, 0xbfffffff, 0xc0000000, UINT32_MAX,
	};
	struct numbers calls = { 0 };

	for (uint32_t i = 0; i < 1024; i++) {
		add_number(&calls, i);
		add_number(&calls, i | X32_BIT);
	}
	for (size_t i = 0; i < LEN(others); i++)
		add_number(&calls, others[i]);
	add_values(&calls, program, false);
	sort_numbers(&calls);
	return calls;
}

static const uint32_t architectures[] = {
	AUDIT_ARCH_X86_64, AUDIT_ARCH_I386, AUDIT_ARCH_AARCH64, AUDIT_ARCH_ARM, AUDIT_ARCH_S390X,
	AUDIT_ARCH_MIPS, AUDIT_ARCH_X86_64 - 1, AUDIT_ARCH_X86_64 + 1, AUDIT_ARCH_I386 - 1,
	0, 1, UINT32_MAX,
};

static void fill_arguments(struct seccomp_data *data, const struct numbers *values)
{
	enum { OFFSET = offsetof(struct seccomp_data, instruction_pointer) };
	uint32_t words[(sizeof(*data) - OFFSET) / sizeof(uint32_t)] = { 0 };

	for (size_t i = 0; i < LEN(words); i++)
		switch (random_below(4)) {
		case 0:
			break;
		case 1:
			words[i] = random_number();
			break;
		default:
			words[i] = values->list[random_below((uint32_t)values->len)];
		}
	memcpy(&data->instruction_pointer, words, sizeof(words));
}

/* Return: whether one of them looks at arguments. *answer: of both. */
static bool assert_same_answer(const struct buf *old, const struct buf *new,
			       const struct seccomp_data *data, uint32_t *answer)
{
	bool looks_further, new_looks;
	uint32_t wanted = seccomp_follow(old, data, &looks_further);
	uint32_t got = seccomp_follow(new, data, &new_looks);

	if (wanted != got)
		fail_msg("architecture %#x, call %#x, arguments %llx %llx %llx %llx %llx %llx: "
			 "%#x became %#x", data->arch, (unsigned int)data->nr,
			 (unsigned long long)data->args[0], (unsigned long long)data->args[1],
			 (unsigned long long)data->args[2], (unsigned long long)data->args[3],
			 (unsigned long long)data->args[4], (unsigned long long)data->args[5],
			 wanted, got);
	*answer = got;
	return looks_further || new_looks;
}

/* Return: whether the answer to this call is not always the same. */
static bool compare_call(const struct buf *old, const struct buf *new, struct seccomp_data data,
			 const struct numbers *values)
{
	enum { TRIES = 2000 };
	uint32_t first, answer;
	bool differs = false;

	if (!assert_same_answer(old, new, &data, &first))
		return false;
	for (size_t i = 0; i < TRIES; i++) {
		fill_arguments(&data, values);
		assert_same_answer(old, new, &data, &answer);
		differs |= answer != first;
	}
	return differs;
}

/* Return: of how many calls the arguments made a difference. */
static size_t assert_same(const struct buf *old, const struct buf *new)
{
	auto_numbers struct numbers calls = find_calls(old), values = { 0 };
	size_t count = 0;

	add_number(&values, 1);
	add_values(&values, old, true);
	sort_numbers(&values);
	for (size_t i = 0; i < LEN(architectures); i++)
		for (size_t j = 0; j < calls.len; j++) {
			const struct seccomp_data data = {
				.arch = architectures[i], .nr = (int)calls.list[j],
			};

			count += compare_call(old, new, data, &values);
		}
	return count;
}

static void copy(struct buf *to, const struct buf *from)
{
	buf_add(to, from->data, from->len);
}

/* Return: the length of the shrunk program. */
static size_t check_program(const struct buf *program, size_t *differing)
{
	auto_buf struct buf new = { 0 };
	bool is_shrunk;

	copy(&new, program);
	is_shrunk = seccomp_shrink(&new);
	assert_int_equal(is_shrunk, new.len < program->len);
	assert_true(new.len <= program->len);
	*differing = assert_same(program, &new);
	return seccomp_filter_len(&new);
}

static void compile(const struct spec_seccomp *profile, struct buf *program)
{
	struct error err = { 0 };

	if (seccomp_compile(profile, false, program, &err) < 0)
		fail_msg("%s", err.text);
}

static size_t check_profile(const struct spec_seccomp *profile, size_t *differing)
{
	auto_buf struct buf program = { 0 };

	compile(profile, &program);
	return check_program(&program, differing);
}

static void test_profile_like_dockers(void **state)
{
	const char *sources = getenv("TEST_SOURCES");
	auto_arena struct arena arena = { 0 };
	auto_buf struct buf text = { 0 }, program = { 0 };
	struct spec_seccomp profile;
	struct error err = { 0 };
	size_t differing;
	char path[4096];

	(void)state;
	snprintf(path, sizeof(path), "%s/tests/bench/seccomp.json", sources ? sources : ".");
	assert_int_equal(file_read_at(AT_FDCWD, path, 1 << 20, &text), 0);
	assert_int_equal(schema_read(&spec_seccomp_schema, "profile", text.data, text.len, &arena,
				     &profile, &err), 0);
	compile(&profile, &program);
	assert_true(check_program(&program, &differing) * 4 < seccomp_filter_len(&program));
	assert_true(differing >= 3);
}

static char *call_names[] = {
	"read", "write", "openat", "mmap", "clone", "clone3", "personality", "socket", "socketcall",
	"ipc", "shmat", "execve", "exit", "kill", "getuid", "prctl", "ioctl", "readv", "ptrace",
	"seccomp", "bpf", "mkdir", "chown32", "rt_sigaction", "statx", "futex_time64", NULL,
};

static char *architecture_names[] = {
	"SCMP_ARCH_X86", "SCMP_ARCH_X32", "SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM", NULL,
};

static void test_every_operator(void **state)
{
	static char *first[] = { "getuid", NULL }, *second[] = { "read", NULL };
	static char *third[] = { "write", NULL };

	(void)state;
	seed = 1;
	for (const struct name_value *row = spec_seccomp_operators; row->name; row++) {
		struct spec_syscall_arg args[] = {
			{ .index = 5, .op = (char *)row->name, .value = 0x500000005,
			  .valueTwo = 0x500000004 },
			{ .index = 0, .op = (char *)row->name, .value = 7, .valueTwo = 3 },
		};
		struct spec_syscall rules[] = {
			{ .names = first, .action = "SCMP_ACT_TRAP", .args = &args[0],
			  .args_len = 1 },
			{ .names = second, .action = "SCMP_ACT_TRAP", .args = &args[1],
			  .args_len = 1 },
			{ .names = third, .action = "SCMP_ACT_NOTIFY", .args = args,
			  .args_len = 2 },
		};
		const struct spec_seccomp profile = {
			.defaultAction = "SCMP_ACT_ALLOW", .syscalls = rules,
			.syscalls_len = LEN(rules), .architectures = architecture_names,
		};
		size_t differing;

		check_profile(&profile, &differing);
		/* Two calls of five architectures; for the third it takes luck. */
		assert_true(differing >= 10);
	}
}

static void test_lists_of_all_actions(void **state)
{
	size_t differing;

	(void)state;
	for (const struct name_value *first = spec_seccomp_actions; first->name; first++)
		for (const struct name_value *second = spec_seccomp_actions; second->name;
		     second++) {
			uint32_t number = 28;
			struct spec_syscall rule = {
				.names = call_names, .action = (char *)second->name,
				.errnoRet = &number,
			};
			const struct spec_seccomp profile = {
				.defaultAction = (char *)first->name, .syscalls = &rule,
				.syscalls_len = 1, .architectures = architecture_names,
			};
			auto_buf struct buf program = { 0 };

			/* No default of libseccomp. */
			if (first->value == SECCOMP_RET_USER_NOTIF)
				continue;
			compile(&profile, &program);
			check_program(&program, &differing);
		}
}

static void test_empty_profiles(void **state)
{
	static char *const actions[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL" };
	size_t differing;

	(void)state;
	for (size_t i = 0; i < LEN(actions); i++) {
		struct spec_seccomp profile = { .defaultAction = actions[i] };

		check_profile(&profile, &differing);
		profile.architectures = architecture_names;
		check_profile(&profile, &differing);
	}
}

/* A rule about some of the calls, with or without arguments; of actions that answer. */
static struct spec_syscall make_rule(struct arena *arena)
{
	static char *const actions[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_TRAP",
					 "SCMP_ACT_NOTIFY" };
	struct spec_syscall rule = {
		.names = arena_array(arena, LEN(call_names), sizeof(char *)),
		.action = actions[random_below(LEN(actions))],
		.args_len = random_below(4),
	};
	size_t len = 0;

	for (size_t i = 0; call_names[i]; i++)
		if (random_below(4) == 0)
			rule.names[len++] = call_names[i];
	if (!len)
		rule.names[0] = call_names[random_below(LEN(call_names) - 1)];
	rule.args = arena_array(arena, rule.args_len, sizeof(*rule.args));
	for (size_t i = 0; i < rule.args_len; i++)
		rule.args[i] = (struct spec_syscall_arg){
			.index = random_below(6),
			.value = random_below(8) | (uint64_t)random_below(3) << 32,
			.valueTwo = random_below(8),
			.op = (char *)spec_seccomp_operators[random_below(7)].name,
		};
	return rule;
}

static void test_random_profiles(void **state)
{
	static char *const defaults[] = { "SCMP_ACT_ALLOW", "SCMP_ACT_ERRNO", "SCMP_ACT_KILL" };
	size_t compiled = 0, shrunk = 0, differing = 0;

	(void)state;
	seed = 2;
	for (size_t i = 0; i < 60; i++) {
		auto_arena struct arena arena = { 0 };
		auto_buf struct buf program = { 0 };
		struct spec_syscall rules[4];
		const struct spec_seccomp profile = {
			.defaultAction = defaults[random_below(LEN(defaults))],
			.architectures = architecture_names + random_below(5),
			.syscalls = rules, .syscalls_len = 1 + random_below(LEN(rules)),
		};
		struct error err = { 0 };
		size_t count;

		for (size_t j = 0; j < profile.syscalls_len; j++)
			rules[j] = make_rule(&arena);
		/* Some contradict themselves. */
		if (seccomp_compile(&profile, false, &program, &err) < 0)
			continue;
		compiled++;
		shrunk += check_program(&program, &count) < seccomp_filter_len(&program);
		differing += count;
	}
	assert_true(compiled > 30 && shrunk > compiled / 2 && differing > 100);
}

/* Instructions that the kernel takes; jumps lead forward, to the last one at most. */
static struct sock_filter make_instruction(uint32_t rest)
{
	static const uint16_t jumps[] = { BPF_JEQ, BPF_JGT, BPF_JGE, BPF_JSET };
	static const uint32_t bits[] = { 0, 0, 0, X32_BIT, 1U << 31, 3U << 30, UINT32_MAX };
	static const uint32_t masks[] = { 0, ~X32_BIT, X32_BIT, 3U << 30, 0xf0ffffff, UINT32_MAX };
	struct sock_filter made = { .k = random_below(16) ^ bits[random_below(LEN(bits))] };
	uint32_t kind = random_below(16);

	if (!rest || kind == 0) {
		made.code = BPF_RET | BPF_K;
		made.k = random_below(4);
	} else if (kind < 5) {
		made.code = BPF_LD | BPF_W | BPF_ABS;
		made.k = 4 * random_below(5);
	} else if (kind == 5) {
		made.code = BPF_ALU | BPF_AND | BPF_K;
		made.k = masks[random_below(LEN(masks))];
	} else if (kind == 6) {
		made.code = BPF_JMP | BPF_JA;
		made.k = random_below(rest);
	} else {
		made.code = (uint16_t)(BPF_JMP | BPF_K | jumps[random_below(LEN(jumps))]);
		made.jt = (uint8_t)random_below(rest < 256 ? rest : 256);
		made.jf = (uint8_t)random_below(rest < 256 ? rest : 256);
		/* Where single bits make a difference there are too many intervals. */
		if (made.code == (BPF_JMP | BPF_JSET | BPF_K) && random_below(8))
			made.k &= 0xff000000;
	}
	return made;
}

/* The numbers of those are small, and so they are asked for often. */
static void compare_small(const struct buf *old, const struct buf *new)
{
	static const uint32_t bits[] = { 0, 0, X32_BIT, 1U << 31, 3U << 30, UINT32_MAX, 0x1000000 };

	for (size_t i = 0; i < 400; i++) {
		uint32_t words[sizeof(struct seccomp_data) / sizeof(uint32_t)] = { 0 };
		struct seccomp_data data;
		uint32_t answer;

		for (size_t j = 0; j < LEN(words); j++)
			words[j] = random_below(18) ^ bits[random_below(LEN(bits))];
		memcpy(&data, words, sizeof(data));
		assert_same_answer(old, new, &data, &answer);
	}
}

static void test_random_programs(void **state)
{
	const struct sock_filter load = { BPF_LD | BPF_W | BPF_ABS, 0, 0, 0 };
	size_t shrunk = 0;

	(void)state;
	seed = 3;
	for (size_t i = 0; i < 2000; i++) {
		auto_buf struct buf old = { 0 }, new = { 0 };
		uint32_t len = 4 + random_below(i % 50 ? 60 : 900);

		buf_add(&old, &load, sizeof(load));
		for (uint32_t left = len; left-- > 0;) {
			const struct sock_filter made = make_instruction(left);

			buf_add(&old, &made, sizeof(made));
		}
		copy(&new, &old);
		shrunk += seccomp_shrink(&new);
		compare_small(&old, &new);
	}
	assert_true(shrunk > 1000);
}

/* What is asked of many arguments is longer than a jump. */
static void test_long_jumps(void **state)
{
	enum { RULES = 120 };
	static char *names[] = { "getuid", "read", "ioctl", NULL };
	struct spec_syscall_arg args[RULES];
	struct spec_syscall rules[RULES];
	const struct spec_seccomp profile = {
		.defaultAction = "SCMP_ACT_ERRNO", .syscalls = rules, .syscalls_len = RULES,
		.architectures = architecture_names,
	};
	auto_buf struct buf program = { 0 };
	size_t differing, len;

	(void)state;
	seed = 4;
	for (size_t i = 0; i < RULES; i++) {
		args[i] = (struct spec_syscall_arg){
			.index = i % 2,
			.value = i * 0x300000005,
			.op = "SCMP_CMP_EQ",
		};
		rules[i] = (struct spec_syscall){
			.names = names,
			.action = "SCMP_ACT_ALLOW",
			.args = &args[i],
			.args_len = 1,
		};
	}
	compile(&profile, &program);
	len = check_program(&program, &differing);
	assert_true(len < seccomp_filter_len(&program) && len > 2 * UINT8_MAX);
	assert_true(differing >= 6);
}

#define LOAD(offset) { BPF_LD | BPF_W | BPF_ABS, 0, 0, offset }
#define RETURN(value) { BPF_RET | BPF_K, 0, 0, value }
#define IF_EQUAL(value, yes, no) { BPF_JMP | BPF_JEQ | BPF_K, yes, no, value }
#define NOTHING { BPF_JMP | BPF_JA, 0, 0, 0 }, { BPF_JMP | BPF_JA, 0, 0, 0 }, \
		{ BPF_JMP | BPF_JA, 0, 0, 0 }

static void test_what_is_not_understood_stays(void **state)
{
	static const struct sock_filter programs[][10] = {
		/* a scratch cell, the other register, an answer that is calculated */
		{ NOTHING, LOAD(0), { BPF_ST, 0, 0, 1 }, RETURN(1) },
		{ NOTHING, LOAD(0), { BPF_MISC | BPF_TAX, 0, 0, 0 }, RETURN(1) },
		{ NOTHING, LOAD(0), { BPF_RET | BPF_A, 0, 0, 0 } },
		{ NOTHING, LOAD(0), { BPF_JMP | BPF_JEQ | BPF_X, 0, 1, 0 }, RETURN(1), RETURN(2) },
		{ NOTHING, LOAD(0), { BPF_ALU | BPF_OR | BPF_K, 0, 0, 1 }, RETURN(1) },
		/* no answer, nothing loaded, half a word */
		{ NOTHING, LOAD(0), IF_EQUAL(1, 100, 0), RETURN(1) },
		{ NOTHING, { BPF_JMP | BPF_JA, 0, 0, UINT32_MAX }, RETURN(1) },
		{ NOTHING, IF_EQUAL(0, 0, 1), RETURN(1), RETURN(2) },
		{ NOTHING, LOAD(2), IF_EQUAL(1, 0, 1), RETURN(1), RETURN(2) },
		{ NOTHING, LOAD(64), IF_EQUAL(1, 0, 1), RETURN(1), RETURN(2) },
		/* every second number */
		{ NOTHING, LOAD(0), { BPF_ALU | BPF_AND | BPF_K, 0, 0, 1 }, IF_EQUAL(1, 0, 1),
		  RETURN(1), RETURN(2) },
		{ NOTHING, LOAD(0), { BPF_JMP | BPF_JSET | BPF_K, 0, 1, 1 }, RETURN(1), RETURN(2) },
	};
	static const struct sock_filter good[] = {
		NOTHING, LOAD(0), IF_EQUAL(1, 0, 1), RETURN(1), RETURN(2),
	};
	auto_buf struct buf program = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(programs); i++) {
		auto_buf struct buf old = { 0 };

		buf_add(&old, programs[i], sizeof(programs[i]));
		assert_false(seccomp_shrink(&old));
		assert_int_equal(old.len, sizeof(programs[i]));
		assert_memory_equal(old.data, programs[i], old.len);
	}
	buf_add(&program, good, sizeof(good));
	assert_true(seccomp_shrink(&program));
	assert_int_equal(seccomp_filter_len(&program), LEN(good) - 3);
	assert_false(seccomp_shrink(&program));
}

int main(void)
{
	static const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_profile_like_dockers),
		cmocka_unit_test(test_every_operator),
		cmocka_unit_test(test_lists_of_all_actions),
		cmocka_unit_test(test_empty_profiles),
		cmocka_unit_test(test_random_profiles),
		cmocka_unit_test(test_random_programs),
		cmocka_unit_test(test_long_jumps),
		cmocka_unit_test(test_what_is_not_understood_stays),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
