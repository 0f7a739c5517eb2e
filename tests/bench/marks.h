/* marks.h - checkpoints of floor.c, in the build with -DFLOOR_TIMINGS that prints them */
#pragma once
#include <stdint.h>
#include <sys/mman.h>
#include <time.h>

#include "tests/bench/raw.h"

#ifdef FLOOR_TIMINGS
#define MARKS_MAX 96

struct mark { const char *name; uint64_t at; };

static struct mark *marks; /* shared with the container's process */
static unsigned int *marks_len;

static uint64_t now(void)
{
	struct timespec t;

	call(SYS_clock_gettime, CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * 1000000000u + (uint64_t)t.tv_nsec;
}

#define MARK(label) (marks[(*marks_len)++] = (struct mark){ label, now() })

static uint32_t samples[MARKS_MAX][4096];

static uint32_t mean(const uint32_t *values, size_t len)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < len; i++)
		sum += values[i];
	return (uint32_t)(sum / len);
}

static uint32_t median(uint32_t *values, size_t len)
{
	for (size_t i = 1; i < len; i++)
		for (size_t j = i; j && values[j - 1] > values[j]; j--) {
			uint32_t swap = values[j];

			values[j] = values[j - 1];
			values[j - 1] = swap;
		}
	return values[len / 2];
}

static int marks_run(unsigned int rounds, int (*run)(const char *bundle, const char *const *args),
		     const char *bundle, const char *const *args)
{
	char line[128], *end;
	int status = 0;

	marks = (void *)call6(SYS_mmap, 0, 65536, PROT_READ | PROT_WRITE,
			      MAP_SHARED | MAP_ANONYMOUS | MAP_POPULATE, -1, 0);
	marks_len = (unsigned int *)(marks + MARKS_MAX);
	for (unsigned int r = 0; r < rounds && !status; r++) {
		*marks_len = 0;
		status = run(bundle, args);
		for (unsigned int i = 1; i < *marks_len; i++)
			samples[i][r] = (uint32_t)(marks[i].at - marks[i - 1].at);
		samples[0][r] = (uint32_t)(marks[*marks_len - 1].at - marks[0].at);
	}
	for (unsigned int i = 0; i < *marks_len; i++) {
		uint32_t ns = median(samples[i], rounds), average = mean(samples[i], rounds);

		end = append_number(line, ns / 1000);
		end = append_number(append(end, "."), ns / 100 % 10);
		end = append_number(append(end, "\t"), average / 1000);
		append(append(append(end, "\t"), i ? marks[i].name : "all"), "\n");
		call(SYS_write, 1, line, length(line));
	}
	return status;
}
#else
#define MARK(label) ((void)0)
#endif
