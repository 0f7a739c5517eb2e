/* top_screen.h - the terminal that `top` draws on: what it can, its size, its modes */
#pragma once
#include <stdbool.h>
#include <termios.h>

#include "base/error.h"

struct top_screen {
	bool is_terminal; /* standard output is one that knows escape sequences */
	bool colour;      /* and nobody has set NO_COLOR, no-color.org */
	bool utf8;        /* the locale's characters are in UTF-8 */
	int width, height;
	bool is_entered, is_raw;
	struct termios saved;
};

/* Finds out what standard output is. */
void top_screen_look(struct top_screen *screen);

/* Asks for the size; 80 times 24 where the terminal does not know it. */
void top_screen_measure(struct top_screen *screen);

/*
 * Takes the whole screen, without cursor, and keys as they are pressed where standard input is a
 * terminal; what was on it comes back with top_screen_leave. Return: 0 or -errno.
 */
int top_screen_enter(struct top_screen *screen, struct error *err);

/* Everything is as it was; nothing where it was not entered. Says nothing. */
void top_screen_leave(struct top_screen *screen);
