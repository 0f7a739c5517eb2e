/* uts.h - the names that uname(2) tells */
#pragma once
#include "base/error.h"

/* Return: 0; -EINVAL above 64 bytes; or -errno of sethostname(2), setdomainname(2). */
int uts_set_hostname(const char *name, struct error *err);
int uts_set_domainname(const char *name, struct error *err);
