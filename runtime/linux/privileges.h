/* privileges.h - no new privileges by execve */
#pragma once
#include "base/error.h"

/* Sets PR_SET_NO_NEW_PRIVS, which cannot be undone. Return: 0 or -errno of prctl(2). */
int privileges_forbid_new(struct error *err);
