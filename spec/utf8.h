/* utf8.h - whether bytes are characters (RFC 3629) */
#pragma once
#include <stddef.h>

/*
 * Return: how many of the len bytes at text make the first character, 0 where they make none:
 * overlong forms, surrogates and what is above U+10FFFF are none.
 */
size_t utf8_character_len(const char *text, size_t len);

/* Return: how many bytes of text are whole characters: len, or where the first wrong one is. */
size_t utf8_valid_len(const char *text, size_t len);
