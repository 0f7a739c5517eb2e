/* device_rules_bpf.c - device rules as an eBPF program, for cgroup v2 */
#include <errno.h>
#include <linux/bpf.h>
#include <stddef.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "base/fd.h"
#include "runtime/cgroup/device_rules.h"

/*
 * The kernel runs the program for each open and mknod of a device with struct bpf_cgroup_dev_ctx in
 * R1 and takes 1 for yes. The rules stand in it from the last to the first, since the last one
 * decides. ACCESS holds what is not decided yet: a rule that allows takes its own accesses out of
 * it, a rule that denies one of them ends it.
 *
 * Loading it is a good part of what a cgroup costs, and nearly all of that is the verifier's price
 * for jumps. So rules that differ in the device alone share one verdict, and a device is one
 * number.
 */
enum {
	TYPE = BPF_REG_2,
	ACCESS = BPF_REG_3,
	MAJOR = BPF_REG_4,
	MINOR = BPF_REG_5,
	NUMBER = BPF_REG_6, /* major and minor as the kernel's dev_t has them */
};

enum {
	ATTACHED_MAX = 64, /* BPF_CGROUP_MAX_PROGS of the kernel */
	MINOR_BITS = 20,
	MAJOR_MAX = 0xfff, /* 12 bits */
	MINOR_MAX = 0xfffff,
	RUN_MAX = 1000, /* jumps reach 32767 instructions far */
	RULE_INSNS_MAX = 8,
	FRAME_INSNS = 12,
};

static struct bpf_insn insn_load(uint8_t reg, int16_t offset)
{
	return (struct bpf_insn){
		.code = BPF_LDX | BPF_MEM | BPF_W,
		.dst_reg = reg,
		.src_reg = BPF_REG_1,
		.off = offset,
	};
}

static struct bpf_insn insn_alu(uint8_t op, uint8_t reg, int32_t value)
{
	return (struct bpf_insn){ .code = BPF_ALU | BPF_K | op, .dst_reg = reg, .imm = value };
}

static struct bpf_insn insn_jump(uint8_t op, uint8_t reg, uint32_t value, size_t skip)
{
	return (struct bpf_insn){
		.code = BPF_JMP32 | BPF_K | op,
		.dst_reg = reg,
		.off = (int16_t)skip,
		.imm = (int32_t)value,
	};
}

static struct bpf_insn insn_skip(size_t skip)
{
	return (struct bpf_insn){ .code = BPF_JMP | BPF_JA, .off = (int16_t)skip };
}

static size_t add_return(struct bpf_insn *at, bool allow)
{
	at[0] = insn_alu(BPF_MOV, BPF_REG_0, allow);
	at[1] = (struct bpf_insn){ .code = BPF_JMP | BPF_EXIT };
	return 2;
}

/* What happens when the rule matches the device. Return: how many instructions. */
static size_t add_verdict(struct bpf_insn *at, const struct device_rule *rule)
{
	if (rule->access == DEVICE_ALL)
		return add_return(at, rule->allow);
	if (rule->allow) {
		at[0] = insn_alu(BPF_AND, ACCESS, ~rule->access);
		at[1] = insn_jump(BPF_JNE, ACCESS, 0, 2);
		return 2 + add_return(at + 2, true);
	}
	at[0] = insn_jump(BPF_JSET, ACCESS, rule->access, 1);
	at[1] = insn_skip(2);
	return 2 + add_return(at + 2, false);
}

static bool rule_names_device(const struct device_rule *rule)
{
	return rule->major >= 0 || rule->minor >= 0;
}

static struct bpf_insn insn_test_device(const struct device_rule *rule, size_t skip)
{
	if (rule->minor < 0)
		return insn_jump(BPF_JEQ, MAJOR, (uint32_t)rule->major, skip);
	if (rule->major < 0)
		return insn_jump(BPF_JEQ, MINOR, (uint32_t)rule->minor, skip);
	return insn_jump(BPF_JEQ, NUMBER, (uint32_t)(rule->major << MINOR_BITS | rule->minor),
			 skip);
}

