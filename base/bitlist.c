/* bitlist.c - sets of small numbers, written as the kernel writes cpus and nodes: "0-3,7" */
#include "base/bitlist.h"

#include <errno.h>
#include <limits.h>
#include <stdbool.h>
#include <string.h>

enum { WORD_BITS = 8 * sizeof(unsigned long) };

struct range {
	unsigned int first, last;
};

/* A number that is too large becomes another that is. Return: whether there are digits. */
static bool read_number(const char **at, unsigned int *number)
{
	const char *start = *at;
	unsigned int sum = 0;

	for (; **at >= '0' && **at <= '9'; (*at)++)
		if (sum < BITLIST_MAX)
			sum = sum * 10 + (unsigned int)(**at - '0');
	*number = sum;
	return *at != start;
}

/* Reads "3" or "0-3" with blanks around, up to the comma or the end. Return: whether it is one. */
static bool read_range(const char **at, struct range *range)
{
	if (!read_number(at, &range->first))
		return false;
	range->last = range->first;
	if (**at == '-') {
		(*at)++;
		if (!read_number(at, &range->last) || range->last < range->first)
			return false;
	}
	*at += strspn(*at, " ");
	return !**at || **at == ',';
}

/* Word by word: a hostile list has all numbers many times. */
static void add_range(struct bitlist *list, const struct range *range)
{
	for (unsigned int n = range->first, len; n <= range->last; n += len) {
		unsigned long *word = &list->words[n / WORD_BITS], bits;

		len = WORD_BITS - n % WORD_BITS;
		if (len > range->last - n + 1)
			len = range->last - n + 1;
		bits = ULONG_MAX >> (WORD_BITS - len) << n % WORD_BITS;
		list->count += (unsigned int)__builtin_popcountl(bits & ~*word);
		*word |= bits;
	}
	if (list->len <= range->last)
		list->len = range->last + 1;
}

static int fail(const char *text, struct error *err)
{
	return error_set(err, EINVAL,
			 "must be numbers and ranges such as \"0-3,7\", not \"%.100s\"", text);
}

int bitlist_parse(const char *text, struct bitlist *list, struct error *err)
{
	struct bitlist parsed = { 0 };
	struct range range;

	for (const char *at = text + strspn(text, ", "); *at; at += strspn(at, ", ")) {
		if (!read_range(&at, &range))
			return fail(text, err);
		if (range.last >= BITLIST_MAX)
			return error_set(err, ERANGE, "numbers must be below %d: \"%.100s\"",
					 BITLIST_MAX, text);
		add_range(&parsed, &range);
	}
	if (!parsed.count)
		return fail(text, err);
	*list = parsed;
	return 0;
}
