/* unit_seccomp.h - an interpreter of filters */
#pragma once
#include <linux/filter.h>
#include <linux/seccomp.h>

#include "base/buf.h"
#include "tests/unit/unit.h"

enum { PASSED_ON = 0x12345 }; /* the program has ended without an answer */

static inline bool seccomp_jumps(const struct sock_filter *at, uint32_t a)
{
	switch (BPF_OP(at->code)) {
	case BPF_JEQ:
		return a == at->k;
	case BPF_JGT:
		return a > at->k;
	case BPF_JGE:
		return a >= at->k;
	case BPF_JSET:
		return a & at->k;
	default:
		fail_msg("jump %#x", at->code);
		return false;
	}
}

/* The part of classic BPF that filters are made of. *looks_further: than at the number. */
static inline uint32_t seccomp_follow(const struct buf *program, const struct seccomp_data *data,
				      bool *looks_further)
{
	const struct sock_filter *code = (const struct sock_filter *)program->data;
	size_t len = program->len / sizeof(*code);
	uint32_t a = 0;

	*looks_further = false;
	for (size_t i = 0; i < len; i++) {
		const struct sock_filter *at = &code[i];

		if (at->code == (BPF_RET | BPF_K))
			return at->k;
		if (at->code == (BPF_LD | BPF_W | BPF_ABS)) {
			*looks_further |= at->k > offsetof(struct seccomp_data, arch);
			memcpy(&a, (const char *)data + at->k, sizeof(a));
		} else if (at->code == (BPF_ALU | BPF_AND | BPF_K)) {
			a &= at->k;
		} else if (at->code == (BPF_JMP | BPF_JA)) {
			i += at->k;
		} else if (BPF_CLASS(at->code) == BPF_JMP) {
			i += seccomp_jumps(at, a) ? at->jt : at->jf;
		} else {
			fail_msg("instruction %#x", at->code);
		}
	}
	return PASSED_ON;
}

static inline uint32_t seccomp_run(const struct buf *program, const struct seccomp_data *data)
{
	bool looks_further;

	return seccomp_follow(program, data, &looks_further);
}
