/* number.h - numbers as text: strict, whole, never wrapped */
#pragma once
#include <stdint.h>

/*
 * Decimal digits only (an optional '-' for the signed form): no blanks, no '+', no "0x", nothing
 * behind. Return: 0; -EINVAL where it is no number; -ERANGE where it does not fit or is above max.
 */
int number_parse_u64(const char *text, uint64_t max, uint64_t *value);
int number_parse_i64(const char *text, int64_t *value);

/* As number_parse_u64, from min on and without leading zeros, so that each has one way to be
 * written. */
int number_parse_between(const char *text, uint64_t min, uint64_t max, uint64_t *value);

/*
 * A user or group id: 0 to 4294967294; 4294967295 is "no id" to the kernel (setresuid(2)).
 * Return: 0, -EINVAL, -ERANGE.
 */
int number_parse_id(const char *text, uint32_t *id);

/*
 * A size in bytes: digits with an optional unit b, k, m, g, t, p in either case, also written KB or
 * KiB (1024 each), and -1 for "unlimited". Return: 0, -EINVAL, -ERANGE.
 */
int number_parse_size(const char *text, int64_t *bytes);
