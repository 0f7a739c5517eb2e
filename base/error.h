/* error.h - one failure, told by who saw it and placed by who knows more */
#pragma once

/*
 * Lives on the stack of the caller that will report it and is passed down as the last argument.
 * Functions return >= 0 or -errno; whoever sees a failure first writes it here, every level that
 * adds meaning puts its context in front. Only runtime/cli and the mains print. A message
 * that is longer than its room is cut in quotes, and then in the middle.
 */
struct error {
	int num; /* errno, positive; 0: nothing was written */
	char text[2048];
};

/* Writes the message. num is an errno of either sign. err may be NULL. Return: -num. */
int error_set(struct error *err, int num, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

enum { ERROR_NAME_SIZE = 64 };

/*
 * What glibc's strerror(3) says, whatever the C library, beginning in lower case: higher-level
 * tools match the words of Go programs ("no such file or directory"). num is an errno of either
 * sign. Return: name.
 */
const char *error_name(int num, char name[ERROR_NAME_SIZE]);

/* As error_set, with ": " and error_name(num) behind the message. Return: -num. */
int error_errno(struct error *err, int num, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

/*
 * Puts the context and ": " in front of what was written.
 * Return: -err->num; -EIO where err is NULL or nothing was written.
 */
int error_context(struct error *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
