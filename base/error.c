/* error.c - one failure, told by who saw it and placed by who knows more */
#include "base/error.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"

enum {
	QUOTED_MAX = 256, /* of a text in quotes, where the message has no room for all of it */
	TAIL_MAX = 512,   /* of a message that is too long even so: the cause stands at its end */
};

static const char cut_mark[] = "...";

/* Return: len, or less, so that no character of UTF-8 is cut in two. */
static size_t whole_characters(const char *text, size_t len)
{
	size_t less = len;

	while (less && ((unsigned char)text[less] & 0xc0) == 0x80)
		less--;
	return less ? less : len;
}

/* What the user wrote may be longer than any message: its beginning tells enough. */
static void cut_quoted(const char *text, struct buf *out)
{
	for (const char *end; *text; text = end) {
		size_t len, kept;

		end = strchrnul(text + 1, '"');
		if (*text != '"' || !*end) {
			buf_add(out, text, (size_t)(end - text));
			continue;
		}
		len = kept = (size_t)(end - text);
		if (len > QUOTED_MAX)
			kept = whole_characters(text, QUOTED_MAX);
		buf_add(out, text, kept);
		buf_puts(out, kept < len ? cut_mark : "");
		buf_puts(out, "\"");
		end++;
	}
}

/* The place stands at the beginning, the cause at the end: what is in between is missed least. */
static void cut_middle(const char *text, size_t len, char *out, size_t size)
{
	size_t head = whole_characters(text, size - TAIL_MAX - strlen(cut_mark));
	const char *tail = text + len - TAIL_MAX + 1;

	while (((unsigned char)*tail & 0xc0) == 0x80)
		tail++;
	snprintf(out, size, "%.*s%s%s", (int)head, text, cut_mark, tail);
}

static void write_cut(struct error *err, const char *text)
{
	auto_buf struct buf cut = { 0 };

	buf_puts(&cut, "");
	cut_quoted(text, &cut);
	if (cut.len < sizeof(err->text))
		memcpy(err->text, cut.data, cut.len + 1);
	else
		cut_middle(cut.data, cut.len, err->text, sizeof(err->text));
}

/* Only numbers that the kernel would return: the other side of a socket may send any. */
static int positive_errno(int num)
{
	enum { ERRNO_MAX = 4095 };

	if (num > 0 && num <= ERRNO_MAX)
		return num;
	return num < 0 && num >= -ERRNO_MAX ? -num : EIO;
}

/* Writes the message and what comes behind it. Return: -num. */
static int write_message(struct error *err, int num, const char *rest, const char *fmt,
			 va_list args)
{
	char *whole = NULL;
	va_list again;
	int len;

	va_copy(again, args);
	len = vsnprintf(err->text, sizeof(err->text), fmt, args);
	if (len < 0)
		len = 0;
	if ((size_t)len + strlen(rest) < sizeof(err->text)) {
		strcpy(err->text + len, rest);
	} else if (vasprintf(&whole, fmt, again) >= 0) {
		auto_buf struct buf text = { .data = whole, .len = (size_t)len,
					     .capacity = (size_t)len + 1 };

		buf_puts(&text, rest);
		write_cut(err, text.data);
	}
	va_end(again);
	err->num = positive_errno(num);
	return -err->num;
}

int error_set(struct error *err, int num, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return -positive_errno(num);
	va_start(args, fmt);
	num = write_message(err, num, "", fmt, args);
	va_end(args);
	return num;
}

int error_errno(struct error *err, int num, const char *fmt, ...)
{
	char reason[ERROR_NAME_SIZE + 2] = ": ";
	va_list args;

	if (!err)
		return -positive_errno(num);
	error_name(num, reason + 2);
	va_start(args, fmt);
	num = write_message(err, num, reason, fmt, args);
	va_end(args);
	return num;
}

int error_context(struct error *err, const char *fmt, ...)
{
	char cause[2 + sizeof(err->text)];
	va_list args;
	int num;

	if (!err)
		return -EIO;
	/* A failure that nobody described is one still. */
	if (!err->num)
		error_set(err, EIO, "it failed without a reason given");
	snprintf(cause, sizeof(cause), ": %s", err->text);
	va_start(args, fmt);
	num = write_message(err, err->num, cause, fmt, args);
	va_end(args);
	return num;
}
