/* userns_hint.h - what on a host keeps users from user namespaces, or from using them */
#pragma once
#include "base/error.h"

/* Return: a sentence on why the kernel may have refused to make one; it names the setting. */
const char *userns_hint(void);

/*
 * Puts behind the message why a process in a new user namespace lacks its rights, where AppArmor
 * is set to take them.
 */
void userns_hint_powerless(struct error *err);
