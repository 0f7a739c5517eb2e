/* path.h - paths as text: nothing here touches a file system */
#pragma once
#include <stdbool.h>

#include "base/arena.h"

/*
 * Resolves ".", ".." and repeated slashes lexically; ".." of the root is the root.
 * Return: an absolute path if the given one was, in the arena.
 */
char *path_clean(struct arena *arena, const char *path);

/* Return: name if it is absolute, else base/name; cleaned, in the arena. */
char *path_join(struct arena *arena, const char *base, const char *name);

/* Return: whether the cleaned path is base itself or lies below it. */
bool path_is_below(const char *path, const char *base);

/* Return: the part behind the last slash, within path. */
const char *path_basename(const char *path);

/* Return: whether one of the components is "..". */
bool path_has_dotdot(const char *path);
