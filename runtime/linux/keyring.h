/* keyring.h - session keyrings */
#pragma once
#include "base/error.h"

/*
 * Joins the session keyring of that name, which is made where there is none, session-keyring(7), so
 * that the keys of the caller's session stay out of the container. Keyrings are named per user
 * namespace and owned by the present user: call it in the container's, as its root.
 * A kernel without keyrings has nothing to hide: a warning.
 * Return: 0; -EDQUOT where the user has too many keys; or another -errno of keyctl(2).
 */
int keyring_join(const char *name, struct error *err);
