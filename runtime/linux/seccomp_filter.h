/* seccomp_filter.h - a filter for system calls: what the kernel loads, and the loading */
#pragma once
#include <linux/filter.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/buf.h"
#include "base/error.h"
#include "spec/config.h"

/* A program of classic BPF as the kernel takes it, bpf(4), and the flags of seccomp(2). */
struct seccomp_filter {
	struct buf program; /* instructions: struct sock_filter */
	unsigned int flags;
	bool has_listener;  /* some calls are answered by an agent, which gets the listener */
	bool may_silence;   /* after the loading, sendmsg(2) may not get through */
};

/* Adds one instruction to a program; add_load: of a word in struct seccomp_data. */
void seccomp_filter_add(struct buf *program, uint16_t code, uint8_t if_true, uint8_t if_false,
			uint32_t value);
void seccomp_filter_add_load(struct buf *program, size_t offset);

/* Return: how many instructions a program has. */
size_t seccomp_filter_len(const struct buf *program);

/*
 * Fills in all but the program: flags, which default to SPEC_ALLOW as other runtimes have it, and
 * what follows from the actions. TSYNC is for threads, which nobody here has.
 * Return: 0, or -EINVAL for a flag that this kernel does not know.
 */
int seccomp_filter_plan(const struct spec_seccomp *profile, struct seccomp_filter *filter,
			struct error *err);

/*
 * Loads the filter for this process. Without no_new_privs that needs CAP_SYS_ADMIN. Where the
 * filter may stand between this process and the runtime, fd_send, fd_receive and fd_close carry a
 * token from now on that the filter lets through; it is random and gone with the next execve(2).
 * Memory is taken from the arena, and never given back: that could need a system call.
 * *listener is the descriptor for the agent, close-on-exec, or -1.
 * Return: 0 or -errno of seccomp(2).
 */
int seccomp_filter_load(const struct seccomp_filter *filter, struct arena *arena, int *listener,
			struct error *err);

/* Return: whether the kernel knows this flag of seccomp(2), a SECCOMP_FILTER_FLAG_*. */
bool seccomp_filter_knows_flag(unsigned int flag);