/* Rules with the same verdict, the last of them first. Return: how many instructions. */
static size_t add_run(struct bpf_insn *at, const struct device_rule *last, size_t count)
{
	struct bpf_insn verdict[RULE_INSNS_MAX];
	size_t verdict_len = add_verdict(verdict, last), len = 0;
	size_t tests = rule_names_device(last) ? count + 1 : 0;

	if (last->types != (DEVICE_BLOCK | DEVICE_CHAR))
		at[len++] = insn_jump(BPF_JNE, TYPE, last->types, tests + verdict_len);
	for (size_t i = 0; tests && i < count; i++)
		at[len++] = insn_test_device(last - i, count - i);
	if (tests)
		at[len++] = insn_skip(verdict_len);
	memcpy(at + len, verdict, verdict_len * sizeof(*verdict));
	return len + verdict_len;
}

/* Return: how many rules, from the last of len on backwards, share its verdict. */
static size_t count_run(const struct device_rule *rules, size_t len)
{
	const struct device_rule *last = &rules[len - 1];
	size_t count = 1;

	while (rule_names_device(last) && count < len && count < RUN_MAX &&
	       rule_names_device(last - count) && last[-(ptrdiff_t)count].allow == last->allow &&
	       last[-(ptrdiff_t)count].access == last->access &&
	       last[-(ptrdiff_t)count].types == last->types)
		count++;
	return count;
}

/* Adds what loads the registers. */
static size_t add_registers(struct bpf_insn *at)
{
	const struct bpf_insn insns[] = {
		insn_load(TYPE, offsetof(struct bpf_cgroup_dev_ctx, access_type)),
		insn_load(ACCESS, offsetof(struct bpf_cgroup_dev_ctx, access_type)),
		insn_load(MAJOR, offsetof(struct bpf_cgroup_dev_ctx, major)),
		insn_load(MINOR, offsetof(struct bpf_cgroup_dev_ctx, minor)),
		insn_alu(BPF_AND, TYPE, 0xffff),
		insn_alu(BPF_RSH, ACCESS, 16),
		{ .code = BPF_ALU | BPF_X | BPF_MOV, .dst_reg = NUMBER, .src_reg = MAJOR },
		insn_alu(BPF_LSH, NUMBER, MINOR_BITS),
		{ .code = BPF_ALU | BPF_X | BPF_OR, .dst_reg = NUMBER, .src_reg = MINOR },
	};

	memcpy(at, insns, sizeof(insns));
	return sizeof(insns) / sizeof(*insns);
}

size_t device_rules_compile(const struct device_rules *rules, struct arena *arena,
			    struct bpf_insn **program)
{
	struct device_rule *possible = arena_array(arena, rules->len + 1, sizeof(*possible));
	struct bpf_insn *at = arena_array(arena, FRAME_INSNS + rules->len * RULE_INSNS_MAX,
					  sizeof(*at));
	size_t left = 0, len = add_registers(at);

	*program = at;
	/* No device has a number beyond these. */
	for (size_t i = 0; i < rules->len; i++) {
		if (rules->rules[i].major <= MAJOR_MAX && rules->rules[i].minor <= MINOR_MAX)
			possible[left++] = rules->rules[i];
	}
	while (left) {
		const struct device_rule *last = &possible[left - 1];
		size_t count = count_run(possible, left);

		len += add_run(at + len, last, count);
		/* Code that nothing reaches is refused by the verifier. */
		if (device_rule_is_total(last))
			return len;
		left -= count;
	}
	return len + add_return(at + len, false);
}

static int bpf(int command, union bpf_attr *attr)
{
	long ret = syscall(SYS_bpf, command, attr, sizeof(*attr));

	return ret < 0 ? -errno : (int)ret;
}

static const char bpf_name[] = "gocker_devices"; /* by which we know it again */

/* Return: a descriptor of the program, or -errno. */
static int bpf_load(const struct device_rules *rules)
{
	auto_arena struct arena arena = { 0 };
	struct bpf_insn *program;
	union bpf_attr attr = { .prog_type = BPF_PROG_TYPE_CGROUP_DEVICE };

	attr.insn_cnt = (uint32_t)device_rules_compile(rules, &arena, &program);
	attr.insns = (uintptr_t)program;
	attr.license = (uintptr_t)"Apache-2.0";
	memcpy(attr.prog_name, bpf_name, sizeof(bpf_name));
	return bpf(BPF_PROG_LOAD, &attr);
}

