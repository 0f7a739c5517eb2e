/* seccomp_compile.h - from a seccomp profile to a program for the kernel, by libseccomp */
#pragma once
#include "base/buf.h"
#include "base/error.h"
#include "spec/config.h"

/*
 * Adds the program to an empty buf. The native architecture is always there. Calls that libseccomp
 * has no name of are left out, or refused if is_strict; rules that say what the default action says
 * are left out, too. Of several
 * conditions on one argument each makes a rule of its own: any of them is enough, as runc has it.
 * Return: 0; -EINVAL with the place below /linux/seccomp; -errno of libseccomp.
 */
int seccomp_compile(const struct spec_seccomp *profile, bool is_strict, struct buf *program,
		    struct error *err);

enum { SECCOMP_VERSION_SIZE = 32 };

/* Writes the version of libseccomp, "2.5.4". */
void seccomp_compile_version(char version[SECCOMP_VERSION_SIZE]);

/* Return: whether libseccomp has this architecture, "SCMP_ARCH_ARM" ... */
bool seccomp_compile_has_architecture(const char *name);
