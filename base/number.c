/* number.c - numbers as text: strict, whole, never wrapped */
#include "base/number.h"

#include <errno.h>
#include <stdbool.h>
#include <string.h>
#include <strings.h>

/* Reads digits up to the first other character. Return: how many there were, or -ERANGE. */
static int read_digits(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t sum = 0;
	int len = 0;

	for (; text[len] >= '0' && text[len] <= '9'; len++) {
		uint64_t digit = (uint64_t)(text[len] - '0');

		if (sum > (max - digit) / 10 || digit > max)
			return -ERANGE;
		sum = sum * 10 + digit;
	}
	*value = sum;
	return len;
}

int number_parse_u64(const char *text, uint64_t max, uint64_t *value)
{
	uint64_t sum;
	int len = read_digits(text, max, &sum);

	/* What is no number at all is told from one that is too large. */
	if (!text[0] || text[strspn(text, "0123456789")])
		return -EINVAL;
	if (len < 0)
		return len;
	*value = sum;
	return 0;
}

int number_parse_i64(const char *text, int64_t *value)
{
	bool negative = *text == '-';
	uint64_t sum;
	int r = number_parse_u64(text + negative, (uint64_t)INT64_MAX + negative, &sum);

	if (r < 0)
		return r;
	*value = negative ? (int64_t)-sum : (int64_t)sum;
	return 0;
}

int number_parse_between(const char *text, uint64_t min, uint64_t max, uint64_t *value)
{
	uint64_t read;
	int r = number_parse_u64(text, max, &read);

	if (r < 0)
		return r;
	if (text[0] == '0' && text[1])
		return -EINVAL;
	if (read < min)
		return -ERANGE;
	*value = read;
	return 0;
}

int number_parse_id(const char *text, uint32_t *id)
{
	uint64_t value;
	int r = number_parse_u64(text, UINT32_MAX - 1, &value);

	if (r < 0)
		return r;
	*id = (uint32_t)value;
	return 0;
}

int number_parse_size(const char *text, int64_t *bytes)
{
	static const char units[] = "bkmgtp";
	uint64_t value;
	const char *unit;
	unsigned int shift;
	int len;

	if (!strcmp(text, "-1")) {
		*bytes = -1;
		return 0;
	}
	len = read_digits(text, INT64_MAX, &value);
	if (len <= 0)
		return len ? len : -EINVAL;
	text += len;
	if (!*text) {
		*bytes = (int64_t)value;
		return 0;
	}
	unit = strchr(units, *text | 0x20);
	if (!unit || !*unit)
		return -EINVAL;
	text++;
	if (unit != units && *text && strcasecmp(text, "b") && strcasecmp(text, "ib"))
		return -EINVAL;
	if (unit == units && *text)
		return -EINVAL;
	shift = (unsigned int)(unit - units) * 10;
	if (value > (uint64_t)INT64_MAX >> shift)
		return -ERANGE;
	*bytes = (int64_t)(value << shift);
	return 0;
}
