/* test_cgroup_devices.c - device rules: read, as exceptions of v1, as a program of v2 */
#include <errno.h>
#include <linux/bpf.h>

#include "runtime/cgroup/device_rules.h"
#include "tests/unit/unit.h"

struct request { uint32_t type, access, major, minor; };

static bool rule_matches(const struct device_rule *rule, const struct request *request)
{
	return (rule->types & request->type) &&
	       (rule->major < 0 || rule->major == request->major) &&
	       (rule->minor < 0 || rule->minor == request->minor);
}

/* The rules by their definition: for each kind of access the last rule that matches decides. */
static bool is_allowed(const struct device_rules *rules, const struct request *request)
{
	for (uint32_t bit = 1; bit < DEVICE_ALL; bit <<= 1) {
		bool allow = false;

		for (size_t i = 0; i < rules->len; i++) {
			if ((rules->rules[i].access & bit) &&
			    rule_matches(&rules->rules[i], request))
				allow = rules->rules[i].allow;
		}
		if ((request->access & bit) && !allow)
			return false;
	}
	return true;
}

static uint32_t calculate(uint8_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_MOV:
		return b;
	case BPF_AND:
		return a & b;
	case BPF_OR:
		return a | b;
	case BPF_LSH:
		return a << b;
	case BPF_RSH:
		return a >> b;
	default:
		fail_msg("unknown instruction 0x%x", code);
		return 0;
	}
}

static bool jumps(uint8_t code, uint32_t a, uint32_t b)
{
	switch (BPF_OP(code)) {
	case BPF_JA:
		return true;
	case BPF_JEQ:
		return a == b;
	case BPF_JNE:
		return a != b;
	case BPF_JSET:
		return a & b;
	default:
		fail_msg("unknown jump 0x%x", code);
		return false;
	}
}

/* What the kernel does with the few instructions that the program is made of. */
static bool run_program(const struct bpf_insn *program, size_t len, const struct request *request)
{
	const uint32_t context[] = { request->access << 16 | request->type, request->major,
				     request->minor };
	uint32_t regs[11] = { 0 };

	for (size_t pc = 0; pc < len; pc++) {
		const struct bpf_insn *insn = &program[pc];
		uint32_t *dst = &regs[insn->dst_reg];
		uint32_t value = BPF_SRC(insn->code) == BPF_X ? regs[insn->src_reg] :
								(uint32_t)insn->imm;

		if (insn->code == (BPF_JMP | BPF_EXIT))
			return regs[0];
		assert_true(insn->off >= 0);
		if (insn->code == (BPF_LDX | BPF_MEM | BPF_W))
			*dst = context[insn->off / 4];
		else if (BPF_CLASS(insn->code) == BPF_ALU)
			*dst = calculate(insn->code, *dst, value);
		else if (jumps(insn->code, *dst, value))
			pc += (size_t)insn->off;
	}
	fail_msg("the program does not end");
	return false;
}

/* v1: one default, and exceptions of which one alone must have all that is asked for. */
static bool is_exception(const struct device_rules *exceptions, const struct request *request,
			 bool partly)
{
	for (size_t i = 0; i < exceptions->len; i++) {
		uint32_t both = exceptions->rules[i].access & request->access;

		if (rule_matches(&exceptions->rules[i], request) &&
		    (partly ? both != 0 : both == request->access))
			return true;
	}
	return false;
}

static struct device_rules read_rules(const struct spec_device_rule *spec, size_t len,
				      struct arena *arena)
{
	struct device_rules rules;

	assert_int_equal(device_rules_read(spec, len, arena, &rules, NULL), 0);
	return rules;
}

