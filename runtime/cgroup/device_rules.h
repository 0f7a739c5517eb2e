/* device_rules.h - which devices the processes of a cgroup may open and make */
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "spec/config.h"

enum {
	DEVICE_MKNOD = 1, /* the values of BPF_DEVCG_ACC_* */
	DEVICE_READ = 2,
	DEVICE_WRITE = 4,
	DEVICE_ALL = 7,
	DEVICE_BLOCK = 1, /* the values of BPF_DEVCG_DEV_* */
	DEVICE_CHAR = 2,
};

struct device_rule {
	bool allow;
	uint8_t types;  /* DEVICE_BLOCK | DEVICE_CHAR */
	uint8_t access; /* DEVICE_MKNOD | DEVICE_READ | DEVICE_WRITE */
	int64_t index;  /* in config.json, -1: of every container */
	int64_t major, minor; /* -1: any */
};

/* In order: for each kind of access the last rule that matches decides; none: denied. */
struct device_rules {
	struct device_rule *rules;
	size_t len;
};

/*
 * Reads the rules of config.json and puts those of every container behind them; what these override
 * anyway is left out.
 * Return: 0, or -EINVAL with the place in err.
 */
int device_rules_read(const struct spec_device_rule *spec, size_t len, struct arena *arena,
		      struct device_rules *rules, struct error *err);

/* Return: whether the rule is about every access to every device. */
bool device_rule_is_total(const struct device_rule *rule);

/* Return: whether no access is denied. */
bool device_rules_allow_all(const struct device_rules *rules);

/*
 * The same rules for v1, which knows one default and exceptions from it without an order. *allow is
 * the default; the result's rules are the exceptions, each for one type.
 * Return: 0, or -EOPNOTSUPP where a rule makes an exception from an exception.
 */
int device_rules_flatten(const struct device_rules *rules, struct arena *arena, bool *allow,
			 struct device_rules *exceptions, struct error *err);

/*
 * Reads v1's devices.list as exceptions from a default that denies; takes list apart.
 * Return: 0; -ENODATA where it says that the default allows.
 */
int device_rules_v1_parse(char *list, struct arena *arena, struct device_rules *exceptions);

struct bpf_insn;

/*
 * The same rules as an eBPF program of type BPF_PROG_TYPE_CGROUP_DEVICE, in the arena.
 * Return: how many instructions.
 */
size_t device_rules_compile(const struct device_rules *rules, struct arena *arena,
			    struct bpf_insn **program);

/*
 * Loads the program and attaches it to a v2 directory in the place of the one that an earlier call
 * has attached, in one step. Programs of others stay: all must agree.
 * Return: 0, or -errno of bpf(2).
 */
int device_rules_attach(const struct device_rules *rules, int cgroup_fd, struct error *err);
