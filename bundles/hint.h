/* hint.h - what the user can do about an errno */
#pragma once

/*
 * For the end of a message: ": free some space or choose another directory".
 * Return: a static text, "" where nothing useful is known.
 */
const char *hint_for(int num);