static void test_defaults(void **state)
{
	static const struct { struct request request; bool allow; } cases[] = {
		{ { DEVICE_CHAR, DEVICE_READ | DEVICE_WRITE, 1, 3 }, true },
		{ { DEVICE_CHAR, DEVICE_READ | DEVICE_WRITE, 5, 2 }, true },
		{ { DEVICE_CHAR, DEVICE_READ, 136, 12345 }, true },
		{ { DEVICE_CHAR, DEVICE_READ, 1, 1 }, false },
		{ { DEVICE_CHAR, DEVICE_READ, 1, 4 }, false },
		{ { DEVICE_CHAR, DEVICE_MKNOD, 1, 1 }, true },
		{ { DEVICE_BLOCK, DEVICE_MKNOD, 8, 0 }, true },
		{ { DEVICE_BLOCK, DEVICE_READ, 8, 0 }, false },
		{ { DEVICE_BLOCK, DEVICE_READ, 1, 3 }, false },
		{ { DEVICE_BLOCK, DEVICE_MKNOD | DEVICE_READ, 8, 0 }, false },
	};
	auto_arena struct arena arena = { 0 };
	struct device_rules rules = read_rules(NULL, 0, &arena);
	struct bpf_insn *program;
	size_t len = device_rules_compile(&rules, &arena, &program);

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		assert_int_equal(is_allowed(&rules, &cases[i].request), cases[i].allow);
		assert_int_equal(run_program(program, len, &cases[i].request), cases[i].allow);
	}
	assert_false(device_rules_allow_all(&rules));
}

static void test_read(void **state)
{
	int64_t any = -1, number = 10;
	const struct spec_device_rule spec[] = {
		{ .allow = true },
		{ .allow = true, .type = "c", .major = &number, .minor = &any, .access = "rw" },
	};
	auto_arena struct arena arena = { 0 };
	struct device_rules rules = read_rules(spec, 2, &arena);

	(void)state;
	assert_true(device_rule_is_total(&rules.rules[0]));
	assert_int_equal(rules.rules[1].types, DEVICE_CHAR);
	assert_int_equal(rules.rules[1].access, DEVICE_READ | DEVICE_WRITE);
	assert_int_equal(rules.rules[1].major, 10);
	assert_int_equal(rules.rules[1].minor, -1);
	assert_true(device_rules_allow_all(&rules));
}

/*
 * Engines repeat the devices of every container; a rule that a later one overrides costs nothing.
 */
static void test_read_overridden(void **state)
{
	int64_t one = 1, three = 3;
	const struct spec_device_rule spec[] = {
		{ .allow = false, .access = "rwm" },
		{ .allow = true, .type = "b", .access = "m" },
		{ .allow = true, .type = "c", .major = &one, .minor = &three, .access = "rwm" },
		{ .allow = true, .type = "b", .major = &one, .minor = &three, .access = "r" },
	};
	auto_arena struct arena arena = { 0 };

	(void)state;
	assert_int_equal(read_rules(spec, 4, &arena).len - read_rules(NULL, 0, &arena).len, 2);
}

static void test_read_refused(void **state)
{
	int64_t low = -2, high = (int64_t)UINT32_MAX + 1;
	const struct { struct spec_device_rule rule; const char *place; } cases[] = {
		{ { .type = "p" }, "/linux/resources/devices/0/type" },
		{ { .type = "" }, "/linux/resources/devices/0/type" },
		{ { .access = "rx" }, "/linux/resources/devices/0/access" },
		{ { .major = &low }, "/linux/resources/devices/0/major" },
		{ { .minor = &high }, "/linux/resources/devices/0/minor" },
	};
	auto_arena struct arena arena = { 0 };

	(void)state;
	for (size_t i = 0; i < LEN(cases); i++) {
		struct device_rules rules;
		struct error err = { 0 };

		assert_int_equal(device_rules_read(&cases[i].rule, 1, &arena, &rules, &err),
				 -EINVAL);
		assert_non_null(strstr(err.text, cases[i].place));
	}
}

static struct device_rule random_rule(void)
{
	struct device_rule rule = {
		.allow = rand() % 2,
		.types = (uint8_t)(1 + rand() % 3),
		.access = (uint8_t)(rand() % 2 ? DEVICE_ALL : 1 + rand() % 7),
		.major = rand() % 4 - 1,
		.minor = rand() % 4 - 1,
	};

	/* Numbers that no device has must not match the device that they wrap to. */
	if (rand() % 20 == 0)
		rule.major = 4096;
	if (rand() % 20 == 0)
		rule.minor = 1 << 20;
	return rule;
}

