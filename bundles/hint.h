/* hint.h - what the user can do about an errno */
#pragma once
#include "base/error.h"

/*
 * As error_errno, with a hint behind it where one is known:
 * "make "x": no space left on device: free some space or choose another directory". Return: -num.
 */
int hint_errno(struct error *err, int num, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));
