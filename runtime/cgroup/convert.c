/* convert.c - values of the specification, which thinks in v1, as cgroup files take them */
#include "runtime/cgroup/convert.h"

#include <errno.h>
#include <string.h>

bool convert_plain(int64_t value, struct buf *text)
{
	buf_printf(text, "%lld", (long long)value);
	return true;
}

bool convert_nonzero(int64_t value, struct buf *text)
{
	return value && convert_plain(value, text);
}

bool convert_max(int64_t value, struct buf *text)
{
	if (value >= 0)
		return convert_nonzero(value, text);
	buf_puts(text, "max");
	return true;
}

bool convert_pids(int64_t value, struct buf *text)
{
	/*
	 * pids.max of 0 refuses also the clone into the cgroup that makes the container's process.
	 * With 1 it is the same to the container: that process cannot fork.
	 */
	return value ? convert_max(value, text) : convert_plain(1, text);
}

/* Return: the logarithm to the base 2 of a number >= 1, bit by bit, so that libm is not needed. */
static double convert_log2(uint64_t number)
{
	int whole = 63 - __builtin_clzll(number);
	double rest = (double)number / (double)(1ull << whole), result = whole, bit = 1;

	for (int i = 0; i < 50; i++) {
		rest *= rest;
		bit /= 2;
		if (rest >= 2) {
			rest /= 2;
			result += bit;
		}
	}
	return result;
}

/* Return: 10 to the power of a number in 0 to 4, by its Taylor series. */
static double convert_exp10(double power)
{
	const double ln10 = 2.302585092994045684;
	double x = power * ln10, term = 1, sum = 1;

	for (int i = 1; i < 60; i++) {
		term *= x / i;
		sum += term;
	}
	return sum;
}

uint64_t convert_shares_to_weight(uint64_t shares)
{
	const uint64_t min = 2, max = 262144;
	double log, weight;

	if (shares <= min)
		return 1;
	if (shares >= max)
		return 10000;
	log = convert_log2(shares);
	weight = convert_exp10((log * log + 125 * log) / 612 - 7.0 / 34);
	/* Rounded up, but not for what is the error of the calculation: 1024 is 100. */
	return (uint64_t)(weight + 1 - 1e-9);
}

bool convert_shares(int64_t value, struct buf *text)
{
	return value && convert_plain((int64_t)convert_shares_to_weight((uint64_t)value), text);
}

uint64_t convert_nice_to_weight(int64_t nice)
{
	/* Those of the scheduler for -20 to 19, sched_prio_to_weight in kernel/sched/core.c. */
	static const unsigned int weights[] = {
		88761, 71755, 56483, 46273, 36291, 29154, 23254, 18705, 14949, 11916,
		9548,  7620,  6100,  4904,  3906,  3121,  2501,  1991,  1586,  1277,
		1024,  820,   655,   526,   423,   335,   272,   215,   172,   137,
		110,   87,    70,    56,    45,    36,    29,    23,    18,    15,
	};
	const unsigned int normal = 1024, usual = 100;

	if (nice < -20 || nice > 19)
		return 0;
	return (weights[nice + 20] * usual + normal / 2) / normal;
}

uint64_t convert_blkio_weight(uint16_t weight)
{
	return weight <= 10 ? 1 : 1 + (uint64_t)(weight - 10) * 9999 / 990;
}

int convert_swap(const struct spec_memory *memory, int64_t limit, struct buf *text,
		 struct error *err)
{
	int64_t swap = memory->swap ? *memory->swap : 0;

	/* Unlimited memory, and no word about swap: what v1 does with it is unlimited swap. */
	if (!swap && memory->limit && *memory->limit < 0)
		swap = -1;
	if (!swap)
		return 0;
	if (swap > 0 && !limit)
		return error_set(err, EINVAL,
				 "is memory and swap together and needs a memory limit");
	if (swap > 0 && limit > 0 && swap < limit)
		return error_set(err, EINVAL, "%lld is memory and swap together and must not be "
				 "below the memory limit %lld", (long long)swap, (long long)limit);
	if (swap > 0 && limit > 0)
		swap -= limit;
	if (swap < 0)
		buf_puts(text, "max");
	else
		convert_plain(swap, text);
	return 1;
}

bool convert_cpu_max(const struct spec_cpu *cpu, const char *current, struct buf *text)
{
	int64_t quota = cpu->quota ? *cpu->quota : 0;
	uint64_t period = cpu->period ? *cpu->period : 0;

	if (!quota && !period)
		return false;
	if (quota)
		convert_max(quota, text);
	else
		buf_add(text, current, strcspn(current, " \n"));
	/* The kernel keeps the period that it has when only the quota is written. */
	if (period)
		buf_printf(text, " %llu", (unsigned long long)period);
	return true;
}