static void check_rules(const struct device_rules *rules, struct arena *arena)
{
	struct bpf_insn *program;
	size_t len = device_rules_compile(rules, arena, &program);
	struct device_rules exceptions;
	bool allow, flat = device_rules_flatten(rules, arena, &allow, &exceptions, NULL) >= 0;

	for (uint32_t i = 0; i < 2 * 7 * 4 * 4; i++) {
		struct request request = { 1 + i % 2, 1 + i / 2 % 7, i / 14 % 4, i / 56 };
		bool expected = is_allowed(rules, &request);

		assert_int_equal(run_program(program, len, &request), expected);
		/* v1 grants less where two rules are needed for one request, never more. */
		if (flat && allow)
			assert_int_equal(!is_exception(&exceptions, &request, true), expected);
		if (flat && !allow && is_exception(&exceptions, &request, false))
			assert_true(expected);
		if (flat && !allow && expected && !(request.access & (request.access - 1)))
			assert_true(is_exception(&exceptions, &request, false));
	}
	if (device_rules_allow_all(rules))
		assert_true(flat && allow && !exceptions.len);
}

static void test_random_rules(void **state)
{
	(void)state;
	srand(1);
	for (int i = 0; i < 20000; i++) {
		auto_arena struct arena arena = { 0 };
		struct device_rule list[6];
		struct device_rules rules = { .rules = list, .len = (size_t)(rand() % 7) };

		for (size_t j = 0; j < rules.len; j++)
			rules.rules[j] = random_rule();
		check_rules(&rules, &arena);
	}
}

static void test_long_runs(void **state)
{
	static struct device_rule list[3000];
	struct device_rules rules = { .rules = list, .len = 3000 };
	auto_arena struct arena arena = { 0 };
	struct request request = { DEVICE_CHAR, DEVICE_READ, 7, 0 };
	struct bpf_insn *program;
	size_t len;

	(void)state;
	for (size_t i = 0; i < rules.len; i++)
		list[i] = (struct device_rule){ true, DEVICE_CHAR, DEVICE_READ, 0, 7, (int64_t)i };
	len = device_rules_compile(&rules, &arena, &program);
	for (request.minor = 0; request.minor < 3000; request.minor += 7)
		assert_true(run_program(program, len, &request));
	request.minor = 3000;
	assert_false(run_program(program, len, &request));
}

static void test_flatten_refuses_holes(void **state)
{
	int64_t major = 8, minor = 1;
	const struct spec_device_rule spec[] = {
		{ .allow = false, .access = "rwm" },
		{ .allow = true, .type = "b", .major = &major, .access = "rw" },
		{ .allow = false, .type = "b", .major = &major, .minor = &minor, .access = "w" },
	};
	auto_arena struct arena arena = { 0 };
	struct device_rules rules = read_rules(spec, 3, &arena), exceptions;
	struct error err = { 0 };
	bool allow;

	(void)state;
	assert_int_equal(device_rules_flatten(&rules, &arena, &allow, &exceptions, &err),
			 -EOPNOTSUPP);
	assert_non_null(strstr(err.text, "rule 2 "));
}

static void test_list_of_v1(void **state)
{
	char list[] = "b *:* m\nc 1:3 rwm\nc 136:* r\n", all[] = "a *:* rwm\n", none[] = "";
	static const struct device_rule expected[] = {
		{ true, DEVICE_BLOCK, DEVICE_MKNOD, 0, -1, -1 },
		{ true, DEVICE_CHAR, DEVICE_ALL, 0, 1, 3 },
		{ true, DEVICE_CHAR, DEVICE_READ, 0, 136, -1 },
	};
	auto_arena struct arena arena = { 0 };
	struct device_rules rules;

	(void)state;
	assert_int_equal(device_rules_v1_parse(all, &arena, &rules), -ENODATA);
	assert_int_equal(device_rules_v1_parse(none, &arena, &rules), 0);
	assert_int_equal(rules.len, 0);
	assert_int_equal(device_rules_v1_parse(list, &arena, &rules), 0);
	assert_int_equal(rules.len, LEN(expected));
	for (size_t i = 0; i < LEN(expected); i++) {
		assert_int_equal(rules.rules[i].types, expected[i].types);
		assert_int_equal(rules.rules[i].access, expected[i].access);
		assert_int_equal(rules.rules[i].major, expected[i].major);
		assert_int_equal(rules.rules[i].minor, expected[i].minor);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_defaults),
		cmocka_unit_test(test_read),
		cmocka_unit_test(test_read_overridden),
		cmocka_unit_test(test_read_refused),
		cmocka_unit_test(test_random_rules),
		cmocka_unit_test(test_long_runs),
		cmocka_unit_test(test_flatten_refuses_holes),
		cmocka_unit_test(test_list_of_v1),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