/* What is attached to the directory itself. */
struct attached {
	uint32_t ids[ATTACHED_MAX], len, flags;
};

/* Return: 0 or -errno. */
static int bpf_query(int cgroup_fd, struct attached *attached)
{
	union bpf_attr attr = {
		.query.target_fd = (uint32_t)cgroup_fd,
		.query.attach_type = BPF_CGROUP_DEVICE,
		.query.prog_ids = (uintptr_t)attached->ids,
		.query.prog_cnt = ATTACHED_MAX,
	};
	int ret = bpf(BPF_PROG_QUERY, &attr);

	attached->len = attr.query.prog_cnt;
	attached->flags = attr.query.attach_flags;
	return ret;
}

/* Return: a descriptor of a program that is ours, -ENOENT for another one, or -errno. */
static int bpf_open_own(uint32_t id)
{
	union bpf_attr attr = { .prog_id = id };
	struct bpf_prog_info info = { 0 };
	auto_close int program = bpf(BPF_PROG_GET_FD_BY_ID, &attr);
	int ret;

	if (program < 0)
		return program;
	attr = (union bpf_attr){
		.info.bpf_fd = (uint32_t)program,
		.info.info_len = sizeof(info),
		.info.info = (uintptr_t)&info,
	};
	ret = bpf(BPF_OBJ_GET_INFO_BY_FD, &attr);
	if (ret < 0)
		return ret;
	return strncmp(info.name, bpf_name, sizeof(info.name)) ? -ENOENT : take_fd(&program);
}

/*
 * Return: a descriptor of the first of ours from place *i on, which is moved behind it; -ENOENT
 * where there is none. What cannot be opened (a security module) is not ours.
 */
static int bpf_find_own(const struct attached *attached, uint32_t *i)
{
	while (*i < attached->len) {
		int program = bpf_open_own(attached->ids[(*i)++]);

		if (program >= 0)
			return program;
	}
	return -ENOENT;
}

/*
 * Attaches a program beside those of others, in the place of another one if replaced >= 0. Where
 * somebody has attached one that stands alone, it takes the place of that one.
 */
static int bpf_attach(int cgroup_fd, int program, int replaced, const struct attached *attached)
{
	bool alone = attached->len && !(attached->flags & BPF_F_ALLOW_MULTI);
	union bpf_attr attr = {
		.target_fd = (uint32_t)cgroup_fd,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = BPF_CGROUP_DEVICE,
		.attach_flags = alone ? attached->flags : BPF_F_ALLOW_MULTI,
	};

	if (replaced >= 0 && !alone) {
		attr.attach_flags |= BPF_F_REPLACE;
		attr.replace_bpf_fd = (uint32_t)replaced;
	}
	return bpf(BPF_PROG_ATTACH, &attr);
}

static int bpf_detach(int cgroup_fd, int program)
{
	union bpf_attr attr = {
		.target_fd = (uint32_t)cgroup_fd,
		.attach_bpf_fd = (uint32_t)program,
		.attach_type = BPF_CGROUP_DEVICE,
	};

	return bpf(BPF_PROG_DETACH, &attr);
}

/* Loads the rules and attaches them, in the place of the program replaced if that is >= 0. */
static int bpf_load_and_attach(const struct device_rules *rules, int cgroup_fd, int replaced,
			       const struct attached *attached)
{
	auto_close int program = bpf_load(rules);

	return program < 0 ? program : bpf_attach(cgroup_fd, program, replaced, attached);
}

int device_rules_attach(const struct device_rules *rules, int cgroup_fd, struct error *err)
{
	struct attached attached;
	uint32_t next = 0;
	int ret = bpf_query(cgroup_fd, &attached);

	if (ret >= 0 && !device_rules_allow_all(rules)) {
		auto_close int replaced = bpf_find_own(&attached, &next);

		ret = bpf_load_and_attach(rules, cgroup_fd, replaced, &attached);
	}
	while (ret >= 0) {
		auto_close int own = bpf_find_own(&attached, &next);

		if (own < 0)
			return 0;
		ret = bpf_detach(cgroup_fd, own);
		ret = ret == -ENOENT ? 0 : ret;
	}
	return error_errno(err, ret, "attach an eBPF program for device rules");
}
