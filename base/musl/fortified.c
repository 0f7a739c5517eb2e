/* fortified.c - what archives call that were compiled for glibc with _FORTIFY_SOURCE */
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

/*
 * The distribution's archives of yajl, libseccomp, libcap and libnftnl are compiled for glibc. All
 * else that they call is in both libraries, with the same binary interface; of these functions,
 * which know the size of the object that they write to, musl has none (Linux Standard Base 5.0,
 * "Interfaces for libc").
 */
int __snprintf_chk(char *text, size_t len, int flag, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 5, 6)));
int __sprintf_chk(char *text, int flag, size_t size, const char *fmt, ...)
	__attribute__((format(printf, 4, 5)));
int __asprintf_chk(char **text, int flag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
int __fprintf_chk(FILE *file, int flag, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

int __snprintf_chk(char *text, size_t len, int flag, size_t size, const char *fmt, ...)
{
	va_list args;
	int r;

	(void)flag;
	if (len > size)
		abort();
	va_start(args, fmt);
	r = vsnprintf(text, len, fmt, args);
	va_end(args);
	return r;
}

int __sprintf_chk(char *text, int flag, size_t size, const char *fmt, ...)
{
	va_list args;
	int r;

	(void)flag;
	va_start(args, fmt);
	/* One that the compiler did not know is the largest there is, which vsnprintf refuses. */
	r = vsnprintf(text, size < INT_MAX ? size : INT_MAX, fmt, args);
	va_end(args);
	if (r >= 0 && (size_t)r >= size)
		abort();
	return r;
}

int __asprintf_chk(char **text, int flag, const char *fmt, ...)
{
	va_list args;
	int r;

	(void)flag;
	va_start(args, fmt);
	r = vasprintf(text, fmt, args);
	va_end(args);
	return r;
}

int __fprintf_chk(FILE *file, int flag, const char *fmt, ...)
{
	va_list args;
	int r;

	(void)flag;
	va_start(args, fmt);
	r = vfprintf(file, fmt, args);
	va_end(args);
	return r;
}
