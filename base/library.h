/* library.h - shared libraries that few commands need, and what stands in for them */
#pragma once
#include "base/error.h"

/*
 * gocker is linked statically, where that can be: its start costs a fifth then. Such a program can
 * load no library. Another one that can, gocker-dynamic, is beside it or in pkglibexecdir, and goes
 * on with the command from its beginning. So a command asks early for what it will need, before
 * it has made anything: library_begin is told its words, library_open does the rest.
 */

/* Before the words are read. They stay the caller's. */
void library_begin(char *const argv[]);

/* As library_open, for a command that may need one after it has read what cannot be read twice. */
void library_expect(void);

/*
 * Loads the shared library. In the static program it does not return, but where the other program
 * cannot be executed.
 * Return: the library's handle, for dlsym(3), which is never given back; NULL with err, ELIBACC.
 */
void *library_open(const char *name, struct error *err);
