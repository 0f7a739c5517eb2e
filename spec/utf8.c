/* utf8.c - whether bytes are characters (RFC 3629) */
#include "spec/utf8.h"

#include <stdint.h>
#include <string.h>

/* By first byte: how long the character is, and what the second byte may be. */
static const struct {
	unsigned char first, last, len, second_min, second_max;
} forms[] = {
	{ 0x00, 0x7f, 1, 0x00, 0x00 },
	{ 0xc2, 0xdf, 2, 0x80, 0xbf },
	{ 0xe0, 0xe0, 3, 0xa0, 0xbf },
	{ 0xe1, 0xec, 3, 0x80, 0xbf },
	{ 0xed, 0xed, 3, 0x80, 0x9f },
	{ 0xee, 0xef, 3, 0x80, 0xbf },
	{ 0xf0, 0xf0, 4, 0x90, 0xbf },
	{ 0xf1, 0xf3, 4, 0x80, 0xbf },
	{ 0xf4, 0xf4, 4, 0x80, 0x8f },
};

size_t utf8_character_len(const char *text, size_t len)
{
	const unsigned char *bytes = (const unsigned char *)text;
	size_t form = 0;

	while (form < sizeof(forms) / sizeof(forms[0]) && bytes[0] > forms[form].last)
		form++;
	if (form == sizeof(forms) / sizeof(forms[0]) || bytes[0] < forms[form].first ||
	    forms[form].len > len)
		return 0;
	if (forms[form].len > 1 &&
	    (bytes[1] < forms[form].second_min || bytes[1] > forms[form].second_max))
		return 0;
	for (size_t i = 2; i < forms[form].len; i++)
		if ((bytes[i] & 0xc0) != 0x80)
			return 0;
	return forms[form].len;
}

size_t utf8_valid_len(const char *text, size_t len)
{
	size_t at = 0;

	while (at < len) {
		uint64_t word;
		size_t step;

		/* Eight bytes of ASCII at once: nearly every document is nothing else. */
		if (len - at >= sizeof(word)) {
			memcpy(&word, text + at, sizeof(word));
			if (!(word & UINT64_C(0x8080808080808080))) {
				at += sizeof(word);
				continue;
			}
		}
		step = utf8_character_len(text + at, len - at);
		if (!step)
			break;
		at += step;
	}
	return at;
}
