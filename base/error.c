/* error.c - one failure, told by who saw it and placed by who knows more */
#include "base/error.h"

#include <ctype.h>
#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

static const char cut_mark[] = "...";

/* A message that is cut says so; its cause, behind the place, is what is worth keeping least. */
static void mark_cut(struct error *err, int wanted)
{
	if (wanted >= (int)sizeof(err->text))
		strcpy(err->text + sizeof(err->text) - sizeof(cut_mark), cut_mark);
}

/* Only numbers that the kernel would return: the other side of a socket may send any. */
static int positive_errno(int num)
{
	enum { ERRNO_MAX = 4095 };

	if (num > 0 && num <= ERRNO_MAX)
		return num;
	return num < 0 && num >= -ERRNO_MAX ? -num : EIO;
}

/* Return: -num. */
static int write_message(struct error *err, int num, const char *fmt, va_list args)
{
	err->num = positive_errno(num);
	mark_cut(err, vsnprintf(err->text, sizeof(err->text), fmt, args));
	return -err->num;
}

int error_set(struct error *err, int num, const char *fmt, ...)
{
	va_list args;

	if (!err)
		return -positive_errno(num);
	va_start(args, fmt);
	num = write_message(err, num, fmt, args);
	va_end(args);
	return num;
}

const char *error_name(int num, char name[ERROR_NAME_SIZE])
{
	snprintf(name, ERROR_NAME_SIZE, "%s", strerror(positive_errno(num)));
	/* "No such file" but not "RFS specific error". */
	if (isupper((unsigned char)name[0]) && !isupper((unsigned char)name[1]))
		name[0] = (char)tolower((unsigned char)name[0]);
	return name;
}

int error_errno(struct error *err, int num, const char *fmt, ...)
{
	char name[ERROR_NAME_SIZE];
	va_list args;
	size_t len;

	if (!err)
		return -positive_errno(num);
	va_start(args, fmt);
	num = write_message(err, num, fmt, args);
	va_end(args);
	len = strlen(err->text);
	mark_cut(err, (int)len + snprintf(err->text + len, sizeof(err->text) - len, ": %s",
					  error_name(num, name)));
	return num;
}

int error_context(struct error *err, const char *fmt, ...)
{
	char cause[sizeof(err->text)];
	va_list args;
	size_t len;

	if (!err)
		return -EIO;
	/* A failure that nobody described is one still. */
	if (!err->num)
		error_set(err, EIO, "it failed without a reason given");
	memcpy(cause, err->text, sizeof(cause));
	va_start(args, fmt);
	vsnprintf(err->text, sizeof(err->text), fmt, args);
	va_end(args);
	len = strlen(err->text);
	mark_cut(err, (int)len + snprintf(err->text + len, sizeof(err->text) - len, ": %s", cause));
	return -err->num;
}
