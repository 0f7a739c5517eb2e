/* lines.h - texts of lines */
#pragma once
#include <stddef.h>

/* Return: how many, with what stands behind the last newline, be it nothing; 1 for NULL. */
size_t lines_count(const char *text);
