/* user.h - becoming the container's user, and what is known about a user */
#pragma once
#include <stdbool.h>
#include <stdint.h>

#include "base/arena.h"
#include "base/error.h"
#include "spec/config.h"

enum { USER_UMASK_DEFAULT = 0022 };

/*
 * Changes the process to the user: supplementary groups, gid, uid (real, effective, saved) and the
 * umask (USER_UMASK_DEFAULT when absent). keep_groups leaves the supplementary groups as they are.
 * Where the user namespace forbids setgroups(2), none can be added: asking for some is an error,
 * asking for none keeps those of the caller, as the kernel wants it (user_namespaces(7)).
 * Capabilities are lost as credentials(7) says: caps_keep() before, caps_apply() after.
 * Return: 0, -EINVAL where an id has no mapping in the user namespace, -EPERM, or another -errno
 * of setgroups(2), setresgid(2), setresuid(2).
 */
int user_set(const struct spec_user *user, bool keep_groups, struct error *err);

/*
 * The home directory that /etc/passwd says; for the root directory that is the present one (after
 * pivot_root). A file that is missing, too large, malformed or not a regular file is as good as
 * none: "/". Return: 0; *home is in the arena.
 */
int user_find_home(uint32_t uid, struct arena *arena, const char **home, struct error *err);

/*
 * The same of a text, which is taken apart; NULL is an empty one.
 * Return: the absolute path in it, or NULL.
 */
const char *user_find_home_in(char *passwd, uint32_t uid);

/*
 * Reads UID[:GID] of exec --user; *gid is left as it was where none is given.
 * Return: 0, or -EINVAL with what is wrong.
 */
int user_parse(const char *text, uint32_t *uid, uint32_t *gid, struct error *err);
