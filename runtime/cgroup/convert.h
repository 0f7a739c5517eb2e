/* convert.h - values of the specification, which thinks in v1, as cgroup files take them */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/error.h"
#include "spec/config.h"

/* Each adds the text for the file to an empty buf. Return: false: the value means "not set". */
bool convert_plain(int64_t value, struct buf *text);
bool convert_nonzero(int64_t value, struct buf *text); /* 0: not set */
bool convert_max(int64_t value, struct buf *text);     /* 0: not set, below 0: "max" */
bool convert_pids(int64_t value, struct buf *text);    /* below 0: "max", 0: "1" */
bool convert_shares(int64_t value, struct buf *text);  /* cpu.weight from cpu.shares */

/*
 * Shares (2 to 262144, default 1024) as weight (1 to 10000, default 100): the curve through these
 * three points that runc and crun use since 2025. Values outside are clipped. Return: the weight.
 */
uint64_t convert_shares_to_weight(uint64_t shares);

/* cpu.weight from cpu.weight.nice. Return: the weight; 0: there is no such nice value. */
uint64_t convert_nice_to_weight(int64_t nice);

/* A blkio weight (10 to 1000) as io.weight (1 to 10000). Return: the weight. */
uint64_t convert_blkio_weight(uint16_t weight);

/*
 * memory.swap.max: the specification's swap is memory and swap together, v2's is swap alone. limit
 * is the memory limit that holds, -1 for none, 0 where it is unknown.
 * Return: 1: text is to be written; 0: not set; -EINVAL where swap does not fit the limit.
 */
int convert_swap(const struct spec_memory *memory, int64_t limit, struct buf *text,
		 struct error *err);

/*
 * cpu.max: "quota period". Absent parts keep what current (the file's content, "max 100000") has.
 * Return: false: neither is set.
 */
bool convert_cpu_max(const struct spec_cpu *cpu, const char *current, struct buf *text);
