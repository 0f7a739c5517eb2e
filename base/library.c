/* library.c - the program that is linked dynamically loads its libraries */
#include "base/library.h"

#include <dlfcn.h>
#include <errno.h>
#include <stddef.h>

void library_begin(char *const argv[])
{
	(void)argv;
}

void library_expect(void)
{
}

void *library_open(const char *name, struct error *err)
{
	void *library = dlopen(name, RTLD_NOW | RTLD_LOCAL);

	if (!library)
		error_set(err, ELIBACC, "%s", dlerror());
	return library;
}
