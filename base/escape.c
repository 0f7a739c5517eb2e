/* escape.c - text of others as a part of a line that it cannot end */
#include "base/escape.h"

#include <stdbool.h>
#include <stdint.h>

/* Return: the length of the character in UTF-8 that text begins with, 0 where it is none. */
static size_t utf8_read(const char *text, uint32_t *code)
{
	static const uint32_t least[] = { 0, 0, 0x80, 0x800, 0x10000 };
	unsigned char first = (unsigned char)*text;
	size_t len = first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t sum = len == 1 ? first : first & (0x7fU >> len);

	if ((first >= 0x80 && first < 0xc0) || first >= 0xf8)
		return 0;
	for (size_t i = 1; i < len; i++) {
		if (((unsigned char)text[i] & 0xc0) != 0x80)
			return 0;
		sum = sum << 6 | ((unsigned char)text[i] & 0x3f);
	}
	if (sum > 0x10ffff || (sum >= 0xd800 && sum < 0xe000) || (len > 1 && sum < least[len]))
		return 0;
	*code = sum;
	return len;
}

/* Terminals also take U+0080 to U+009F for the beginning of a sequence that moves the cursor. */
static bool is_control(uint32_t code)
{
	return code < 0x20 || (code >= 0x7f && code < 0xa0);
}

static void escape(struct buf *line, const char *text, bool json)
{
	while (*text) {
		uint32_t code = (unsigned char)*text;
		size_t len = utf8_read(text, &code);

		if (*text == '\n')
			buf_puts(line, "\\n");
		else if (!len && json)
			buf_puts(line, "\\ufffd");
		else if (!len || is_control(code))
			buf_printf(line, json ? "\\u%04x" : "\\x%02x", code);
		else if (json && (code == '"' || code == '\\'))
			buf_printf(line, "\\%c", *text);
		else
			buf_add(line, text, len);
		text += len ? len : 1;
	}
}

void escape_text(struct buf *line, const char *text)
{
	escape(line, text, false);
}

void escape_json(struct buf *line, const char *text)
{
	escape(line, text, true);
}
